/** What a match between a notice and the start of an exec rests on, in words. */
import { duration } from "../model/amounts.ts";
import type { Evidence } from "../model/evidence.ts";
import { utc } from "../model/time.ts";
import { entryEvidence, entryName, type ToldNotice, type ToldStart, type ToldUnnamed } from "./exec-entries.ts";
import { kinship, type ScopedFragment } from "./exec-scope.ts";

/** What else a notice that names its exec could have meant. */
export interface NamedRivals {
  /** How many other starts the notice may tell of. */
  readonly others: number;
  /** Starts of that name that are known to have been reported by other notices. */
  readonly reported: number;
  /** Fragments that could hold another such start, and were not read. */
  readonly unread: readonly ScopedFragment[];
  /** A fragment between start and notice before which another is missing. */
  readonly lacking: ScopedFragment | null;
  /** Another notice names the same exec, and tells something else. */
  readonly contested: ToldNotice | null;
}

/** The evidence of a notice that names its exec. */
export function namedEvidence(notice: ToldNotice, start: ToldStart, rivals: NamedRivals): Evidence[] {
  const told = entryEvidence(notice.scoped.fragment, notice.place.line);
  const evidence: Evidence[] = [
    { kind: "exec-completion", text: nameText(notice, start, rivals), ...told },
    ...kinEvidence(notice, start),
  ];
  if (isEchoed(notice, start)) {
    evidence.push({ kind: "exec-completion", text: "its command holds the output that the notice gives", ...told });
  }
  const time = timeText(start, notice.trace.at, notice.trace.stated === true ? "ended" : "was told");
  if (time !== null)
    evidence.push({ kind: "time-window", text: time, ...entryEvidence(start.scoped.fragment, start.place.line) });
  if (rivals.contested !== null) {
    const text = `another notice, at ${entryName(rivals.contested)}, names the same exec: one of the two is of an exec that isn't here`;
    evidence.push({ kind: "exec-completion", text });
  }
  const first = rivals.unread[0];
  if (first !== undefined) {
    const more = rivals.unread.length === 1 ? "" : ` and ${rivals.unread.length - 1} more`;
    evidence.push({
      kind: "file",
      text: `another such exec may have been started in ${first.fragment.path}${more}, which could not be read`,
    });
  }
  if (rivals.lacking !== null) {
    const text = "what came before this fragment is not here, and may have started another exec of that name";
    evidence.push({ kind: "file", text, path: rivals.lacking.fragment.path });
  }
  return evidence;
}

function nameText({ trace }: ToldNotice, start: ToldStart, { others: rivals, reported }: NamedRivals): string {
  if (trace.approvalId !== undefined && "approvalId" in start)
    return `the notice names the approval ${trace.approvalId}, for which this command waited`;
  const names =
    trace.form === "trajectory"
      ? `the message itself names no exec; the prompt of the run that answered it, kept in the trajectory, names ${trace.slug}`
      : `the notice names ${trace.slug}`;
  const others = reported === 0 ? "" : `, but for ${reported} that other notices reported`;
  if (rivals === 0) {
    return `${names}, and of the execs that began before it only ${start.trace.slug} has such a name${others}`;
  }
  return `${names}, and ${rivals + 1} execs that began before it have such names${others}: this one is likeliest`;
}

/** Why the two belong to one session key, or what is not known about that. */
function kinEvidence(notice: ToldNotice | ToldUnnamed, start: ToldStart): Evidence[] {
  if (notice.scoped.fragment === start.scoped.fragment) return [];
  const place = entryEvidence(start.scoped.fragment, start.place.line);
  const key = notice.scoped.key ?? start.scoped.key;
  switch (kinship(notice.scoped, start.scoped)) {
    case "sure": {
      const whose = key === null ? "the same session" : key;
      return [{ kind: "exec-completion", text: `it was started in another fragment of ${whose}`, ...place }];
    }
    case "likely":
      return [
        {
          kind: "exec-completion",
          text: "it was started in a fragment that most likely has the same session key",
          ...place,
        },
      ];
    default:
      return [
        { kind: "exec-completion", text: "whether both fragments are of one session key is not known", ...place },
      ];
  }
}

/** Whether the output is a word of the command: little that is printed by chance stands there. */
export function isEchoed({ trace }: ToldNotice, start: ToldStart): boolean {
  const output = trace.outcome?.output ?? "";
  return output.length >= SHORTEST_ECHO && start.trace.command?.includes(output) === true;
}

const SHORTEST_ECHO = 6;

/** The evidence of a notice that names no exec: nothing but times. */
export function unnamedEvidence(notice: ToldUnnamed, start: ToldStart, others: number): Evidence[] {
  const time = timeText(start, notice.trace.at, "was told");
  const which =
    others === 0
      ? "it is the only exec of this session key that began before and was not reported otherwise"
      : `of the ${others + 1} execs of this session key that began before and were not reported otherwise it began last`;
  const text = `the notice names no exec; ${which}${time === null ? "" : ` (${time})`}`;
  const told: Evidence = { kind: "time-window", text, ...entryEvidence(notice.scoped.fragment, notice.place.line) };
  return [told, ...kinEvidence(notice, start)];
}

function timeText(start: ToldStart, at: number | null, verb: string): string | null {
  const began = start.trace.at;
  if (began === null || at === null) return null;
  return `started at ${utc(began)}, ${verb} ${duration(Math.max(0, at - began))} later`;
}
