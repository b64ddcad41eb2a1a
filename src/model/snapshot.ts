/** What a scan knows at one moment: the one value that every face shows. */
import type { Finding } from "./finding.ts";
import type { HomeIdentity } from "./home.ts";
import type { Lock } from "./lock.ts";
import type { AgentReading, Skipped } from "./reading.ts";
import type { Session } from "./session.ts";
import type { ShadowComparison } from "./shadow.ts";

export interface AgentSnapshot {
  readonly reading: AgentReading;
  readonly sessions: readonly Session[];
  /**
   * What is still going on, in a first look at a large home; absent once the agent is known as a whole. reading: there are
   * the sessions that the store lists, without fragments. linking: all was read, chains consist of sure links alone, and the
   * places that are being weighed are open with that reason.
   */
  readonly pending?: "reading" | "linking";
}

export interface HomeSnapshot {
  readonly home: HomeIdentity;
  readonly agents: readonly AgentSnapshot[];
  /** Paths relative to this home. */
  readonly locks: readonly Lock[];
  readonly findings: readonly Finding[];
  readonly skipped: readonly Skipped[];
  /** Present for a shadow or nested home. */
  readonly comparison?: ShadowComparison;
}

/** Whether the home is not known as a whole yet. */
export function isPending({ agents }: Pick<HomeSnapshot, "agents">): boolean {
  return agents.some(({ pending }) => pending !== undefined);
}

/** A warning about where the tool itself runs: its HOME lies inside an agent's isolated HOME. */
export interface EnvironmentWarning {
  readonly message: string;
  readonly home: string;
  readonly canonicalPath: string;
}

export interface Snapshot {
  /** Grows with every change; faces ask by id + revision. */
  readonly revision: number;
  /** Time of the scan, milliseconds UTC. */
  readonly at: number;
  readonly elapsedMs: number;
  readonly environment: readonly EnvironmentWarning[];
  readonly homes: readonly HomeSnapshot[];
  readonly skipped: readonly Skipped[];
  /** What was checked, for a healthy answer: counts. */
  readonly checked: {
    readonly homes: number;
    readonly agents: number;
    readonly sessions: number;
    readonly fragments: number;
    readonly locks: number;
    readonly stores: number;
  };
}
