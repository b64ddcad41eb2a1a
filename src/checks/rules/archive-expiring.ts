/** chain/archive-expiring: reset archives that session maintenance will remove within days. */
import type { Fragment } from "../../model/fragment.ts";
import type { AgentSnapshot } from "../../model/snapshot.ts";
import { isSaved, oldestReset } from "../facts.ts";
import { momentText } from "../moments.ts";
import type { CheckInput, Draft, Rule } from "../rule.ts";

const DAY_MS = 86_400_000;
/** Warned of when this share of the retention is over: after 25 of 30 days. */
const WARN_SHARE = 25 / 30;
const MOST_NAMED = 20;

/** Only where a gateway works: the maintenance runs in canonical homes. */
export const archiveExpiring: Rule = (input) => {
  const { archiveRetentionDays: days, home } = input.home.reading;
  if (days === null || home.role !== "canonical") return [];
  return input.home.agents.flatMap((agent) => draftsOf(agent, days, input));
};

function draftsOf(agent: AgentSnapshot, days: number, { home, now }: CheckInput): Draft[] {
  if (now - oldestReset(agent.reading) <= days * WARN_SHARE * DAY_MS) return [];
  const expiring = agent.reading.fragments
    .filter(
      (one) =>
        one.kind === "reset" &&
        ageOf(one, now) > days * WARN_SHARE * DAY_MS &&
        !isSaved(agent.reading, one.path, one.bytes),
    )
    .toSorted((a, b) => (a.archivedAt ?? 0) - (b.archivedAt ?? 0));
  const [oldest] = expiring;
  return oldest === undefined ? [] : [draftOf(agent, expiring, oldest, days, home.reading.archiveRetentionSource, now)];
}

function ageOf(archive: Fragment, now: number): number {
  return archive.archivedAt === null ? 0 : now - archive.archivedAt;
}

function draftOf(
  agent: AgentSnapshot,
  expiring: readonly Fragment[],
  oldest: Fragment,
  days: number,
  source: string,
  now: number,
): Draft {
  const due = (oldest.archivedAt ?? now) + days * DAY_MS;
  const when = due <= now ? "The oldest may go at any moment." : `The oldest goes after ${momentText(due)}.`;
  const named = expiring.slice(0, MOST_NAMED);
  const many = expiring.length === 1 ? "1 reset archive" : `${expiring.length} reset archives`;
  return {
    code: "chain/archive-expiring",
    path: agent.reading.sessionsPath,
    message:
      `${many} of agent ${agent.reading.name} will soon be removed: OpenClaw keeps them for ${days} days (${source}). ${when} ` +
      "Copy them elsewhere, or set session.maintenance.resetArchiveRetention to false.",
    evidence: named.map((one) => ({ kind: "file", text: `put away ${momentText(one.archivedAt)}`, path: one.path })),
    agent: agent.reading.name,
    related: named.map((one) => ({ path: one.path, label: "about to be removed" })),
  };
}
