/** How homes, agents and the result of a scan read. */
import type { Finding } from "../../model/finding.ts";
import type { Era, HomeIdentity, Program, Role } from "../../model/home.ts";
import type { ShadowComparison, ShadowRelation } from "../../model/shadow.ts";
import type { AgentSnapshot, HomeSnapshot, Snapshot } from "../../model/snapshot.ts";
import { healthySummary } from "../../checks/healthy.ts";
import { count, duration, listed } from "../../model/amounts.ts";
import type { AgentReading } from "../../model/reading.ts";
import { isInside } from "../../system/files.ts";

const PROGRAMS: Readonly<Record<Program, string>> = {
  openclaw: "OpenClaw",
  opencode: "OpenCode",
  codex: "Codex CLI",
  claude: "Claude Code",
};

const ROLES: Readonly<Record<Role, string>> = {
  canonical: "canonical home",
  shadow: "shadow store",
  nested: "nested home",
  backup: "backup",
};

const ERAS: Readonly<Record<Era, string>> = {
  files: "file based",
  mixed: "files and SQLite",
  sqlite: "SQLite",
  json: "JSON documents",
};

/** "OpenClaw 2026.5.12" */
export const programName = (home: HomeIdentity): string =>
  `${PROGRAMS[home.program]}${home.release === undefined ? "" : ` ${home.release}`}`;

export const roleName = (role: Role): string => ROLES[role];

export const eraName = (era: Era): string => ERAS[era];

/** The path with the user's home folder as `~`. */
export function homePath(path: string, userHome: string): string {
  if (userHome.length < 2) return path;
  if (path === userHome) return "~";
  return path.startsWith(userHome) && /^[\\/]/.test(path.slice(userHome.length))
    ? `~${path.slice(userHome.length)}`
    : path;
}

const isProblem = (finding: Finding): boolean => finding.severity !== "info";

/** "3 problems", "2 notes", or "" when there is nothing to say. Problems are errors and warnings. */
export function troubles(findings: readonly Finding[]): string {
  const problems = findings.filter(isProblem).length;
  if (problems > 0) return count(problems, "problem");
  return findings.length > 0 ? count(findings.length, "note") : "";
}

const RELATIONS: Readonly<Record<ShadowRelation, string>> = {
  identical: "identical",
  "shadow-is-prefix": "behind the canonical one",
  "canonical-is-prefix": "ahead of the canonical one",
  diverged: "diverged",
  "only-shadow": "only in the shadow",
  "only-canonical": "only in the canonical home",
};

export const relationName = (relation: ShadowRelation): string => RELATIONS[relation];

/** How the shadow as a whole stands to the canonical home. */
export type ShadowStanding = "linked" | "identical" | "behind" | "ahead" | "diverged" | "unknown";

/** diverged as soon as either side has something that the other lacks; behind or ahead when one side only adds to the other. */
export function shadowStanding(comparison: ShadowComparison): ShadowStanding {
  if (comparison.linked) return "linked";
  const relations = new Set(comparison.pairs.map((one) => one.relation));
  if (relations.size === 0) return "unknown";
  const shadowAdds = relations.has("only-shadow") || relations.has("canonical-is-prefix");
  const canonicalAdds = relations.has("only-canonical") || relations.has("shadow-is-prefix");
  if (relations.has("diverged") || (shadowAdds && canonicalAdds)) return "diverged";
  if (shadowAdds) return "ahead";
  return canonicalAdds ? "behind" : "identical";
}

const STANDINGS: Readonly<Record<ShadowStanding, string>> = {
  linked: "the same folder as the canonical one, by symlink: healthy",
  identical: "identical to the canonical one",
  behind: "behind the canonical one",
  ahead: "has what the canonical one lacks",
  diverged: "diverged from the canonical one",
  unknown: "not compared with the canonical one",
};

function writtenLast(comparison: ShadowComparison): string {
  if (comparison.lastWritten === "unknown") return "";
  if (comparison.lastWritten === "same" || comparison.apartMs === null) return "both last written at the same time";
  const order = comparison.lastWritten === "shadow" ? "after" : "before";
  return `written ${duration(comparison.apartMs)} ${order} the canonical one`;
}

/** "diverged from the canonical one · written 3 days after the canonical one" */
export function shadowSummary(comparison: ShadowComparison): string {
  const standing = shadowStanding(comparison);
  const parts = [STANDINGS[standing], standing === "linked" ? "" : writtenLast(comparison)];
  return parts.filter((one) => one !== "").join(" · ");
}

export interface HomeFamily {
  readonly top: HomeSnapshot;
  /** Its shadows, nested homes and backups. */
  readonly below: readonly HomeSnapshot[];
}

/** Homes with those that belong to them; a home whose canonical one was not scanned stands for itself. */
export function homeFamilies(homes: readonly HomeSnapshot[]): HomeFamily[] {
  const byPath = new Map(homes.map((one) => [one.home.path, one]));
  const topOf = (home: HomeSnapshot): HomeSnapshot => {
    const passed = new Set<HomeSnapshot>();
    let top = home;
    while (!passed.has(top)) {
      passed.add(top);
      top = byPath.get(top.home.canonicalPath ?? "") ?? top;
    }
    return top;
  };
  return [...Map.groupBy(homes, topOf)].map(([top, members]) => ({ top, below: members.filter((one) => one !== top) }));
}

/** "2 agents · 14 sessions · 2 unattributed chains · 3 problems" */
export function homeSummary(home: HomeSnapshot): string {
  const sessions = home.agents.flatMap((one) => one.sessions);
  const lost = sessions.filter((one) => one.key === null).length;
  const parts = [
    count(home.agents.length, "agent"),
    count(sessions.length - lost, "session"),
    lost === 0 ? "" : count(lost, "unattributed chain"),
    troubles(home.findings),
  ];
  return parts.filter((one) => one !== "").join(" · ");
}

/** What is still going on with some of these agents, the earlier stage first; null when all are known as a whole. */
export function pendingStage(agents: readonly AgentSnapshot[]): NonNullable<AgentSnapshot["pending"]> | null {
  const stages = new Set(agents.map(({ pending }) => pending));
  return (["reading", "linking"] as const).find((stage) => stages.has(stage)) ?? null;
}

/** Says that what is shown is not all yet; empty when it is. */
export function pendingNote(agents: readonly AgentSnapshot[]): string {
  const stage = pendingStage(agents);
  return stage === null ? "" : `${stage}…`;
}

/** What is unusual about where an agent's rows are, "store missing"; empty when nothing is. */
export function storeNote({ home }: HomeSnapshot, { store, sessionsLinkTarget }: AgentReading): string {
  if (store.state === "ok") return "";
  const { canonicalPath } = home;
  const isShared =
    sessionsLinkTarget !== null && canonicalPath !== undefined && isInside(canonicalPath, sessionsLinkTarget);
  return isShared ? "a symlink to the canonical sessions" : `store ${store.state}`;
}

/** "1 home, 2 agents, 14 sessions, 20 fragments, 2 locks and 2 stores" */
export function checkedSummary({ checked }: Snapshot): string {
  return listed([
    count(checked.homes, "home"),
    count(checked.agents, "agent"),
    count(checked.sessions, "session"),
    count(checked.fragments, "fragment"),
    count(checked.locks, "lock"),
    count(checked.stores, "store"),
  ]);
}

/** Says that nothing is wrong and what was checked; null when something is wrong or there is no home. */
export function healthySentence(snapshot: Snapshot): string | null {
  const { homes, environment } = snapshot;
  if (homes.length === 0 || environment.length > 0) return null;
  const sentences = homes.map(healthySummary);
  if (sentences.includes(null)) return null;
  const [only = null, ...others] = sentences;
  return others.length === 0 ? only : `Nothing is wrong in any of these homes. Checked: ${checkedSummary(snapshot)}.`;
}
