/** Runs every rule over one home and gives its findings a stable id and order. */
import { createHash } from "node:crypto";
import type { Finding, Severity } from "../model/finding.ts";
import type { HomeIdentity } from "../model/home.ts";
import { listChanges, mappedAgain, sortedAgain } from "../model/list-changes.ts";
import { isPending } from "../model/snapshot.ts";
import { FINDING_KINDS } from "./codes.ts";
import type { CheckInput, Draft, Rule } from "./rule.ts";
import { READING_RULES, RULES } from "./rules.ts";

export type { CheckedHome, CheckInput } from "./rule.ts";

const SEVERITIES: readonly Severity[] = ["error", "warning", "info"];
const ID_DIGITS = 12;

/** What the rules said of a home the last time, so that what they say again need not be put together again. */
interface LastRun {
  readonly drafts: ReadonlyMap<Rule, readonly Draft[]>;
  /** For each draft its finding. */
  readonly found: ReadonlyMap<Rule, readonly Finding[]>;
  readonly sorted: readonly Finding[];
}

const LAST_RUNS = new WeakMap<HomeIdentity, LastRun>();

/**
 * Everything that is wrong or at risk in one home, worst first, in an order that depends on nothing but the input. Of a home
 * that is not known as a whole yet, only what will not be taken back. A finding that says the same as the last time is the
 * same object, and so is the list when all of them do.
 */
export function runChecks(input: CheckInput): readonly Finding[] {
  const { home } = input.home.reading;
  const last = LAST_RUNS.get(home);
  const drafts = new Map(rulesFor(input.home).map((rule) => [rule, rule(input)]));
  const found = new Map([...drafts].map(([rule, own]) => [rule, findingsOf(own, home, rule, last)]));
  const sorted = sortedFindings(found, last);
  LAST_RUNS.set(home, { drafts, found, sorted });
  return sorted;
}

/** The findings of one rule: those of drafts that say what they said before are the findings of before. */
function findingsOf(drafts: readonly Draft[], home: HomeIdentity, rule: Rule, last?: LastRun): readonly Finding[] {
  const [items, results] = [last?.drafts.get(rule), last?.found.get(rule)];
  if (items === undefined || results === undefined) return drafts.map((draft) => findingOf(draft, home));
  let known: ReadonlyMap<string, Finding> | undefined;
  return mappedAgain({ items, results }, drafts, (draft) => {
    const finding = findingOf(draft, home);
    known ??= new Map(results.map((one) => [one.id, one]));
    const same = known.get(finding.id);
    return same !== undefined && JSON.stringify(same) === JSON.stringify(finding) ? same : finding;
  });
}

function sortedFindings(found: LastRun["found"], last: LastRun | undefined): readonly Finding[] {
  const lists = [...found];
  if (last !== undefined && lists.length === last.found.size) {
    const changes = lists.map(([rule, findings]) => listChanges(last.found.get(rule) ?? [], findings));
    if (changes.every((one) => one !== null)) {
      const all = changes.flat();
      const removed = all.flatMap((change) => change.removed);
      const added = all.flatMap((change) => change.added);
      return all.length === 0 ? last.sorted : sortedAgain(last.sorted, removed, added, byWeight);
    }
  }
  return lists.flatMap(([, findings]) => findings).toSorted(byWeight);
}

/** The order of findings: the worst first, then by code, path and id. */
export function byWeight(a: Finding, b: Finding): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    compared(a.code, b.code) ||
    compared(a.path, b.path) ||
    compared(a.id, b.id)
  );
}

/** What is not read yet can't be judged, and neither can what rests on links before they are weighed. */
function rulesFor(home: CheckInput["home"]): readonly Rule[] {
  if (home.agents.some(({ pending }) => pending === "reading")) return [];
  return isPending(home) ? READING_RULES : RULES;
}

function findingOf(draft: Draft, home: HomeIdentity): Finding {
  const { code, path, range, event, damage, message, evidence, agent, sessionKey } = draft;
  return {
    id: idOf(draft, home),
    code,
    severity: draft.severity ?? FINDING_KINDS[code].severity,
    home: home.path,
    path,
    ...(range === undefined ? {} : { range }),
    ...(event === undefined ? {} : { event }),
    ...(damage === undefined ? {} : { damage }),
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
