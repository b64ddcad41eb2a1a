/** Agents of a few numbered fragments for tests of linking; times are seconds after the beginning of the story. */
import { type Chain, linkChains } from "../../src/chains/link.ts";
import type { AssignedLink, NamedFragment } from "../../src/model/assigned-link.ts";
import type { EvidenceKind } from "../../src/model/evidence.ts";
import type { Fragment } from "../../src/model/fragment.ts";
import type { AgentReading, KeyClaim } from "../../src/model/reading.ts";
import type { Certainty } from "../../src/model/session.ts";
import type { StoreRow } from "../../src/model/store.ts";
import { agentReading, DAY, fragment, NOW, resetArchive, row, SECOND, SESSIONS, store, uuid } from "./model.ts";

export const KEY = "agent:main:one";
export const OTHER_KEY = "agent:main:two";

/** Milliseconds, UTC. */
export function at(seconds: number): number {
  return NOW - DAY + Math.round(seconds * SECOND);
}

/** A transcript under its live name, begun at `begun`. */
export function live(number: number, begun: number, given: Partial<Fragment> = {}): Fragment {
  return fragment({ sessionId: uuid(number), startedAt: at(begun), endedAt: at(begun + 1), ...given });
}

/** An archive begun at `begun` and put away by a reset at `ended`. */
export function archive(number: number, begun: number, ended: number, given: Partial<Fragment> = {}): Fragment {
  return resetArchive(uuid(number), at(ended), { startedAt: at(begun), ...given });
}

/** Puts a fragment under the file name of another number, as 2026.5.12 does when it keeps the file. */
export function inFileOf(number: number, one: Fragment): Fragment {
  return { ...one, fileId: uuid(number), path: one.path.replace(one.fileId ?? "", uuid(number)) };
}

/** The row whose current transcript is that of `number`. */
export function rowOf(key: string, number: number, given: Partial<StoreRow> = {}): StoreRow {
  return row({ key, sessionId: uuid(number), ...given });
}

/** A trajectory line that carries the key with the session id of `number`. */
export function claim(key: string, number: number, given: Partial<KeyClaim> = {}): KeyClaim {
  return {
    key,
    sessionId: uuid(number),
    fileId: uuid(number),
    runId: null,
    at: null,
    source: "trajectory",
    path: `${SESSIONS}/${uuid(number)}.trajectory.jsonl`,
    line: 1,
    ...given,
  };
}

export interface AgentParts {
  readonly fragments: readonly Fragment[];
  readonly rows?: readonly StoreRow[];
  readonly claims?: readonly KeyClaim[];
  readonly assignedLinks?: readonly AssignedLink[];
}

export function agentOf({ fragments, rows = [], claims = [], assignedLinks = [] }: AgentParts): AgentReading {
  return agentReading({ fragments, claims, assignedLinks, store: store(rows) });
}

/** What a person said: `previous` comes before `one`, or nothing does. */
export function assignedLink(
  one: Fragment,
  previous: Fragment | null,
  given: Partial<AssignedLink> = {},
): AssignedLink {
  const named = ({ sessionId, path }: Fragment): NamedFragment => ({ sessionId, path });
  return {
    path: ".session-forensics/links/0.json",
    agent: "main",
    fragment: named(one),
    previous: previous === null ? null : named(previous),
    key: null,
    archiveReason: "reset",
    by: "kim@workbench",
    at: NOW,
    ...given,
  };
}

/** A place in a chain, with other fragments by their numbers. */
export interface SeenLink {
  readonly from: number | null;
  readonly certainty: Certainty | null;
  readonly evidence: readonly EvidenceKind[];
  readonly alternatives: readonly number[];
  readonly open: string | null;
  /** Key of the whole chain, and how sure it is. */
  readonly key: string | null;
  readonly keyCertainty: Certainty | null;
}

/** Links the agent and tells of each fragment, by its number, what it follows. Numbers must not repeat. */
export function linksOf(parts: AgentParts): ReadonlyMap<number, SeenLink> {
  return seenIn(linkChains(agentOf(parts)));
}

/** What the fragment of `number` follows. */
export function linkOf(parts: AgentParts, number: number): SeenLink {
  const seen = linksOf(parts).get(number);
  if (seen === undefined) throw new RangeError(`no fragment ${number} in any chain`);
  return seen;
}

function seenIn(chains: readonly Chain[]): Map<number, SeenLink> {
  const members = chains.flatMap((chain) => chain.fragments.map((one) => ({ chain, one })));
  const numbers = new Map(members.map(({ one }) => [one.fragment.path, numberOf(one.fragment)]));
  const number = ({ path }: { readonly path: string }): number => numbers.get(path) ?? Number.NaN;
  return new Map(
    members.map(({ chain, one: { fragment: here, link, alternatives, open } }) => [
      numberOf(here),
      {
        from: link === null ? null : number(link.previous),
        certainty: link?.certainty ?? null,
        evidence: link?.evidence.map(({ kind }) => kind) ?? [],
        alternatives: alternatives.map(number),
        open,
        key: chain.key?.key ?? null,
        keyCertainty: chain.key?.certainty ?? null,
      },
    ]),
  );
}

function numberOf({ sessionId }: Fragment): number {
  return Number.parseInt(sessionId?.slice(-12) ?? "", 16);
}
