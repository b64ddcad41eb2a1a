/** Fragments that start background execs, poll them and report their ends; times are seconds after the beginning of the story. */
import { execProvenance } from "../../src/chains/exec-provenance.ts";
import { scopedFragments } from "../../src/chains/exec-scope.ts";
import { linkChains } from "../../src/chains/link.ts";
import { composeSessions } from "../../src/chains/sessions.ts";
import { finished } from "../../src/chains/steps.ts";
import type { ExecProvenance } from "../../src/model/exec.ts";
import type {
  ExecEndTrace,
  ExecFacts,
  ExecNoticeTrace,
  ExecOutcome,
  ExecStartTrace,
  UnnamedNoticeTrace,
} from "../../src/model/exec-trace.ts";
import type { Fragment } from "../../src/model/fragment.ts";
import { type AgentParts, at } from "./linking.ts";
import { agentReading, store } from "./model.ts";

export const outcome = (given: Partial<ExecOutcome> = {}): ExecOutcome => ({
  outcome: "completed",
  exitCode: 0,
  signal: null,
  output: null,
  ...given,
});

/** The entry id is "s" and the slug. */
export function start(slug: string, seconds: number, given: Partial<ExecStartTrace> = {}): ExecStartTrace {
  return { slug, at: at(seconds), line: 7, entryId: `s ${slug}`, writtenAt: at(seconds), pid: seconds, ...given };
}

/** The entry id is "n", the name, and the time. */
export function notice(slug: string, seconds: number, given: Partial<ExecNoticeTrace> = {}): ExecNoticeTrace {
  const told = { writtenAt: at(seconds + 1), stated: true, form: "system-line", outcome: outcome() } as const;
  return { slug, at: at(seconds), line: 9, entryId: `n ${slug} ${seconds}`, ...told, ...given };
}

/** The entry id is "u" and the time. */
export function unnamed(seconds: number): UnnamedNoticeTrace {
  return { at: at(seconds), line: 9, entryId: `u ${seconds}`, form: "runtime-context" };
}

/** The entry id is "p", the slug and the time. */
export function poll(slug: string, seconds: number, given: Partial<ExecOutcome> = {}): ExecEndTrace {
  return { slug, at: at(seconds), line: 8, entryId: `p ${slug} ${seconds}`, outcome: outcome(given) };
}

/** The fragment as one that was read, and tells this. */
export function telling(fragment: Fragment, facts: Partial<ExecFacts> = {}): Fragment {
  return { ...fragment, execs: { started: [], completed: [], ...facts } };
}

/** What is found in all fragments of an agent. */
export function provenanceOf({ fragments, rows = [], claims = [] }: AgentParts): ExecProvenance {
  const agent = agentReading({ store: store(rows), fragments, claims });
  const scoped = finished(scopedFragments(agent, composeSessions(agent, linkChains(agent))));
  return finished(execProvenance(scoped, () => true));
}
