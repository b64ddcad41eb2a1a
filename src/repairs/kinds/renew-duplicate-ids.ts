/** Gives entries that bear the id of another one an id of their own, in a fork. */
import { count } from "../../model/amounts.ts";
import type { Repair, RepairInput } from "../repair.ts";
import type { Conversation } from "../transcript/conversation.ts";
import { type CopiedEntry, MOST_PLACES, ownIds, type OwnIds, type RenamedEntry } from "../transcript/duplicate-ids.ts";
import { forkChoices, type ForkedEntries, forkOutline } from "../transcript/forked.ts";
import { isOurs, linesOf, type TranscriptPlace } from "../transcript/place.ts";

/** How many are named one by one. */
const MOST_NAMED = 10;

export const renewDuplicateIds: Repair = {
  id: "renew-duplicate-ids",
  title: "Give each entry an id of its own, in a fork",
  does:
    "Makes a new transcript beside the original, with an id of its own and a header that names the original (`parentSession`). In it " +
    "each entry with the id of one above it gets a new id, and what comes after it and names that id (`parentId`, the first kept " +
    "entry of a compaction, the target of a label) names the new one: an id means the nearest entry above that has it. Where " +
    "the next entry names one that is not there, the new id is that one. A line that stands there twice, byte for byte and behind " +
    "the same entry, is one entry written twice: the second is left out. The plan names each one. The choice says whether the " +
    "session's row goes on with the original (`beside`) or with the fork (`current`), as with pair-tool-calls.",
  never:
    "It changes no byte of the original, and in the fork nothing but the header, the `id` of those entries and the ids by which " +
    "others name them. It leaves out no entry that differs from the first in a single byte.",
  codes: ["transcript/duplicate-id"],
  appliesTo: isOurs,
  choices: forkChoices,
  outline: (input) =>
    forkOutline(input, {
      how: "renew-duplicate-ids",
      why: "The same conversation, each entry of it with an id of its own.",
      entries: (place, conversation) => separatedEntries(place, input, conversation),
    }),
};

async function separatedEntries(
  place: TranscriptPlace,
  input: RepairInput,
  conversation: Conversation,
): Promise<ForkedEntries | string> {
  const found = await ownIds(conversation, linesOf(place, input));
  if (typeof found === "number") return `Line ${found} may have to change, and is too long to be held.`;
  if (found.edits.length === 0) return "Every entry that can be read has an id of its own.";
  return { edits: found.edits, notes: notesOf(found) };
}

function notesOf({ copies, left, redirected, renamed }: OwnIds): string[] {
  const rest = count(left, "further entry");
  return [
    ...listed(renamed.map(renamedNote), (more) => `So do ${count(more, "further entry")}.`),
    ...(redirected === 0 ? [] : [`By their new ids they are named in ${count(redirected, "entry")} below them.`]),
    ...listed(copies.map(copyNote), (more) => `So are ${count(more, "further copy")}.`),
    ...(left === 0
      ? []
      : [`${rest} with the id of another one stay as they are: not more than ${MOST_PLACES} places change in one go.`]),
  ];
}

function renamedNote({ entry, first, id, isNamed }: RenamedEntry): string {
  const why = isNamed ? " The next entry names it, and no other has it: that it was this one's is assumed." : "";
  return `Line ${entry.line} gets the id ${id}: ${entry.id} is the id of line ${first}.${why}`;
}

function copyNote({ entry, first }: CopiedEntry): string {
  return `Line ${entry.line} (${entry.id}) is left out: it is line ${first} once more.`;
}

function listed(notes: readonly string[], rest: (more: number) => string): string[] {
  const more = notes.length - MOST_NAMED;
  return more > 0 ? [...notes.slice(0, MOST_NAMED), rest(more)] : [...notes];
}
