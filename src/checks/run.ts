/** Runs every rule of the table over one home and gives its findings a stable id and order. */
import type { Finding } from "../model/finding.ts";
import type { Lock } from "../model/lock.ts";
import type { HomeReading } from "../model/reading.ts";
import type { ShadowComparison } from "../model/shadow.ts";
import type { AgentSnapshot, EnvironmentWarning } from "../model/snapshot.ts";

/** One home, read, linked and with its locks judged. */
export interface CheckedHome {
  readonly reading: HomeReading;
  readonly agents: readonly AgentSnapshot[];
  readonly locks: readonly Lock[];
  /** Present for a shadow or nested home. */
  readonly comparison?: ShadowComparison;
}

export interface CheckInput {
  readonly home: CheckedHome;
  /** Every other home of the scan: a lost transcript may have a copy there. */
  readonly others: readonly CheckedHome[];
  /** Milliseconds, UTC. */
  readonly now: number;
  /** A live lock older than this is a warning. */
  readonly locksWarnAfterSeconds: number;
  readonly environment: readonly EnvironmentWarning[];
}

/** Everything that is wrong or at risk in one home, worst first, in an order that depends on nothing but the input. */
export function runChecks(_input: CheckInput): Finding[] {
  return [];
}
