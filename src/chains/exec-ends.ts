/** Ends of execs that the agent saw by itself: results of the process tool, which name the whole slug. */
import type { Evidence } from "../model/evidence.ts";
import type { ExecEnding } from "../model/exec.ts";
import type { Certainty } from "../model/session.ts";
import { entryEvidence, type ToldEnd, type ToldExecs, type ToldStart } from "./exec-entries.ts";
import { kinship } from "./exec-scope.ts";

/** Clocks of one machine: a result is written after the process was started. */
const GRAIN_MS = 1000;

/** The first end that was seen of each exec. */
export function polledEnds({ ends, starts }: ToldExecs): Map<ToldStart, ExecEnding> {
  const bySlug = Map.groupBy(starts, ({ trace }) => trace.slug);
  const found = new Map<ToldStart, ExecEnding>();
  for (const end of ends) {
    const candidates = (bySlug.get(end.trace.slug) ?? []).filter((start) => canEnd(start, end));
    // A slug is given out anew only when no process has it: it is the last one of that name.
    const start = candidates.at(-1);
    if (start !== undefined && !found.has(start)) found.set(start, ending(start, end, candidates.length));
  }
  return found;
}

function canEnd(start: ToldStart, end: ToldEnd): boolean {
  const kin = kinship(start.scoped, end.scoped);
  if (kin === "never" || kin === "possible") return false;
  return start.trace.at === null || end.trace.at === null || start.trace.at <= end.trace.at + GRAIN_MS;
}

function ending(start: ToldStart, { place, scoped, trace }: ToldEnd, ofThatName: number): ExecEnding {
  const isSure = kinship(start.scoped, scoped) === "sure";
  const certainty: Certainty = isSure ? (ofThatName === 1 ? "recorded" : "derived") : "inferred";
  const which = ofThatName === 1 ? "" : `, the last of ${ofThatName} execs of that name`;
  const text = `the agent asked for ${trace.slug}${which}, and was told that it had ended`;
  const evidence: Evidence = { kind: "exec-completion", text, ...entryEvidence(scoped.fragment, place.line) };
  return { ...trace.outcome, place, certainty, evidence: [evidence] };
}
