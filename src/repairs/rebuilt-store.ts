/** A store made of what is left: rows that can still be read, byte for byte, and rows for transcripts that lack one. */
import { join } from "node:path";

import { keyBefore } from "../formats/json-edits.ts";
import { scanObject } from "../formats/json-object.ts";
import { count, listed } from "../model/amounts.ts";
import type { Fragment } from "../model/fragment.ts";
import type { ByteEdit } from "../model/plan.ts";
import type { AgentSnapshot } from "../model/snapshot.ts";
import type { StoreRow } from "../model/store.ts";
import { agentId, newRowNotes, sessionFileOf, sessionOf } from "./facts.ts";
import { recoveredKey, recoveredRow, rowId } from "./new-row.ts";
import { NOTHING, type Outline, refused } from "./outline.ts";
import type { RepairInput } from "./repair.ts";

/** A row that is made for a transcript. */
interface MadeRow {
  readonly key: string;
  readonly row: Readonly<Record<string, unknown>>;
  /** Whether the key is one that evidence gives it. */
  readonly isKnown: boolean;
}

/** The session id stands in the first properties of a row, so also in most that are cut. */
const CUT_ROW_BYTES = 16 << 10;
/** As far before a row as its key may reach. */
const LEAD_BYTES = 1024;
const MOST_ESCAPED = 12;
const MOST_NAMED = 10;

export async function rebuiltStore(agent: AgentSnapshot, input: RepairInput): Promise<Outline> {
  const { store } = agent.reading;
  const kept = store.rows.filter((row) => row.offset !== null).toSorted((a, b) => a.offset! - b.offset!);
  const made = await madeRows(agent, input);
  if (kept.length + made.length === 0) return refused(store.path, "Nothing is left that a store could be made of.");
  const why = `${count(kept.length, "row")} kept as they are, ${count(made.length, "row")} made for transcripts without one.`;
  const notes = notesOf(agent, made);
  if (kept.length === 0) {
    const text = `{\n${made.map(rowText).join(",\n")}\n}`;
    return { ...NOTHING, changes: [{ change: "write", path: store.path, text, why }], notes };
  }
  const edits = await cutEdits(kept, made, store.bytes, (offset, length) =>
    input.port.read(join(input.home.home.path, store.path), offset, length),
  );
  if (edits === null) return refused(store.path, "The store was written since it was read; look again.");
  return { ...NOTHING, changes: [{ change: "replace", path: store.path, from: store.path, edits, why }], notes };
}

/** As OpenClaw writes it: two blanks a step. */
function rowText({ key, row }: MadeRow): string {
  return `  ${JSON.stringify(key)}: ${JSON.stringify(row, null, 2).replaceAll("\n", "\n  ")}`;
}

/** Edits that leave of the damaged store nothing but its whole rows; null when a row is not where it stood. */
async function cutEdits(
  kept: readonly StoreRow[],
  made: readonly MadeRow[],
  bytes: number,
  read: (offset: number, length: number) => Promise<Buffer>,
): Promise<ByteEdit[] | null> {
  const edits: ByteEdit[] = [];
  let end = 0;
  for (const { key, offset, length } of kept) {
    const from = Math.max(end, offset! - LEAD_BYTES - MOST_ESCAPED * key.length);
    const before = await read(from, offset! - from);
    const start = keyStart(before, key);
    if (start === -1) return null;
    edits.push({ offset: end, length: from + start - end, text: end === 0 ? "{\n  " : ",\n  " });
    end = offset! + length!;
  }
  const rest = made.map((one) => `,\n${rowText(one)}`).join("");
  return [...edits, { offset: end, length: bytes - end, text: `${rest}\n}` }];
}

/** Where the key that stands right before a value begins; -1 when another one does. */
function keyStart(before: Buffer, key: string): number {
  const text = before.toString("latin1");
  for (let at = text.lastIndexOf('"'); at !== -1; at = at === 0 ? -1 : text.lastIndexOf('"', at - 1)) {
    if (keyBefore(Buffer.concat([Buffer.from(","), before.subarray(at)])) === key) return at;
  }
  return -1;
}

/** Rows for live transcripts that no readable row names, oldest first: rows stand in the order in which sessions began. */
async function madeRows(agent: AgentSnapshot, input: RepairInput): Promise<MadeRow[]> {
  const { reading } = agent;
  const named = new Set(reading.store.rows.map(({ transcriptPath }) => transcriptPath));
  const taken = new Set(reading.store.rows.map(({ key }) => key.toLowerCase()));
  const cut = await keysOfCutRows(agent, input);
  const loose = reading.fragments
    .filter(({ kind, header, path }) => kind === "live" && header.state === "ok" && !named.has(path))
    .toSorted((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0));
  return loose.flatMap((fragment) => {
    const { sessionId } = fragment;
    if (sessionId === null) return [];
    const known = cut.get(sessionId) ?? keyOf(agent, fragment);
    const isKnown = known !== null && !taken.has(known.toLowerCase());
    const key = isKnown ? known : recoveredKey(agentId(agent), sessionId);
    if (taken.has(key.toLowerCase())) return [];
    taken.add(key.toLowerCase());
    const id = rowId(input.home.home.path, agent, fragment);
    const row = recoveredRow(id, sessionFileOf(input.home.home.path, fragment.path), input.now);
    return [{ key, row, isKnown }];
  });
}

function keyOf(agent: AgentSnapshot, fragment: Fragment): string | null {
  const session = sessionOf(agent, fragment);
  return session?.fragments.at(-1)?.fragment === fragment ? session.key : null;
}

/** Keys of rows that are cut or broken, by the session id that can still be read in them. */
async function keysOfCutRows(agent: AgentSnapshot, { home, port }: RepairInput): Promise<Map<string, string>> {
  const { store } = agent.reading;
  const keys = new Map<string, string>();
  for (const { key, offset } of store.damage) {
    if (key === null) continue;
    const bytes = await port.read(join(home.home.path, store.path), offset, CUT_ROW_BYTES);
    const id = cutSessionId(bytes);
    if (id !== null) keys.set(id, key);
  }
  return keys;
}

function cutSessionId(bytes: Buffer): string | null {
  for (const item of scanObject(bytes)) {
    if (item.what === "damage" || item.key !== "sessionId") continue;
    const value: unknown = JSON.parse(bytes.toString("utf8", item.offset, item.offset + item.length));
    return typeof value === "string" ? value : null;
  }
  return null;
}

function notesOf(agent: AgentSnapshot, made: readonly MadeRow[]): string[] {
  const notes = made.length === 0 ? [] : newRowNotes(agent);
  if (made.length > 0) {
    notes.push(
      "Rows that are made name transcript and key alone: channel, label, model and other settings are not recovered.",
    );
  }
  const nameless = made.filter(({ isKnown }) => !isKnown);
  if (nameless.length > 0) notes.push(`Their own session key is not known: ${some(nameless.map(({ key }) => key))}.`);
  const keysMade = new Set(made.map(({ key }) => key));
  const lost = agent.reading.store.damage.flatMap(({ key }) => (key === null || keysMade.has(key) ? [] : [key]));
  if (lost.length > 0) notes.push(`Rows that can't be read and have no transcript here: ${some([...new Set(lost)])}.`);
  return notes;
}

function some(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return listed(more > 0 ? [...names.slice(0, MOST_NAMED), `${more} more`] : names);
}
