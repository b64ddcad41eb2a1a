/** Joins a conversation again whose entries name parents that are not there, in a fork. */
import { count } from "../../model/amounts.ts";
import { propertyEdits } from "../../formats/json-edits.ts";
import type { ByteEdit } from "../../model/plan.ts";
import type { Repair, RepairInput } from "../repair.ts";
import { type Conversation, conversationIn } from "../transcript/conversation.ts";
import { forkChoices, type ForkedEntries, forkOutline } from "../transcript/forked.ts";
import { type NewParent, newParents } from "../transcript/new-parents.ts";
import { isOurs, linesOf, type TranscriptPlace } from "../transcript/place.ts";

/** How many are named one by one. */
const MOST_NAMED = 10;

export const mendParents: Repair = {
  id: "mend-parents",
  title: "Join the conversation again, in a fork",
  does:
    "Makes a new transcript beside the original, with an id of its own and a header that names the original (`parentSession`). In it " +
    "each entry whose parent is not there, or that leads back to itself, follows the nearest entry above it, so that OpenClaw's way from the end leads to the " +
    "beginning again. The plan names each one: that it followed just this entry is assumed. The choice says whether the session's row " +
    "goes on with the original (`beside`) or with the fork (`current`), as with pair-tool-calls.",
  never:
    "It changes no byte of the original, and in the fork nothing but the header and `parentId` of those entries. It never joins across " +
    "a compaction: what follows one may follow the compaction, but nothing that was summed up.",
  codes: ["transcript/broken-parent"],
  appliesTo: isOurs,
  choices: forkChoices,
  outline: (input) =>
    forkOutline(input, {
      how: "mend-parents",
      why: "The same conversation with each entry behind one that is there.",
      entries: (place) => joinedEntries(place, input),
    }),
};

async function joinedEntries(place: TranscriptPlace, input: RepairInput): Promise<ForkedEntries | string> {
  const boundaries: number[] = [];
  const conversation = await conversationIn(linesOf(place, input), ({ bytes, offset }) => {
    // What can't be read may have been a compaction.
    if (bytes.includes('"compaction"')) boundaries.push(offset);
  });
  const { found, left } = newParents(conversation, boundaries);
  if (found.length === 0) {
    return left.length === 0
      ? "Every entry names a parent that is there."
      : "No entry above may take the place of the parent that is missing: a compaction stands between.";
  }
  const edits: ByteEdit[] = [];
  for (const one of found) edits.push(...(await parentEdits(place, input, one)));
  return { edits, notes: notesOf(conversation, found, left.length) };
}

async function parentEdits(
  { absolute }: TranscriptPlace,
  { port }: RepairInput,
  { entry, parent }: NewParent,
): Promise<readonly ByteEdit[]> {
  const line = await port.read(absolute, entry.offset, entry.length);
  return propertyEdits(line, entry.offset, { parentId: parent?.id ?? null }, "") ?? [];
}

function notesOf({ entries }: Conversation, found: readonly NewParent[], left: number): string[] {
  const named = found.slice(0, MOST_NAMED).map(({ entry, parent }) => {
    const follows = parent === null ? "is the first of the conversation" : `follows line ${parent.line} (${parent.id})`;
    return `Line ${entry.line} (${entry.id}) ${follows}, for ${entry.parentId} is not above it.`;
  });
  const more = found.length - named.length;
  return [
    ...named,
    ...(more > 0 ? [`So do ${count(more, "further entry")} with the entries above them.`] : []),
    ...(left > 0
      ? [`${count(left, "entry")} of ${entries.length} stay as they are: a compaction stands between.`]
      : []),
  ];
}
