/** What a rule is: a pure look at one home, which drafts findings. */
import type { TranscriptDamage } from "../model/damage.ts";
import type { Evidence, EventPlace } from "../model/evidence.ts";
import type { Finding, FindingRange, Severity } from "../model/finding.ts";
import type { Lock } from "../model/lock.ts";
import type { HomeReading } from "../model/reading.ts";
import type { ShadowComparison } from "../model/shadow.ts";
import type { AgentSnapshot, EnvironmentWarning } from "../model/snapshot.ts";
import type { FindingCode } from "./codes.ts";

/** Damage of fragments, by their places (`placeId`). */
export type DamageByPlace = ReadonlyMap<string, readonly TranscriptDamage[]>;

/** One home, read, linked and with its locks judged. */
export interface CheckedHome {
  readonly reading: HomeReading;
  readonly agents: readonly AgentSnapshot[];
  readonly locks: readonly Lock[];
  /** Present for a shadow or nested home. */
  readonly comparison?: ShadowComparison;
  /** What whole reads found, by the place of the fragment; only of fragments that did not change since, and only damage. */
  readonly damage?: DamageByPlace;
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

/** A finding before it has its id and its severity from the table. */
export interface Draft {
  readonly code: FindingCode;
  /** Where the case is milder or graver than the table says. */
  readonly severity?: Severity;
  /** Home-relative path. */
  readonly path: string;
  /** What makes the finding the same one in the next scan, where that is not its path. */
  readonly identity?: string;
  readonly range?: FindingRange;
  /** The event that it is about, where a database lies at the path. */
  readonly event?: EventPlace;
  readonly damage?: TranscriptDamage;
  readonly message: string;
  readonly evidence: readonly Evidence[];
  readonly agent?: string;
  readonly sessionKey?: string;
  readonly related?: Finding["related"];
}

/** One rule, in a file of its own under rules/. */
export type Rule = (input: CheckInput) => Draft[];
