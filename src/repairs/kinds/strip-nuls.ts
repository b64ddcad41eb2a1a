/** Takes NUL bytes out of a transcript, such as a power failure leaves. */
import { mendingOutline } from "../transcript/in-place.ts";
import { isOurs } from "../transcript/place.ts";
import type { Repair } from "../repair.ts";

const TITLE = "Take the NUL bytes out";

export const stripNuls: Repair = {
  id: "strip-nuls",
  title: TITLE,
  does:
    "Takes the NUL bytes out of lines that hold some, and the lines that hold nothing else. Entries that are whole under them " +
    "can be read again; what is not goes, to the byte, into `<transcript>.cut-entries-<time>` beside it, " +
    "and where a later entry follows a lost one, an entry without words takes its place. The plan names where the bytes stood.",
  never: "It changes no line without NUL bytes, and guesses nothing that they took the place of.",
  codes: ["transcript/nul-run"],
  appliesTo: isOurs,
  outline: (input) =>
    mendingOutline(input, ["nul"], {
      title: TITLE,
      beside: "cut-entries",
      why: "The same transcript without NUL bytes.",
      nothing: "No line holds NUL bytes (any more).",
    }),
};
