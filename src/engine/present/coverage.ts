/** How a transcript that lies in a file stands to the database: as words, in a mark at a glance and in a sentence. */
import { count } from "../../model/amounts.ts";
import { type Fragment, placeId } from "../../model/fragment.ts";
import { type Coverage, type CoverageRelation, isOnlyCopy } from "../../model/migration.ts";
import type { AgentReading } from "../../model/reading.ts";
import type { Session } from "../../model/session.ts";

const BY_PLACE = new WeakMap<readonly Coverage[], ReadonlyMap<string, Coverage>>();

/** Undefined for a fragment that lies in a database, or that has none beside it. */
export function coverageOf({ coverage }: Pick<AgentReading, "coverage">, fragment: Fragment): Coverage | undefined {
  if (coverage.length === 0) return undefined;
  const known = BY_PLACE.get(coverage) ?? new Map(coverage.map((one) => [placeId(one.fragment), one]));
  BY_PLACE.set(coverage, known);
  return known.get(placeId(fragment));
}

const MARKS: Readonly<Record<CoverageRelation, string>> = {
  covered: "also in the database",
  prefix: "partly in the database",
  diverged: "differs from the database",
  missing: "not in the database",
};

/** "only copy", "also in the database"; null where there is nothing to say. */
export function coverageMark(coverage: Coverage | undefined): string | null {
  if (coverage === undefined || coverage.entries === 0) return null;
  return isOnlyCopy(coverage) ? "only copy" : MARKS[coverage.relation];
}

/** "Only copy: 5 of its 7 entries (3 messages) stand nowhere else in this home. The database holds the rest." */
export function coverageText(coverage: Coverage): string {
  const { entries, messagesOnlyHere, onlyHere, relation } = coverage;
  if (isOnlyCopy(coverage)) {
    const rest = relation === "missing" ? "The database has nothing of it." : "The database holds the rest.";
    const alone = `${onlyHere} of its ${count(entries, "entry")} (${count(messagesOnlyHere ?? 0, "message")})`;
    return `Only copy: ${alone} ${onlyHere === 1 ? "stands" : "stand"} nowhere else in this home. ${rest}`;
  }
  if (entries === 0) return "The file holds nothing but a header.";
  if (relation === "covered") return "The database holds all of it.";
  const part = relation === "missing" ? "The database has nothing of it" : "The database holds a part of it";
  return `${part}; the rest stands in other files of this home as well.`;
}

/** How many files of the session, in its chain and beside it, are only copies. */
export function onlyCopies(agent: Pick<AgentReading, "coverage">, { checkpoints, fragments }: Session): number {
  if (agent.coverage.length === 0) return 0;
  const all = [...fragments.map(({ fragment }) => fragment), ...checkpoints];
  return all.filter((fragment) => {
    const coverage = coverageOf(agent, fragment);
    return coverage !== undefined && isOnlyCopy(coverage);
  }).length;
}

/** "1 only copy", "3 only copies"; empty for none. */
export function onlyCopiesText(agent: Pick<AgentReading, "coverage">, session: Session): string {
  const number = onlyCopies(agent, session);
  return number === 0 ? "" : number === 1 ? "1 only copy" : `${number} only copies`;
}
