/** From a step to the moves that it is made of. */
import { basename } from "node:path";

import { ABSENT, type PathState, type Step } from "../../model/plan.ts";
import { expected } from "./expectation.ts";
import type { Claim, Move } from "./journal.ts";
import { refuse } from "./refused.ts";
import type { RunPlaces } from "./room.ts";

/** File systems allow 255 bytes; a letter has up to four. */
const LONGEST_NAME = 60;

export interface StepInput {
  readonly home: string;
  readonly step: Step;
  readonly index: number;
  readonly places: RunPlaces;
  /** What was made ready for it. */
  readonly staged: PathState | undefined;
  readonly claim: Claim | null;
}

/** The moves of a step, in order, over what stands there now; refuses when that is not what the step expects. */
export function movesOf({ home, step, index, places, staged, claim }: StepInput): Move[] {
  const found = expected(home, step.path, step.before);
  const ours = places.staged(String(index));
  if (step.do === "move-aside") {
    const aside = places.aside(asideName(index, step.path));
    return [{ kind: "take", live: step.path, ours: aside, aside: null, state: found, displaced: ABSENT, claim }];
  }
  if (step.do !== "rename") {
    if (staged === undefined) return refuse("failed", step.path, `Nothing was made ready for ${step.path}.`);
    return [putting(step.path, ours, staged, found, places, index)];
  }
  const displaced = expected(home, step.to, step.toBefore);
  return [
    { kind: "take", live: step.path, ours, aside: null, state: found, displaced: ABSENT, claim: null },
    putting(step.to, ours, found, displaced, places, index),
  ];
}

function putting(
  live: string,
  ours: string,
  state: PathState,
  displaced: PathState,
  places: RunPlaces,
  index: number,
): Move {
  if (displaced.is === "absent") return { kind: "place", live, ours, aside: null, state, displaced, claim: null };
  if (displaced.is !== "file" || state.is !== "file") {
    refuse("conflict", live, `Only a file can take the place of a file at once: move ${live} aside first.`);
  }
  return { kind: "swap", live, ours, aside: places.aside(asideName(index, live)), state, displaced, claim: null };
}

/** Names stay readable in our room; the index keeps them apart. */
function asideName(index: number, path: string): string {
  return `${index}-${basename(path).slice(-LONGEST_NAME)}`;
}
