/** transcript/…: what whole reads of transcripts found, judged by what the home knows of the session. */
import { count } from "../../model/amounts.ts";
import type { DamageCode, TranscriptDamage } from "../../model/damage.ts";
import type { Evidence } from "../../model/evidence.ts";
import type { Severity } from "../../model/finding.ts";
import { type Fragment, placeId } from "../../model/fragment.ts";
import type { AgentReading } from "../../model/reading.ts";
import type { Session } from "../../model/session.ts";
import { type StoreRow, transcriptId } from "../../model/store.ts";
import { FINDING_KINDS } from "../codes.ts";
import { baseName, isWithin, mainRow, mayBeWritten } from "../facts.ts";
import { keptWhile } from "../kept.ts";
import { momentText } from "../moments.ts";
import type { CheckInput, Draft, Rule } from "../rule.ts";
import { fragmentAt, SILENT_MS } from "../signs.ts";
import { writerOf } from "../writers.ts";
import { badHeaderDraft } from "./bad-header.ts";
import { isBeingWritten, tornTailDraft } from "./torn-tail.ts";
import { unfinishedTurns } from "./unfinished-turn.ts";

export const damagedTranscript: Rule = (input) => {
  const { damage } = input.home;
  if (damage === undefined) return [];
  return input.home.agents.flatMap(({ reading: agent, sessions }) => {
    const isTold = toldElsewhere(agent, input);
    return [...damage].flatMap(([place, found]) => {
      const fragment = fragmentAt(agent, place);
      if (fragment === undefined) return [];
      const row = rowOf(agent, place);
      const key = row?.key ?? keysByPlace(sessions).get(place) ?? null;
      return keptDrafts({ agent, fragment, row, key, isTold }, found, input);
    });
  });
};

/** Whether another finding tells of the unfinished turn of a fragment. There may be thousands, so they are gathered once. */
function toldElsewhere(agent: AgentReading, input: CheckInput): (fragment: Fragment) => boolean {
  let told: ReadonlySet<Fragment> | undefined;
  return (fragment) => {
    told ??= new Set(unfinishedTurns(agent, input).map((turn) => turn.fragment));
    return told.has(fragment);
  };
}

/** Where it was found. */
interface Found {
  readonly agent: AgentReading;
  readonly fragment: Fragment;
  readonly row: StoreRow | undefined;
  /** Session that it belongs to, where that is known. */
  readonly key: string | null;
  /** See `toldElsewhere`. */
  readonly isTold: (fragment: Fragment) => boolean;
}

const rowsByPlace = keptWhile((rows: readonly StoreRow[]) => Map.groupBy(rows, transcriptId));

const keysByPlace = keptWhile(
  (sessions: readonly Session[]) =>
    new Map(
      sessions.flatMap(({ checkpoints, fragments, key }) =>
        [...fragments.map(({ fragment }) => fragment), ...checkpoints].map((one) => [placeId(one), key] as const),
      ),
    ),
);

function rowOf({ store }: AgentReading, place: string): StoreRow | undefined {
  return mainRow(rowsByPlace(store.rows).get(place) ?? []);
}

interface Kept extends Pick<Found, "fragment" | "key" | "row"> {
  /** By name: its reading would keep all of a former state in memory. */
  readonly agent: string;
  readonly drafts: readonly Draft[];
}

/** Thousands of transcripts may have notes: what is said of one stays the same until it, or what is known of it, changes. */
const DRAFTS = new WeakMap<readonly TranscriptDamage[], Kept>();

function keptDrafts(found: Found, damage: readonly TranscriptDamage[], input: CheckInput): readonly Draft[] {
  // Whether somebody is at work there changes with time alone.
  if (damage.some(({ code }) => OF_THE_END.has(code))) return draftsOf(found, damage, input);
  const known = DRAFTS.get(damage);
  if (known !== undefined && isSame(known, found)) return known.drafts;
  const drafts = draftsOf(found, damage, input);
  const { agent, fragment, key, row } = found;
  DRAFTS.set(damage, { agent: agent.name, fragment, key, row, drafts });
  return drafts;
}

const OF_THE_END: ReadonlySet<DamageCode> = new Set(["transcript/torn-tail", "transcript/unfinished-turn"]);

function isSame(known: Kept, { agent, fragment, key, row }: Found): boolean {
  return known.fragment === fragment && known.key === key && known.row === row && known.agent === agent.name;
}

function draftsOf(found: Found, damage: readonly TranscriptDamage[], input: CheckInput): Draft[] {
  const names = new Map<string, number>();
  return damage
    .filter((one) => isFinding(one, found, input))
    .map((one) => {
      const name = nameOf(found.fragment, one);
      const times = (names.get(name) ?? 0) + 1;
      names.set(name, times);
      return draftOf(one, found, times === 1 ? name : `${name}~${times}`);
    });
}

/** What makes it the same damage in the next read, although the transcript has grown. */
function nameOf(fragment: Fragment, { callId, code, entryId, line, seq }: TranscriptDamage): string {
  return [placeId(fragment), code, entryId ?? `line ${line ?? seq}`, callId ?? ""].join("#");
}

/** A copy made in the middle of a turn tells nothing by where it ends. */
const OF_THE_CONVERSATION: ReadonlySet<DamageCode> = new Set([
  "transcript/prompt-error",
  "transcript/aborted-turn",
  "transcript/unfinished-turn",
  "transcript/orphan-branch",
]);

function isFinding(damage: TranscriptDamage, found: Found, input: CheckInput): boolean {
  const { fragment, row } = found;
  if (fragment.kind === "checkpoint" && OF_THE_CONVERSATION.has(damage.code)) return false;
  if (damage.code === "transcript/torn-tail") return !isBeingWritten(fragment, row, input);
  return damage.code !== "transcript/unfinished-turn" || isGivenUp(damage, found, input);
}

/** Whether nobody is at work on the turn any more, and no other finding tells of it. */
function isGivenUp({ at }: TranscriptDamage, { fragment, isTold, row }: Found, input: CheckInput): boolean {
  if (!isCurrent(fragment)) return true;
  if (mayBeWritten(input.home, fragment.path)) return false;
  const isRunning = row?.status === "running" && writerOf(input.home) === "alive";
  if (isRunning || isWithin(SILENT_MS, lastOf(at, row), input.now)) return false;
  return fragment.turn === undefined || !isTold(fragment);
}

function lastOf(at: number | null, row: StoreRow | undefined): number | null {
  const signs = [at, row?.updatedAt, row?.startedAt].filter((time) => typeof time === "number");
  return signs.length === 0 ? null : Math.max(...signs);
}

/** Whether the session still goes on in it. */
function isCurrent({ archivedAt, kind }: Fragment): boolean {
  return kind === "live" || (kind === "window" && archivedAt === null);
}

function draftOf(damage: TranscriptDamage, found: Found, identity: string): Draft {
  const { agent, fragment, key, row } = found;
  const { bytes, code, line, offset, reason = "" } = damage;
  if (code === "transcript/torn-tail")
    return { ...tornTailDraft(agent, fragment, { offset, bytes, reason }, row, line), damage };
  if (code === "transcript/bad-header")
    return { ...badHeaderDraft(agent, fragment, { offset, bytes, reason }, row), damage };
  const severity = severityOf(damage, fragment);
  const { path, window } = fragment;
  const isEvent = line === null && window !== undefined;
  return {
    code,
    ...(severity === FINDING_KINDS[code].severity ? {} : { severity }),
    path,
    identity,
    range: { line, offset, bytes },
    ...(isEvent ? { event: { sessionId: window.sessionId, seq: damage.seq } } : {}),
    damage,
    message: messageOf(damage, found),
    evidence: evidenceOf(damage, fragment),
    agent: agent.name,
    ...(key === null ? {} : { sessionKey: key }),
  };
}

/** What is put away does no further harm. */
function severityOf({ code, severity, waitsFor }: TranscriptDamage, fragment: Fragment): Severity {
  const usual = severity ?? FINDING_KINDS[code].severity;
  if (fragment.kind === "checkpoint" || fragment.kind === "backup") return "info";
  if (isCurrent(fragment)) return usual;
  if (waitsFor !== undefined) return "info";
  return usual === "error" ? "warning" : usual;
}

function messageOf(damage: TranscriptDamage, { fragment, key }: Found): string {
  const { at, code, line, message, seq, unlisted = 0 } = damage;
  const whose = key ?? baseName(fragment.path);
  const when = code === "transcript/unfinished-turn" && at !== null ? ` It stands there since ${momentText(at)}.` : "";
  const ended =
    !isCurrent(fragment) && damage.waitsFor !== undefined ? " The session was ended in the middle of it." : "";
  const more = unlisted === 0 ? "" : ` ${count(unlisted, "more place")} like this follow in the same transcript.`;
  return `${whose}, ${line === null ? `event ${seq}` : `line ${line}`}: ${message}${when}${ended}${more}`;
}

function evidenceOf(damage: TranscriptDamage, { path, window }: Fragment): Evidence[] {
  const { bytes, entryId, evidence, line, offset, seq } = damage;
  const placeAt = (at: number, on: number | null): Pick<Evidence, "event" | "line" | "path"> => {
    if (on !== null) return { path, line: on };
    return window === undefined ? { path } : { path, event: { sessionId: window.sessionId, seq: at } };
  };
  const entry = entryId === null ? "" : ` (entry ${entryId.slice(0, 80)})`;
  const where = line === null ? `byte ${offset} of the event` : `byte ${offset}`;
  return [
    { kind: "file", text: `at ${where}, ${count(bytes, "byte")}${entry}`, ...placeAt(seq, line) },
    ...evidence.map((one) => ({ kind: "file", text: one.text, ...placeAt(one.seq ?? seq, one.line ?? line) }) as const),
  ];
}
