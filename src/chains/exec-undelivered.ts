/** Why an exec has no delivery: none came, one that came more likely means another exec, or not all could be looked into. */
import { count } from "../model/amounts.ts";
import type { ExecEnding, ExecPlace, ExecUndelivered } from "../model/exec.ts";
import { utc } from "../model/time.ts";
import type { ToldStart } from "./exec-entries.ts";
import type { ScopedFragment } from "./exec-scope.ts";

/** `candidates`: notices that can mean it; `own`: the fragments that probably have its session key. */
export function whyUndelivered(
  start: ToldStart,
  ending: ExecEnding | null,
  candidates: readonly ExecPlace[],
  own: readonly ScopedFragment[],
): ExecUndelivered {
  const until = own.reduce((last: number | null, { fragment: { endedAt } }) => {
    return last === null || (endedAt !== null && endedAt > last) ? endedAt : last;
  }, null);
  if (candidates.length > 0) {
    const text = `${count(candidates.length, "notice")} came that can mean it, and more likely ${candidates.length === 1 ? "means" : "mean"} another exec.`;
    return { reason: "perhaps", text, candidates, until };
  }
  const unread = own.filter((one) => one.fragment.execs === null && mayHoldNotice(one, start));
  if (unread.length > 0) {
    const more = unread.length === 1 ? "" : ` and ${count(unread.length - 1, "other fragment")}`;
    const text = `Whether a notice came is not known: ${unread[0]!.fragment.path}${more} could not be read for it.`;
    return { reason: "unknown", text, candidates, until };
  }
  const seen = ending === null ? "" : " The agent saw its end by a poll.";
  const read = `${count(own.length, "fragment")} of its session`;
  if (own.some((one) => one.isCutOff || (one.lacksBefore && isAfter(one, start)))) {
    const text = `No notice stands in the ${read} that are here, but not all that followed is here.${seen}`;
    return { reason: "unknown", text, candidates, until };
  }
  const last = until === null ? "" : `, of which the last was written at ${utc(until)}`;
  const isGuessed = own.some((one) => one.isGuessed && isAfter(one, start));
  const doubt = isGuessed ? " That none is missing between them is inferred." : "";
  const text = `No notice of its end stands in the ${read}${last}.${doubt}${seen}`;
  return { reason: "never", text, candidates, until };
}

/** What is missing before a later fragment came after the start. */
function isAfter({ fragment }: ScopedFragment, { scoped, trace }: ToldStart): boolean {
  if (fragment === scoped.fragment) return false;
  return fragment.startedAt === null || trace.at === null || fragment.startedAt > trace.at;
}

function mayHoldNotice({ fragment }: ScopedFragment, { scoped, trace }: ToldStart): boolean {
  if (fragment === scoped.fragment) return true;
  const ended = fragment.archivedAt ?? null;
  return ended === null || trace.at === null || ended >= trace.at;
}
