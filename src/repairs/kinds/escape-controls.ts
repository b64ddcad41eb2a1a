/** Escapes control characters that stand raw inside strings. */
import { mendingOutline } from "../transcript/in-place.ts";
import { isOurs } from "../transcript/place.ts";
import type { Repair } from "../repair.ts";

const TITLE = "Escape the control characters";

export const escapeControls: Repair = {
  id: "escape-controls",
  title: TITLE,
  does:
    "Writes each control character that stands raw inside a string as JSON has it (a tab as `\\t`), so that the line can be read " +
    "again and says what it said.",
  never: "It changes no other byte of the line, and no other line.",
  codes: ["transcript/control-character"],
  appliesTo: isOurs,
  outline: (input) =>
    mendingOutline(input, ["control"], {
      title: TITLE,
      beside: "cut-entries",
      why: "The same transcript with control characters escaped.",
      nothing: "No string holds a raw control character (any more).",
    }),
};
