/** Takes leftovers of streaming out of tool calls. */
import { mendingOutline } from "../transcript/in-place.ts";
import { isOurs } from "../transcript/place.ts";
import type { Repair } from "../repair.ts";

const TITLE = "Drop the leftover partialJson";

export const dropPartialJson: Repair = {
  id: "drop-partial-json",
  title: TITLE,
  does: "Takes the property `partialJson` out of tool calls: a leftover of streaming, beside the call's whole `arguments`.",
  never: "It changes nothing else of the call, and no other line.",
  codes: ["transcript/partial-json"],
  appliesTo: isOurs,
  outline: (input) =>
    mendingOutline(input, ["partial"], {
      title: TITLE,
      beside: "cut-entries",
      why: "The same transcript without the leftovers.",
      nothing: "No tool call holds a leftover partialJson (any more).",
    }),
};
