/** Gives a transcript a header again, so that a turn continues it instead of wiping it. */
import { reachOf } from "../transcript/conversation.ts";
import { reachNote, replacing } from "../transcript/in-place.ts";
import { conversationAfter, isOurs, transcriptOf, writingGuards } from "../transcript/place.ts";
import { rebuiltHeader } from "../transcript/rebuilt-header.ts";
import { NOTHING, refused } from "../outline.ts";
import type { Repair } from "../repair.ts";

export const rebuildHeader: Repair = {
  id: "rebuild-header",
  title: "Rebuild the header",
  does:
    "Gives the transcript a first line that OpenClaw takes for a header. A header that is whole under NUL bytes or among other " +
    "things is freed of them; else one is put together from what is left of the old one, the store's row, the file's name, the first " +
    "entry, other parts of the session, the trajectory and openclaw.json. The plan says where each part is known from. What stood in " +
    "its place and is no entry goes, to the byte, into `<transcript>.old-header-<time>` beside it.",
  never: "It changes no byte of any entry, and makes up no id where one is known.",
  codes: ["transcript/bad-header"],
  appliesTo: isOurs,
  outline: async (input) => {
    const place = transcriptOf(input);
    if ("reason" in place) return { ...NOTHING, conflicts: [place] };
    const { path, bytes } = place.fragment;
    const rebuilt = await rebuiltHeader(place, input);
    if (rebuilt === null) return refused(path, "Its header can be read (by now).");
    const before = reachOf(await conversationAfter(place, input, []));
    const after = reachOf(await conversationAfter(place, input, rebuilt.edits));
    return {
      changes: replacing(place, input, { ...rebuilt, bytes }, TEXTS),
      ...writingGuards(place.fragment, input),
      conflicts: [],
      notes: [...rebuilt.notes, reachNote("With a header", place, before, after)],
    };
  },
};

const TEXTS = {
  beside: "old-header",
  why: "The same transcript with a header, without which OpenClaw would begin it anew.",
};
