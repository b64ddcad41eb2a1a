/** Runs every rule over one home and gives its findings a stable id and order. */
import { createHash } from "node:crypto";
import type { Finding, Severity } from "../model/finding.ts";
import type { HomeIdentity } from "../model/home.ts";
import { isPending } from "../model/snapshot.ts";
import { FINDING_KINDS } from "./codes.ts";
import type { CheckInput, Draft, Rule } from "./rule.ts";
import { READING_RULES, RULES } from "./rules.ts";

export type { CheckedHome, CheckInput } from "./rule.ts";

const SEVERITIES: readonly Severity[] = ["error", "warning", "info"];
const ID_DIGITS = 12;

/**
 * Everything that is wrong or at risk in one home, worst first, in an order that depends on nothing but the input. Of a home
 * that is not known as a whole yet, only what will not be taken back.
 */
export function runChecks(input: CheckInput): Finding[] {
  const { home } = input.home.reading;
  const rules = rulesFor(input.home);
  const findings = rules.flatMap((rule) => rule(input)).map((draft) => findingOf(draft, home));
  return findings.toSorted(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      compared(a.code, b.code) ||
      compared(a.path, b.path) ||
      compared(a.id, b.id),
  );
}

/** What is not read yet can't be judged, and neither can what rests on links before they are weighed. */
function rulesFor(home: CheckInput["home"]): readonly Rule[] {
  if (home.agents.some(({ pending }) => pending === "reading")) return [];
  return isPending(home) ? READING_RULES : RULES;
}

function findingOf(draft: Draft, home: HomeIdentity): Finding {
  const { code, path, range, event, message, evidence, agent, sessionKey } = draft;
  return {
    id: idOf(draft, home),
    code,
    severity: draft.severity ?? FINDING_KINDS[code].severity,
    home: home.path,
    path,
    ...(range === undefined ? {} : { range }),
    ...(event === undefined ? {} : { event }),
    message,
    evidence,
    repairs: [],
    ...(agent === undefined ? {} : { agent }),
    ...(sessionKey === undefined ? {} : { sessionKey }),
    related: draft.related ?? [],
  };
}

/** The same trouble has the same id in every scan: it rests on code, home and place, not on wording or time. */
function idOf({ code, path, identity, sessionKey }: Draft, home: HomeIdentity): string {
  const place = identity === undefined ? [path, sessionKey ?? ""] : [identity];
  return createHash("sha256")
    .update([code, home.id, ...place].join("\0"))
    .digest("hex")
    .slice(0, ID_DIGITS);
}

function compared(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
