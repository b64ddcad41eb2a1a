/** Outlines of repairs that make a fork: a new transcript with an id of its own, beside one that stays as it is. */

import { LINKS_FOLDER } from "../../model/kept-files.ts";
import type { ByteEdit } from "../../model/plan.ts";
import type { StoreRow } from "../../model/store.ts";
import { utc } from "../../model/time.ts";
import { agentId, newRowNotes, rowWithKey, sessionFileOf, storeConflict, storeGuards, together } from "../facts.ts";
import { forkEdits, forkId } from "../fork.ts";
import { linkPath, linkText, nameOf } from "../link-file.ts";
import { continuedNow, recoveredKey, recoveredRow } from "../new-row.ts";
import { type Change, NOTHING, type Outline, type RowEdit, refused } from "../outline.ts";
import { type Choice, choiceReason, chosen, type RepairInput } from "../repair.ts";
import { type Conversation, conversationIn, reachOf } from "./conversation.ts";
import { editedStretches, linesIn, stretchesOf } from "./file-lines.ts";
import { reachNote } from "./in-place.ts";
import { rowOf } from "./known-header.ts";
import { conversationAfter, transcriptOf, fileGuards, type TranscriptPlace } from "./place.ts";

/** What the fork's entries become, and what is to be known of it. */
export interface ForkedEntries {
  /** In ascending order; of the entries alone, not of the header. */
  readonly edits: readonly ByteEdit[];
  readonly notes: readonly string[];
}

/** What is particular to one repair. */
export interface Forking {
  /** Part of the fork's id: the same fork is not made twice. */
  readonly how: string;
  readonly why: string;
  /** What changes; a text says why nothing does. */
  readonly entries: (place: TranscriptPlace, conversation: Conversation) => Promise<ForkedEntries | string>;
}

/** Whether the session's row goes on with the fork. A person has to say: nothing is the usual way. */
export async function forkChoices(input: RepairInput): Promise<readonly Choice[]> {
  const place = transcriptOf(input);
  if ("reason" in place) return [];
  const row = rowOf(place);
  const key = row?.key ?? "its session";
  const beside: Choice = {
    id: "beside",
    label: "As a session of its own, beside the original",
    detail: `${key} goes on with the original`,
    isDefault: false,
  };
  if (place.fragment.kind !== "live" || row === undefined) return [beside];
  const current: Choice = {
    id: "current",
    label: `As the transcript with which ${key} goes on`,
    detail: "the original gets the name of a backup, which OpenClaw neither reads nor removes by age",
    isDefault: false,
  };
  return [beside, current];
}

/** The outline that makes the fork. */
export async function forkOutline(input: RepairInput, forking: Forking): Promise<Outline> {
  const place = transcriptOf(input);
  if ("reason" in place) return { ...NOTHING, conflicts: [place] };
  const { agent, fragment } = place;
  const choices = await forkChoices(input);
  const choice = chosen(choices, input.choice);
  if (choice === null)
    return refused(fragment.path, choiceReason(choices, input.choice, "There is no way to fork it."));
  const conflict = storeConflict(agent);
  if (conflict !== null) return { ...NOTHING, conflicts: [conflict] };
  if (fragment.header.state !== "ok") {
    return refused(fragment.path, "Its header can't be read: repair that first, and then fork it.");
  }
  const id = forkId(input.home.home.path, fragment, forking.how);
  const path = `${agent.reading.sessionsPath}/${id}.jsonl`;
  if (agent.reading.fragments.some((one) => one.path === path)) {
    return refused(fragment.path, `It was forked this way before, as ${path}.`);
  }
  const before = await conversationAfter(place, input, []);
  const forked = await forking.entries(place, before);
  if (typeof forked === "string") return refused(fragment.path, forked);
  const edits = await editsOfFork(place, input, id, forked.edits);
  const after = await conversationIn(linesIn(editedStretches(stretchesOf(input.port, place.absolute), edits)));
  const placed = choice.id === "current" ? asCurrent(place, input, id, path) : asOwnSession(place, input, id, path);
  return {
    changes: [
      { change: "copy", from: fragment.path, path, edits, keepsTime: false, why: forking.why },
      ...placed.changes,
    ],
    ...together(storeGuards(agent, input), fileGuards(fragment, input)),
    conflicts: [],
    notes: [...forked.notes, reachNote("The fork", place, reachOf(before), reachOf(after)), ...placed.notes],
  };
}

/** The header is the fork's own, with the time of the original's: it begins with the same words. A torn end stays behind. */
async function editsOfFork(
  { absolute, fragment }: TranscriptPlace,
  { now, port }: RepairInput,
  id: string,
  entries: readonly ByteEdit[],
): Promise<ByteEdit[]> {
  const [header, ...end] = await forkEdits(
    fragment,
    absolute,
    { id, timestamp: utc(fragment.startedAt ?? now), parentSession: absolute },
    port,
  );
  return [header!, ...entries, ...end];
}

interface Placed {
  readonly changes: readonly Change[];
  readonly notes: readonly string[];
}

function asOwnSession({ agent }: TranscriptPlace, { home, now }: RepairInput, id: string, path: string): Placed {
  const key = recoveredKey(agentId(agent), id);
  if (rowWithKey(agent, key) !== undefined) return { changes: [], notes: [`The store has a row ${key} already.`] };
  const row: RowEdit = { edit: "add", key, row: recoveredRow(id, sessionFileOf(home.home.path, path), now) };
  return { changes: [rowsChange(agent, row, `OpenClaw lists it as ${key}.`)], notes: newRowNotes(agent) };
}

/** The original is put away as OpenClaw's own backups are; what came before it comes before the fork. */
function asCurrent(place: TranscriptPlace, input: RepairInput, id: string, path: string): Placed {
  const { agent, fragment } = place;
  const { home, now } = input;
  const row = rowOf(place)!;
  const set = {
    sessionId: id,
    sessionFile: sessionFileOf(home.home.path, path),
    ...continuedNow(now),
    ...familyOf(row, id),
  };
  const edit: RowEdit = { edit: "set", key: row.key, set };
  return {
    changes: [
      rowsChange(agent, edit, `The row of ${row.key} points at it.`),
      {
        change: "rename",
        path: fragment.path,
        to: backupName(fragment.path, now),
        why: "The original stays as it is, under the name of a backup, so that OpenClaw's doctor takes it for no orphan.",
      },
      ...linkChanges(place, input, id, path, row.key),
    ],
    notes: [],
  };
}

function rowsChange({ reading }: TranscriptPlace["agent"], row: RowEdit, why: string): Change {
  return { change: "rows", store: reading.store, rows: [row], why };
}

/** The fork takes the original's place among the ids that belong together. */
function familyOf({ familyIds, sessionId }: StoreRow, id: string): Readonly<Record<string, unknown>> {
  if (familyIds.length === 0) return {};
  const others = familyIds.filter((one) => one !== sessionId && one !== id);
  return { usageFamilySessionIds: [...others, id] };
}

/** A backup's name (`formatSessionArchiveTimestamp`, 2026.5.12): read by nobody, and not removed by age. */
function backupName(path: string, at: number): string {
  return `${path}.bak.${new Date(at).toISOString().replaceAll(":", "-")}`;
}

function linkChanges(
  { agent, fragment, session }: TranscriptPlace,
  { by, now }: RepairInput,
  id: string,
  path: string,
  key: string,
): Change[] {
  const at = session?.fragments.findIndex((one) => one.fragment === fragment) ?? -1;
  const previous = session?.fragments[at - 1]?.fragment;
  if (previous === undefined) return [];
  const named = { sessionId: id, path };
  const statement = {
    agent: agent.reading.name,
    fragment: named,
    previous: nameOf(previous),
    key,
    archiveReason: null,
    by,
    at: now,
  };
  return [
    { change: "folder", path: LINKS_FOLDER, why: "Links that a person set are kept here." },
    {
      change: "write",
      path: linkPath(agent.reading.name, named),
      text: linkText(statement),
      why: "It says that the fork follows what the original followed.",
    },
  ];
}
