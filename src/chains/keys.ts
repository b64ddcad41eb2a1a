/** Keys that the agent wrote down for a fragment: store rows, usage families, checkpoint rows, trajectories, runs. */
import type { AgentReading, ClaimSource, KeyClaim } from "../model/reading.ts";
import { rowPlace } from "../model/store.ts";
import { utc } from "../model/time.ts";
import type { KnownKey, Node } from "./node.ts";
import { claimsByRun } from "./run-keys.ts";

/** For each node the session key that is written down for it, or null. Where two sources disagree, neither counts. */
export function writtenKeys(nodes: readonly Node[], agent: AgentReading): (KnownKey | null)[] {
  const byId = keysBySessionId(agent);
  const byFile = keysByFileId(agent.claims);
  const byRun = claimsByRun(nodes, agent.claims);
  return nodes.map((node) => {
    if (node.row !== null) return rowKey(agent, node);
    const { sessionId, fileId } = node.fragment;
    const named = sessionId === null ? undefined : byId.get(sessionId);
    if (named !== undefined) return named;
    const ofFile = fileId === null ? undefined : byFile.get(fileId);
    if (ofFile !== undefined) return ofFile;
    const run = byRun.get(node.index);
    return run === undefined ? null : runKey(run);
  });
}

function rowKey(agent: AgentReading, node: Node): KnownKey {
  const row = node.row!;
  const text = `the store row ${row.key} names this transcript`;
  return {
    key: row.key,
    certainty: "recorded",
    evidence: { kind: "store-row", text, ...rowPlace(agent.store, row) },
  };
}

/** No transcript of 2026.5 names its run: that the two belong together follows from their times. */
function runKey(claim: KeyClaim): KnownKey {
  const { evidence, key } = claimedKey(claim);
  const text = `${evidence.text}, begun with this fragment at ${utc(claim.at!)}`;
  return { key, certainty: "derived", evidence: { ...evidence, text } };
}

/** A key that is offered: its evidence is put into words only where it is taken. */
interface Offer {
  readonly key: string;
  readonly inWords: () => KnownKey;
}

/** A table that forgets an entry for which two different keys were offered. */
class AgreedKeys {
  private readonly known = new Map<string, Offer | null>();

  offer(id: string, key: string, inWords: () => KnownKey): void {
    const present = this.known.get(id);
    if (present === undefined) this.known.set(id, { key, inWords });
    else if (present !== null && present.key !== key) this.known.set(id, null);
  }

  get(id: string): KnownKey | undefined {
    return this.known.get(id)?.inWords();
  }
}

/** Trajectories come first: they were written while the fragment was current, a row only speaks of the past. */
function keysBySessionId(agent: AgentReading): { get(id: string): KnownKey | undefined } {
  const told = new AgreedKeys();
  for (const claim of agent.claims) {
    if (claim.sessionId !== null) told.offer(claim.sessionId, claim.key, () => claimedKey(claim));
  }
  const listed = new AgreedKeys();
  const rows = [agent.store, ...agent.formerStores].flatMap((store) =>
    store.rows.map((row) => ({ row, place: rowPlace(store, row) })),
  );
  for (const { row, place } of rows) {
    for (const id of row.familyIds) {
      const text = `the store row ${row.key} lists this session id in its usage family`;
      const key = row.familyKey ?? row.key;
      listed.offer(id, key, () => ({ key, certainty: "recorded", evidence: { kind: "store-family", text, ...place } }));
    }
    for (const checkpoint of row.checkpoints) {
      if (checkpoint.sessionId === null) continue;
      const text = `the store row ${row.key} lists a checkpoint of this session id`;
      listed.offer(checkpoint.sessionId, row.key, () => ({
        key: row.key,
        certainty: "recorded",
        evidence: { kind: "checkpoint", text, ...place },
      }));
    }
  }
  return { get: (id) => told.get(id) ?? listed.get(id) };
}

/** A file name is reused only within one key (2026.5.12), so a claim about the file holds for all its fragments. */
function keysByFileId(claims: readonly KeyClaim[]): AgreedKeys {
  const keys = new AgreedKeys();
  for (const claim of claims) {
    if (claim.fileId === null) continue;
    keys.offer(claim.fileId, claim.key, () => ({ ...claimedKey(claim), certainty: "derived" }));
  }
  return keys;
}

const CLAIMANTS: Readonly<Record<ClaimSource, string>> = {
  trajectory: "a trajectory line",
  window: "the database's record of the session",
  "archive-record": "the database's record of the archive",
  "former-store": "a row of the store before",
  "task-run": "the record of a run",
};

function claimedKey(claim: KeyClaim): KnownKey {
  const run = claim.runId === null ? "" : `, run ${claim.runId}`;
  const id = claim.sessionId === null ? "" : ` with session id ${claim.sessionId}`;
  const text = `${CLAIMANTS[claim.source]} carries ${claim.key}${id}${run}`;
  const place = claim.line === null ? { path: claim.path } : { path: claim.path, line: claim.line };
  return { key: claim.key, certainty: "recorded", evidence: { kind: claim.source, text, ...place } };
}
