/** What a repair is: a pure look at a finding (or a file), which says what to change and what speaks against it. */
import type { Finding } from "../model/finding.ts";
import type { HomeSnapshot } from "../model/snapshot.ts";
import type { Outline } from "./outline.ts";
import type { RepairPort } from "./port.ts";

/** What a repair is asked for. */
export interface RepairTarget {
  /** Null when a person asked for it without one. */
  readonly finding: Finding | null;
  /** Home-relative path of what it is about: a transcript, an archive, a lock, a store. */
  readonly path: string;
}

export interface RepairInput {
  readonly target: RepairTarget;
  /** Home of the target. */
  readonly home: HomeSnapshot;
  /** Every other home of the scan. */
  readonly others: readonly HomeSnapshot[];
  /** Id of what was chosen; null when nothing was, or there is no choice. */
  readonly choice: string | null;
  /** Milliseconds, UTC. */
  readonly now: number;
  /** A file that was written to more recently may be in use. */
  readonly quietMs: number;
  /** Who asks, such as "kim@workbench"; kept with links. */
  readonly by: string;
  readonly port: RepairPort;
}

/** One way to go on, for a person to choose. */
export interface Choice {
  readonly id: string;
  readonly label: string;
  /** What tells it from the others, such as size and times. */
  readonly detail: string;
  /** Taken when nothing is chosen. At most one has it. */
  readonly isDefault: boolean;
}

/** One repair, in a file of its own under kinds/. */
export interface Repair {
  readonly id: string;
  /** An imperative, such as "Move the stale lock aside". */
  readonly title: string;
  /** Plain sentences for docs/repairs.md. */
  readonly does: string;
  readonly never: string;
  /** Codes of the findings that it may be offered for; none when only a person asks for it, of a file. */
  readonly codes: readonly string[];
  /**
   * Whether it is offered for a finding of these codes; absent when it always is. Cheap: it is asked for every finding of
   * every scan.
   */
  readonly appliesTo?: (finding: Finding, home: HomeSnapshot) => boolean;
  /** Absent when there is never anything to choose. */
  readonly choices?: (input: RepairInput) => Promise<readonly Choice[]>;
  readonly outline: (input: RepairInput) => Promise<Outline>;
  /** Home that is written; the target's own unless said. */
  readonly writes?: (home: HomeSnapshot) => string;
}

/** What was chosen, or the default; null when a choice is needed and none was made, or none has that id. */
export function chosen(choices: readonly Choice[], choice: string | null): Choice | null {
  return choices.find(({ id, isDefault }) => (choice === null ? isDefault : id === choice)) ?? null;
}

/** Why nothing could be chosen, as the reason of a conflict. */
export function choiceReason(choices: readonly Choice[], choice: string | null, none: string): string {
  if (choices.length === 0) return none;
  if (choice !== null) return `There is no choice "${choice}". ${CHOOSE}`;
  return CHOOSE;
}

const CHOOSE = "Several ways are open here: choose one of them.";
