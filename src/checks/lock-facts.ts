/** What the rules about locks say of one. */
import type { Evidence } from "../model/evidence.ts";
import type { Lock } from "../model/lock.ts";
import { fileAgents, rowEvidence, rowsByTranscript } from "./facts.ts";
import { momentText } from "./moments.ts";
import type { CheckedHome } from "./rule.ts";

/** The lock's content as evidence. */
export function lockEvidence(lock: Lock): Evidence {
  const made = lock.createdAt === null ? "without a time" : `made ${momentText(lock.createdAt)}`;
  const owner = lock.pid === null ? "names no process" : `names process ${lock.pid}`;
  const ticks = lock.startTicks === null ? "" : ` with start time ${lock.startTicks} ticks`;
  const reasons = lock.reasons.length === 0 ? "" : `; ${lock.verdict}: ${lock.reasons.join(", ")}`;
  return { kind: "file", text: `the lock ${owner}${ticks}, ${made}${reasons}`, path: lock.path };
}

interface LockedSession {
  readonly agent: string;
  readonly sessionKey: string;
  readonly evidence: readonly Evidence[];
}

/** The session whose transcript is locked, and what its row says of the run. */
export function lockedSession(lock: Lock, home: CheckedHome): LockedSession | null {
  for (const { reading } of fileAgents(home)) {
    const row = rowsByTranscript(reading).get(lock.target)?.[0];
    if (row === undefined) continue;
    const status = row.status === null ? "without a status" : `with status ${row.status}`;
    const evidence = [rowEvidence(reading, row, `it locks the transcript of ${row.key}, ${status}`)];
    return { agent: reading.name, sessionKey: row.key, evidence };
  }
  return null;
}
