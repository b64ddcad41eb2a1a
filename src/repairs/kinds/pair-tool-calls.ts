/** Closes tool calls without a result and drops results without a call, in a fork. */
import { count } from "../../model/amounts.ts";
import { propertyEdits } from "../../formats/json-edits.ts";
import type { Finding } from "../../model/finding.ts";
import type { ByteEdit } from "../../model/plan.ts";
import type { HomeSnapshot } from "../../model/snapshot.ts";
import type { Repair, RepairInput } from "../repair.ts";
import type { Conversation } from "../transcript/conversation.ts";
import { forkChoices, type ForkedEntries, forkOutline } from "../transcript/forked.ts";
import { droppedResult, madeUpResult, newId, timeOf } from "../transcript/new-entry.ts";
import { isOurs, linesOf, type TranscriptPlace } from "../transcript/place.ts";
import { type LooseResult, type OpenCalls, unpairedCalls } from "../transcript/tool-pairs.ts";

export const pairToolCalls: Repair = {
  id: "pair-tool-calls",
  title: "Close unpaired tool calls in a fork",
  does:
    "Makes a new transcript beside the original, with an id of its own and a header that names the original (`parentSession`). In it " +
    "each call without a result is followed by one that says that it is made up and is marked as an error, and each result without " +
    "a call gives way to an entry that the model is not shown. The choice says whether the session's row goes on with the original " +
    "(`beside`: the fork gets a row `agent:<agent>:recovered:<session id>`) or with the fork (`current`: the original gets the name of a " +
    "backup, `.jsonl.bak.<time>`).",
  never:
    "It changes no byte of the original. In the fork no other line changes but the header: of an answer whose call is closed the " +
    "entry's `id`, which the made-up result takes over, so that what followed still follows.",
  codes: [
    "transcript/call-without-result",
    "transcript/result-without-call",
    "transcript/unfinished-turn",
    "store/unfinished-turn",
  ],
  appliesTo: isAboutCalls,
  choices: forkChoices,
  outline: (input) =>
    forkOutline(input, {
      how: "pair-tool-calls",
      why: "The same conversation with every call answered.",
      entries: (place, conversation) => pairedEntries(place, input, conversation),
    }),
};

/** A turn that only waits for an answer of the model needs no repair; without a whole read a graver finding tells of a call. */
function isAboutCalls(finding: Finding, home: HomeSnapshot): boolean {
  const waitsForModel = finding.damage?.waitsFor === "model" || finding.severity === "info";
  return !(finding.code.endsWith("unfinished-turn") && waitsForModel) && isOurs(finding, home);
}

async function pairedEntries(
  place: TranscriptPlace,
  input: RepairInput,
  conversation: Conversation,
): Promise<ForkedEntries | string> {
  const { open, loose } = await unpairedCalls(conversation, linesOf(place, input), input.target.finding?.range?.offset);
  if (open.length + loose.length === 0)
    return "Every call on the way to the end has its result, and every result its call.";
  const edits: ByteEdit[] = [];
  for (const one of open) edits.push(...(await closingEdits(place, input, conversation, one)));
  for (const one of loose) edits.push(droppingEdit(input, conversation, one));
  const calls = open.flatMap((one) => one.calls);
  const notes = [
    ...(calls.length === 0
      ? []
      : [`Closed: ${count(calls.length, "call")}. What they did is not known, and the made-up results say so.`]),
    ...(loose.length === 0 ? [] : [`Dropped from the fork: ${count(loose.length, "result")} without a call.`]),
  ];
  return { edits: edits.toSorted((a, b) => a.offset - b.offset), notes };
}

/**
 * The made-up results stand right behind the answer. The last one takes the answer's id over, and the answer gets a new one: so
 * what followed the answer follows the results, and no other line has to change.
 */
async function closingEdits(
  { absolute }: TranscriptPlace,
  { now, port }: RepairInput,
  conversation: Conversation,
  { calls, entry }: OpenCalls,
): Promise<ByteEdit[]> {
  const { id, length, offset } = entry;
  const at = timeOf(conversation, entry, now);
  const line = await port.read(absolute, offset, length);
  const isLeaf = conversation.path.at(-1) === entry;
  const answerId = isLeaf ? id : newId(conversation, "answer", id, offset);
  let parentId = answerId;
  const texts = calls.map((call, index) => {
    const own = newId(conversation, "result", id, call.id, index);
    const place = { id: !isLeaf && index === calls.length - 1 ? (id ?? own) : own, parentId, at };
    parentId = place.id;
    return `\n${madeUpResult(call, place)}`;
  });
  const renamed = isLeaf || id === null ? [] : (propertyEdits(line, offset, { id: answerId }, "") ?? []);
  return [...renamed, { offset: offset + length, length: 0, text: texts.join("") }];
}

function droppingEdit({ now }: RepairInput, conversation: Conversation, { call, entry }: LooseResult): ByteEdit {
  const { length, offset, parentId } = entry;
  const id = entry.id ?? newId(conversation, "dropped", call.id, offset);
  return { offset, length, text: droppedResult(call, { id, parentId, at: timeOf(conversation, entry, now) }) };
}
