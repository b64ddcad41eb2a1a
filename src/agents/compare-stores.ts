/** Compares a shadow home with the canonical one: every session key and every transcript, by what stands in them. */
import { join } from "node:path";

import { type Fragment, placeId } from "../model/fragment.ts";
import type { AgentReading, HomeReading } from "../model/reading.ts";
import type { ShadowComparison, ShadowPair, ShadowRelation } from "../model/shadow.ts";
import { type StoreRow, transcriptId } from "../model/store.ts";
import { FileError, isInside, statThroughLinks } from "../system/files.ts";
import { isPrefix } from "./common-bytes.ts";
import { eventRelation } from "./common-events.ts";
import { keptOrRead } from "./openclaw/memo.ts";
import type { ReadingContext } from "./program.ts";
import { eventTexts, isPlainFile } from "./transcripts.ts";

/** Both sides of one agent; either may be absent. */
interface AgentPair {
  readonly agent: string;
  readonly shadow: AgentReading | undefined;
  readonly canonical: AgentReading | undefined;
}

/** A whole transcript: a file, or the windows of one session in a database or an archive, in order. */
interface Transcript {
  readonly id: string | null;
  readonly path: string;
  readonly parts: readonly Fragment[];
  readonly endedAt: number | null;
}

/** Tells how two transcripts stand to each other; undefined when one of them can't be read (any more). */
type Compare = (shadow: Transcript, canonical: Transcript) => Promise<ShadowRelation | undefined>;

/**
 * Transcripts are the same one when their headers carry the same id, whatever their files are called: one side may have been
 * reset meanwhile. The content decides, for one id can head two conversations (`--session-id` in 2026.5.12): the bytes of files,
 * the events of what lies in databases and archives. Transcripts are read only where both sides have one, and what was compared
 * is remembered. Pairs stand by agent, kind and name.
 */
export async function compareStores(
  shadow: HomeReading,
  canonical: HomeReading,
  context: ReadingContext,
): Promise<ShadowComparison> {
  const compare = comparer(shadow, canonical, context);
  const pairs: ShadowPair[] = [];
  for (const pair of agentPairs(shadow, canonical)) {
    pairs.push(...(await keyPairs(pair, compare)), ...(await transcriptPairs(pair, compare)));
  }
  return {
    shadow: shadow.home.path,
    canonical: canonical.home.path,
    linked: isLinked(shadow, canonical),
    pairs,
    ...lastWrites(shadow, canonical),
  };
}

/** All of the shadow's sessions folders lead into the canonical home. */
function isLinked(shadow: HomeReading, canonical: HomeReading): boolean {
  return shadow.agents.length > 0 && shadow.agents.every((agent) => leadsInto(agent, canonical));
}

function leadsInto({ sessionsLinkTarget }: AgentReading, canonical: HomeReading): boolean {
  return sessionsLinkTarget !== null && isInside(canonical.home.path, sessionsLinkTarget);
}

/** Agents with sessions of their own on either side; a linked sessions folder is the canonical one itself. */
function agentPairs(shadow: HomeReading, canonical: HomeReading): AgentPair[] {
  const names = new Set([...shadow.agents, ...canonical.agents].map(({ name }) => name));
  return [...names]
    .toSorted()
    .map((agent) => ({
      agent,
      shadow: shadow.agents.find(({ name }) => name === agent),
      canonical: canonical.agents.find(({ name }) => name === agent),
    }))
    .filter((pair) => pair.shadow === undefined || !leadsInto(pair.shadow, canonical));
}

async function keyPairs({ agent, shadow, canonical }: AgentPair, compare: Compare): Promise<ShadowPair[]> {
  const rows = { shadow: byKey(shadow), canonical: byKey(canonical) };
  const transcripts = { shadow: byPlace(shadow), canonical: byPlace(canonical) };
  const pairs: ShadowPair[] = [];
  for (const key of new Set([...rows.shadow.keys(), ...rows.canonical.keys()])) {
    const mine = rows.shadow.get(key);
    const theirs = rows.canonical.get(key);
    const ours = transcripts.shadow.get(placeOfRow(mine));
    const other = transcripts.canonical.get(placeOfRow(theirs));
    const relation = await rowRelation(mine, theirs, ours, other, compare);
    if (relation === undefined) continue;
    pairs.push({
      what: "key",
      name: key,
      agent,
      relation,
      shadowPath: mine?.transcriptPath ?? null,
      canonicalPath: theirs?.transcriptPath ?? null,
      shadowUpdatedAt: mine?.updatedAt ?? ours?.endedAt ?? null,
      canonicalUpdatedAt: theirs?.updatedAt ?? other?.endedAt ?? null,
      shadowStatus: mine?.status ?? null,
      canonicalStatus: theirs?.status ?? null,
    });
  }
  return pairs.toSorted(byName);
}

/** Two rows stand to each other as their transcripts do. A transcript that is not there is the beginning of any of its session. */
async function rowRelation(
  mine: StoreRow | undefined,
  theirs: StoreRow | undefined,
  ours: Transcript | undefined,
  other: Transcript | undefined,
  compare: Compare,
): Promise<ShadowRelation | undefined> {
  if (mine === undefined) return "only-canonical";
  if (theirs === undefined) return "only-shadow";
  if (ours !== undefined && other !== undefined) return compare(ours, other);
  if (mine.sessionId !== theirs.sessionId) return "diverged";
  if (ours === undefined && other === undefined) return "identical";
  return ours === undefined ? "shadow-is-prefix" : "canonical-is-prefix";
}

async function transcriptPairs({ agent, shadow, canonical }: AgentPair, compare: Compare): Promise<ShadowPair[]> {
  const mine = byHeader(shadow);
  const theirs = byHeader(canonical);
  const pairs: ShadowPair[] = [];
  for (const id of new Set([...mine.keys(), ...theirs.keys()])) {
    const match = await closest(mine.get(id) ?? [], theirs.get(id) ?? [], compare);
    if (match === undefined) continue;
    pairs.push({
      what: "transcript",
      name: id,
      agent,
      relation: match.relation,
      shadowPath: match.shadow?.path ?? null,
      canonicalPath: match.canonical?.path ?? null,
      shadowUpdatedAt: match.shadow?.endedAt ?? null,
      canonicalUpdatedAt: match.canonical?.endedAt ?? null,
      shadowStatus: null,
      canonicalStatus: null,
    });
  }
  return pairs.toSorted(byName);
}

interface Match {
  readonly relation: ShadowRelation;
  readonly shadow: Transcript | undefined;
  readonly canonical: Transcript | undefined;
}

const CLOSENESS: readonly ShadowRelation[] = ["identical", "shadow-is-prefix", "canonical-is-prefix", "diverged"];

/** Of all files with one id the two that are most alike: a file restored beside its archive has the id twice. */
async function closest(
  mine: readonly Transcript[],
  theirs: readonly Transcript[],
  compare: Compare,
): Promise<Match | undefined> {
  if (theirs.length === 0) return { relation: "only-shadow", shadow: mine[0], canonical: undefined };
  if (mine.length === 0) return { relation: "only-canonical", shadow: undefined, canonical: theirs[0] };
  let best: Match | undefined;
  for (const shadow of mine) {
    for (const canonical of theirs) {
      const relation = await compare(shadow, canonical);
      if (relation === undefined) continue;
      if (best === undefined || CLOSENESS.indexOf(relation) < CLOSENESS.indexOf(best.relation)) {
        best = { relation, shadow, canonical };
      }
    }
  }
  return best;
}

function comparer(shadow: HomeReading, canonical: HomeReading, context: ReadingContext): Compare {
  return async (mine, theirs) => {
    await context.breathe();
    try {
      if (![...mine.parts, ...theirs.parts].every(isPlainFile)) {
        return await eventsRelation(mine, theirs, shadow, canonical, context);
      }
      return await relationOf(join(shadow.home.path, mine.path), join(canonical.home.path, theirs.path), context);
    } catch (error) {
      if (error instanceof FileError) return undefined;
      throw error;
    }
  };
}

/** Relations by the newest parts of both sides: every change of a transcript gives it another one. */
const BY_EVENTS = new WeakMap<Fragment, WeakMap<Fragment, ShadowRelation>>();

async function eventsRelation(
  mine: Transcript,
  theirs: Transcript,
  shadow: HomeReading,
  canonical: HomeReading,
  { breathe }: ReadingContext,
): Promise<ShadowRelation> {
  const [newest, other] = [mine.parts.at(-1)!, theirs.parts.at(-1)!];
  const known = BY_EVENTS.get(newest) ?? new WeakMap<Fragment, ShadowRelation>();
  BY_EVENTS.set(newest, known);
  const relation =
    known.get(other) ??
    (await eventRelation(eventTexts(shadow.home, mine.parts), eventTexts(canonical.home, theirs.parts), breathe));
  known.set(other, relation);
  return relation;
}

/** Kept with the shadow's file, under a name that holds the state of the other one. */
async function relationOf(mine: string, theirs: string, context: ReadingContext): Promise<ShadowRelation | undefined> {
  const shadow = statThroughLinks(mine);
  const canonical = statThroughLinks(theirs);
  if (shadow === undefined || canonical === undefined) return undefined;
  if (shadow.dev === canonical.dev && shadow.ino === canonical.ino) return "identical";
  const state = [canonical.path, canonical.size, canonical.mtimeMs, canonical.ino].join("|");
  return keptOrRead(context.memo, shadow, `compare/1 ${state}`, async () => {
    const length = Math.min(shadow.size, canonical.size);
    if (!(await isPrefix(mine, theirs, length, context.breathe))) return "diverged";
    if (shadow.size === canonical.size) return "identical";
    return shadow.size < canonical.size ? "shadow-is-prefix" : "canonical-is-prefix";
  });
}

/** By what is written in the stores and transcripts, not by the times of files: a copied file has the time of the copy. */
function lastWrites(shadow: HomeReading, canonical: HomeReading): Pick<ShadowComparison, "lastWritten" | "apartMs"> {
  const mine = newestWrite(shadow);
  const theirs = newestWrite(canonical);
  if (mine === null || theirs === null) return { lastWritten: "unknown", apartMs: null };
  const lastWritten = mine === theirs ? "same" : mine > theirs ? "shadow" : "canonical";
  return { lastWritten, apartMs: Math.abs(mine - theirs) };
}

function newestWrite(home: HomeReading): number | null {
  let newest: number | null = null;
  for (const { store, fragments } of home.agents) {
    for (const row of store.rows)
      if (row.updatedAt !== null && row.updatedAt > (newest ?? -Infinity)) newest = row.updatedAt;
    for (const one of fragments) if (one.endedAt !== null && one.endedAt > (newest ?? -Infinity)) newest = one.endedAt;
  }
  return newest;
}

function byKey(agent: AgentReading | undefined): Map<string, StoreRow> {
  return new Map((agent?.store.rows ?? []).map((row) => [row.key, row]));
}

function placeOfRow(row: StoreRow | undefined): string {
  return (row === undefined ? null : transcriptId(row)) ?? "";
}

/** Checkpoints are copies, and share the id of what they copy. */
function transcriptsOf(agent: AgentReading | undefined): Transcript[] {
  const fragments = (agent?.fragments ?? []).filter(({ kind }) => kind !== "checkpoint");
  const wholes = Map.groupBy(fragments, ({ archive, path, window }) =>
    window === undefined ? path : `${path}#${archive ?? ""}#${window.sessionId}`,
  );
  return [...wholes.values()].map((parts) => {
    const [first] = parts;
    return {
      id: first!.sessionId ?? first!.fileId,
      path: first!.path,
      parts: parts.toSorted((a, b) => (a.window?.fromSeq ?? 0) - (b.window?.fromSeq ?? 0)),
      endedAt: parts.reduce<number | null>((last, { endedAt }) => later(last, endedAt), null),
    };
  });
}

function later(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}

/** Transcripts by the place of each of their parts. */
function byPlace(agent: AgentReading | undefined): Map<string, Transcript> {
  return new Map(transcriptsOf(agent).flatMap((one) => one.parts.map((part) => [placeId(part), one])));
}

/** By the id in the header, else by the one in the name. */
function byHeader(agent: AgentReading | undefined): Map<string, Transcript[]> {
  const ids = new Map<string, Transcript[]>();
  for (const one of transcriptsOf(agent)) {
    if (one.id === null) continue;
    const known = ids.get(one.id);
    if (known === undefined) ids.set(one.id, [one]);
    else known.push(one);
  }
  return ids;
}

function byName(a: ShadowPair, b: ShadowPair): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
