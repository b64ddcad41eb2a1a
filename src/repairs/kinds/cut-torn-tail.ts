/** Cuts a last line that is not whole off a transcript, into a file beside it. */
import { mendingOutline } from "../transcript/in-place.ts";
import { isOurs } from "../transcript/place.ts";
import type { Repair } from "../repair.ts";

const TITLE = "Cut the torn end off, into a file beside the transcript";

export const cutTornTail: Repair = {
  id: "cut-torn-tail",
  title: TITLE,
  does:
    "Takes what follows the last whole entry out of the transcript and keeps it, to the byte, in `<transcript>.torn-tail-<time>` " +
    "beside it, so that the next entry begins on a line of its own. Entries that are whole inside the torn line stay, each on a line " +
    "of its own.",
  never: "It changes no byte of any other line, and cuts nothing that somebody may still be writing.",
  codes: ["transcript/torn-tail"],
  appliesTo: isOurs,
  outline: (input) =>
    mendingOutline(input, ["torn"], {
      title: TITLE,
      beside: "torn-tail",
      why: "The same transcript without the end that is not whole.",
      nothing: "The last line is whole (by now).",
    }),
};
