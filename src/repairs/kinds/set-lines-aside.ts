/** Takes lines in which nothing can be read out of a transcript, into a file beside it. */
import { mendingOutline } from "../transcript/in-place.ts";
import { isOurs } from "../transcript/place.ts";
import type { Repair } from "../repair.ts";

const TITLE = "Set the unreadable lines aside, into a file beside the transcript";

export const setLinesAside: Repair = {
  id: "set-lines-aside",
  title: TITLE,
  does:
    "Takes what is part of no whole entry out of the transcript and keeps it, to the byte, in " +
    "`<transcript>.unreadable-<time>` beside it. Entries that are whole in such a line stay, and one that a line break cut in pieces " +
    "is put together. Where a later entry follows a lost one, an entry without words takes the lost one's place, so that the " +
    "conversation still leads to its beginning. OpenClaw drops such lines at its next turn, and its doctor skips the whole file because of one.",
  never: "It changes no other line. It does not bring back what the lines said.",
  codes: ["transcript/bad-line"],
  appliesTo: isOurs,
  outline: (input) =>
    mendingOutline(input, ["bad"], {
      title: TITLE,
      beside: "unreadable",
      why: "The same transcript without the lines that can't be read.",
      nothing: "Every line can be read (by now).",
    }),
};
