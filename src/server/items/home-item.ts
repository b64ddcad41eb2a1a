/** Homes and agents as rows, and the counts above them. */
import { findingsAt, worstOf } from "../../engine/lookup.ts";
import { count } from "../../model/amounts.ts";
import {
  eraName,
  homeFamilies,
  homePath,
  pendingNote,
  programName,
  relationName,
  roleName,
  shadowStanding,
  shadowSummary,
  troubles,
  storeNote,
} from "../../engine/present/homes.ts";
import { databaseFacts, databaseTrouble } from "../../engine/present/databases.ts";
import { escaped } from "../../engine/present/names.ts";
import type { Lock } from "../../model/lock.ts";
import type { AgentSnapshot, HomeSnapshot, Snapshot } from "../../model/snapshot.ts";
import type { TooltipLine } from "../../protocol/items.ts";
import type { AgentItem, AgentTrouble, Counts, HomeItem, ShadowSummary } from "../../protocol/overview.ts";
import { pathFrom, pathWithin } from "../../system/files.ts";
import { fileTarget } from "../paths.ts";
import { homeFileTarget } from "../targets.ts";
import { findingCounts, findingTips, lockCounts, maybeTip, tip } from "./texts.ts";

const isTroubled = (home: HomeSnapshot, lock: Lock): boolean =>
  lock.verdict === "stale" || findingsAt(home, lock.path).some((one) => one.severity !== "info");

/** Counts over some homes. */
export function countsOf(homes: readonly HomeSnapshot[]): Counts {
  const agents = homes.flatMap((one) => one.agents);
  return {
    homes: homes.length,
    agents: agents.length,
    sessions: agents.reduce((sum, one) => sum + one.sessions.length, 0),
    fragments: agents.reduce((sum, one) => sum + one.reading.fragments.length, 0),
    locks: lockCounts(homes.flatMap((one) => one.locks)),
    troubledLocks: homes.reduce((sum, one) => sum + one.locks.filter((lock) => isTroubled(one, lock)).length, 0),
    findings: findingCounts(homes.flatMap((one) => one.findings)),
  };
}

const PENDING_TIPS: Readonly<Record<NonNullable<AgentSnapshot["pending"]>, string>> = {
  reading: "the transcripts are still being read; here are the sessions that the store lists",
  linking: "only sure links are here; the others are still being weighed, and so are the findings that rest on them",
};

/** Why sessions of the agent may be missing here: databases that could not be read, or not as a whole. */
function troublesOf(home: HomeSnapshot, { reading }: AgentSnapshot): AgentTrouble[] {
  return reading.databases.flatMap((one) => {
    const trouble = databaseTrouble(one);
    if (trouble === null) return [];
    const findings = findingsAt(home, one.path);
    const text = escaped(trouble);
    return [
      {
        file: fileTarget(pathFrom(home.home.path, one.path)),
        text,
        worst: worstOf(findings),
        findingId: findings[0]?.id ?? null,
      },
    ];
  });
}

/** Newest first would jump about; a home's agents keep the order of the scan. */
export function agentItem(home: HomeSnapshot, agent: AgentSnapshot): AgentItem {
  const { reading, sessions } = agent;
  const { store } = reading;
  const findings = home.findings.filter((one) => one.agent === reading.name);
  const locks = home.locks.filter((one) => one.path.startsWith(`${reading.sessionsPath}/`));
  const keyed = sessions.filter((one) => one.key !== null).length;
  const updates = sessions.map((one) => one.updatedAt ?? -Infinity);
  const updatedAt = updates.reduce((latest, one) => Math.max(latest, one), -Infinity);
  const parts = [
    count(keyed, "session"),
    pendingNote([agent]),
    locks.length === 0 ? "" : count(locks.length, "lock"),
    storeNote(home, reading),
    troubles(findings),
  ];
  return {
    homeId: home.home.id,
    name: reading.name,
    label: escaped(reading.name),
    description: parts.filter((one) => one !== "").join(" · "),
    tooltip: [
      tip("Sessions folder", reading.sessionsPath),
      ...maybeTip("A symlink to", reading.sessionsLinkTarget),
      tip("Store", `${store.path} (${store.state})`),
      ...reading.databases.map((one) => tip("Database", `${one.path}: ${databaseFacts(one)}`)),
      tip("Fragments", String(reading.fragments.length)),
      ...(agent.pending === undefined ? [] : [tip("Not all yet", PENDING_TIPS[agent.pending])]),
      ...findingTips(findings),
    ],
    worst: worstOf(findings),
    folder: fileTarget(pathFrom(home.home.path, reading.sessionsPath)),
    store: { ...homeFileTarget(home, store.path), state: store.state },
    troubles: troublesOf(home, agent),
    sessions: keyed,
    unattributed: sessions.length - keyed,
    fragments: reading.fragments.length,
    locks: lockCounts(locks),
    findings: findingCounts(findings),
    updatedAt: Number.isFinite(updatedAt) ? updatedAt : null,
  };
}

function shadowOf({ comparison }: HomeSnapshot): ShadowSummary | null {
  if (comparison === undefined) return null;
  const byRelation = Map.groupBy(comparison.pairs, (one) => one.relation);
  return {
    state: shadowStanding(comparison),
    lastWritten: comparison.lastWritten,
    pairs: [...byRelation].map(([relation, pairs]) => ({ relation: relationName(relation), count: pairs.length })),
  };
}

function homeTooltip(home: HomeSnapshot, shadow: ShadowSummary | null): TooltipLine[] {
  const { home: identity } = home;
  return [
    tip("Path", identity.path),
    tip("Role", roleName(identity.role)),
    ...identity.reasons.map((one) => tip(null, `– ${one.text}`)),
    ...maybeTip("Canonical home", identity.canonicalPath),
    tip("Program", `${programName(identity)}, ${eraName(identity.era)}`),
    ...(shadow?.pairs ?? []).map((one) => tip(one.relation, String(one.count))),
    ...home.skipped.slice(0, 5).map((one) => tip("Not read", `${one.path}: ${one.reason}`)),
  ];
}

const joined = (parts: readonly string[]): string => parts.filter((one) => one !== "").join(" · ");

/** A side bar is narrow: what matters most stands first, and what the rows below say themselves is left out. */
function labels(home: HomeSnapshot, canonical: HomeSnapshot | undefined, userHome: string): [string, string] {
  const { home: identity, comparison } = home;
  if (canonical === undefined) {
    const parts = [
      programName(identity),
      count(home.agents.length, "agent"),
      pendingNote(home.agents),
      troubles(home.findings),
    ];
    return [homePath(identity.path, userHome), joined(parts)];
  }
  const name = roleName(identity.role);
  const standing = comparison === undefined ? "" : shadowSummary(comparison);
  return [
    `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    joined([standing, pathWithin(canonical.home.path, identity.path)]),
  ];
}

export function homeItem(home: HomeSnapshot, canonical: HomeSnapshot | undefined, userHome: string): HomeItem {
  const { home: identity } = home;
  const shadow = shadowOf(home);
  const [label, description] = labels(home, canonical, userHome);
  return {
    ...fileTarget(identity.path),
    id: identity.id,
    label: escaped(label),
    description: escaped(description),
    tooltip: homeTooltip(home, shadow),
    worst: worstOf(home.findings),
    program: identity.program,
    era: identity.era,
    role: identity.role,
    canonicalId: canonical?.home.id ?? null,
    canonical: identity.canonicalPath === undefined ? null : fileTarget(identity.canonicalPath),
    shadow,
    counts: countsOf([home]),
    agents: home.agents.map((agent) => agentItem(home, agent)),
  };
}

/** Canonical homes as the scan has them, each followed by its shadows. */
export function homeItems(snapshot: Snapshot, userHome: string): HomeItem[] {
  return homeFamilies(snapshot.homes).flatMap(({ top, below }) => [
    homeItem(top, undefined, userHome),
    ...below.map((one) => homeItem(one, top, userHome)),
  ]);
}
