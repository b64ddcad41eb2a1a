/** store/missing-transcript: a row whose transcript is not there, with the copies that are. */
import type { AgentSnapshot } from "../../model/snapshot.ts";
import type { StoreRow } from "../../model/store.ts";
import { copiesOf, copiesText, type Copy } from "../copies.ts";
import { baseName, fileAgents, isWithin, mainRow, rowEvidence, rowRange, rowsByTranscript } from "../facts.ts";
import { keptWhile } from "../kept.ts";
import type { CheckInput, Draft, Rule } from "../rule.ts";
import { sortedFragments } from "../sorted-fragments.ts";

/** Between a new row and its transcript's first line lies a moment, or the wait for another run's lock. */
const NEW_MS = 2 * 60_000;

export const missingTranscript: Rule = (input) => fileAgents(input.home).flatMap((agent) => draftsOf(agent, input));

function draftsOf(agent: AgentSnapshot, input: CheckInput): Draft[] {
  const { reading } = agent;
  const unreadable = new Set(input.home.reading.skipped.map(({ path }) => path));
  const { path: home } = input.home.reading.home;
  return withoutTranscript(rowsByTranscript(reading), sortedFragments(reading).livePlaces).flatMap(([path, rows]) => {
    const row = mainRow(rows);
    if (row === undefined || unreadable.has(`${home}/${path}`)) return [];
    if (rows.every((one) => hadNoTurnYet(one, input.now))) return [];
    return [draftOf(agent, row, path, input)];
  });
}

const withoutTranscript = keptWhile(
  (rows: ReadonlyMap<string, readonly StoreRow[]>, present: ReadonlyMap<string, number>) =>
    [...rows].filter(([path]) => !present.has(path)),
);

/**
 * A session that was reset (or only given settings) and has had no turn since: OpenClaw 2026.3.24 writes the transcript with
 * the first turn, and until then the row names no file, has no status and has sent no system prompt. Nothing is lost then.
 */
function hadNoTurnYet(row: StoreRow, now: number): boolean {
  if (row.status !== null || row.startedAt !== null || row.systemSent === true) return false;
  return row.sessionFile === null || isWithin(NEW_MS, row.updatedAt, now);
}

function draftOf(agent: AgentSnapshot, row: StoreRow, path: string, input: CheckInput): Draft {
  const { reading } = agent;
  const copies = row.sessionId === null ? [] : copiesOf(row.sessionId, row.key, reading, input);
  const earlier = earlierParts(agent, row, copies);
  const earlierText =
    earlier.length === 0 ? "" : ` Earlier parts of the same session are still there (${earlier.length}).`;
  return {
    code: "store/missing-transcript",
    path: reading.store.path,
    identity: path,
    ...rowRange(row),
    message:
      `The transcript of ${row.key} is missing: ${baseName(path)} is not there. ${copiesText(copies)}${earlierText} ` +
      "Don't run `openclaw sessions cleanup --fix-missing`: it drops this row, and with it the trace of what belonged here.",
    evidence: [
      rowEvidence(reading, row, `the row of ${row.key} names session ${row.sessionId ?? "without an id"}`),
      { kind: "file", text: "not there", path },
      ...copies.map((copy) => ({ kind: "file", text: copy.label, path: copy.path }) as const),
    ],
    agent: reading.name,
    sessionKey: row.key,
    related: [...copies, ...earlier],
  };
}

/** Fragments of the session that came before the missing one. */
function earlierParts(agent: AgentSnapshot, row: StoreRow, copies: readonly Copy[]): Copy[] {
  const session = agent.sessions.find((one) => one.key === row.key || one.otherKeys.includes(row.key));
  const known = new Set(copies.map(({ path }) => path));
  return (session?.fragments ?? [])
    .filter(({ fragment }) => !known.has(fragment.path))
    .map(({ fragment }) => ({ path: fragment.path, label: "an earlier part of the same session" }));
}
