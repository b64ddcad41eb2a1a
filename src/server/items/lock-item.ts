/** A lock as a row. */
import { findingsAt, locateFragment, worstOf } from "../../engine/lookup.ts";
import { homePath } from "../../engine/present/homes.ts";
import { lockOwner, reasonText } from "../../engine/present/locks.ts";
import { escaped } from "../../engine/present/names.ts";
import { sessionLabel } from "../../engine/present/sessions.ts";
import { moment } from "../../engine/present/times.ts";
import type { Lock } from "../../model/lock.ts";
import type { HomeSnapshot } from "../../model/snapshot.ts";
import type { TooltipLine } from "../../protocol/items.ts";
import type { LockItem } from "../../protocol/locks.ts";
import { pathFrom } from "../../system/files.ts";
import { fileTarget } from "../paths.ts";
import { sessionRef } from "./session-item.ts";
import { findingTips, tip } from "./texts.ts";

function tooltip(home: HomeSnapshot, lock: Lock): TooltipLine[] {
  const { holder } = lock;
  const startedAt = holder?.startedAt ?? null;
  return [
    tip(`Lock ${lock.verdict}`, lock.explanation),
    tip("File", lock.path),
    ...(holder === undefined ? [] : [tip(`Process ${lock.pid ?? "?"}`, holder.command)]),
    ...(startedAt === null ? [] : [tip("Started", moment(startedAt))]),
    ...(lock.createdAt === null ? [] : [tip("Made", moment(lock.createdAt))]),
    ...lock.reasons.map((reason) => tip(reason, reasonText(reason))),
    ...findingTips(findingsAt(home, lock.path)),
  ];
}

function label(home: HomeSnapshot, lock: Lock, userHome: string): string {
  if (lock.of === "gateway") return `gateway of ${homePath(home.home.path, userHome)}`;
  const located = locateFragment(home, lock.target);
  if (located === undefined) return lock.target.replace(/^.*\//, "");
  return sessionLabel(located.entry.session, located.agent.reading.name);
}

export function lockItem(home: HomeSnapshot, lock: Lock, userHome: string): LockItem {
  const located = locateFragment(home, lock.target);
  const findings = findingsAt(home, lock.path);
  return {
    label: escaped(label(home, lock, userHome)),
    description: `${lock.verdict} · ${lockOwner(lock)}`,
    tooltip: tooltip(home, lock),
    worst: worstOf(findings),
    homeId: home.home.id,
    file: fileTarget(pathFrom(home.home.path, lock.path)),
    target: fileTarget(pathFrom(home.home.path, lock.target)),
    of: lock.of,
    session: located === undefined ? null : sessionRef({ home, agent: located.agent, session: located.entry.session }),
    verdict: lock.verdict,
    reasons: lock.reasons,
    pid: lock.pid,
    createdAt: lock.createdAt,
    findingIds: findings.map((one) => one.id),
  };
}
