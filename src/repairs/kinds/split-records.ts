/** Gives each of several entries that stand on one line a line of its own. */
import { mendingOutline } from "../transcript/in-place.ts";
import { isOurs } from "../transcript/place.ts";
import type { Repair } from "../repair.ts";

const TITLE = "Give each entry a line of its own";

export const splitRecords: Repair = {
  id: "split-records",
  title: TITLE,
  does: "Puts a line break between entries that stand on one line, where each of them is whole.",
  never: "It changes no byte of an entry, and no other line.",
  codes: ["transcript/joined-records"],
  appliesTo: isOurs,
  outline: (input) =>
    mendingOutline(input, ["joined"], {
      title: TITLE,
      beside: "cut-entries",
      why: "The same transcript with each entry on a line of its own.",
      nothing: "No line holds several entries (any more).",
    }),
};
