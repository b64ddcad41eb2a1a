/** How sessions, fragments, links and locks read. */
import type { Fragment, FragmentKind } from "../../model/fragment.ts";
import type { Lock } from "../../model/lock.ts";
import type { Certainty, LinkedFragment, Session } from "../../model/session.ts";
import { count, size } from "../../model/amounts.ts";
import { shortId } from "./names.ts";
import { shortMoment } from "./times.ts";

/** What a chain without a key goes by: its title, else the id of its newest fragment, else that one's file. */
function keylessLabel(session: Session): string {
  if (session.title !== "") return session.title;
  const newest = session.fragments.at(-1)?.fragment;
  if (newest === undefined) return session.id;
  return newest.sessionId === null ? newest.path.replace(/^.*\//, "") : shortId(newest.sessionId);
}

/** The key without the `agent:<name>:` that every key of the agent begins with. */
export function sessionLabel(session: Session, agent: string): string {
  if (session.key === null) return keylessLabel(session);
  const prefix = `agent:${agent}:`;
  return session.key.startsWith(prefix) && session.key.length > prefix.length
    ? session.key.slice(prefix.length)
    : session.key;
}

/** The store says that a run is going on. */
export const isRunning = (session: Session): boolean => session.row?.status === "running";

const CERTAINTIES: readonly Certainty[] = ["recorded", "assigned", "derived", "inferred"];

/** The weakest certainty among the links; "open" when one place has none though it may need one; null without any link. */
export function chainCertainty(session: Session): Certainty | "open" | null {
  if (session.fragments.some((one) => one.link === null && one.open !== null)) return "open";
  return CERTAINTIES.findLast((one) => session.fragments.some(({ link }) => link?.certainty === one)) ?? null;
}

/** "running, stale lock", "live", "deleted" … */
export function sessionStanding(session: Session, lock: Lock | undefined): string {
  const state = isRunning(session) ? "running" : session.state;
  return lock === undefined
    ? state
    : `${state}, ${lock.verdict === "unknown" ? "lock unknown" : `${lock.verdict} lock`}`;
}

/** "2 fragments · running, stale lock" */
export function sessionSummary(session: Session, lock: Lock | undefined): string {
  const checkpoints = session.checkpoints.length === 0 ? [] : [count(session.checkpoints.length, "checkpoint")];
  return [count(session.fragments.length, "fragment"), ...checkpoints, sessionStanding(session, lock)].join(" · ");
}

const KINDS: Readonly<Record<FragmentKind, string>> = {
  live: "live",
  reset: "reset archive",
  deleted: "deleted archive",
  checkpoint: "checkpoint",
  imported: "imported",
  cold: "cold archive",
  backup: "backup",
  window: "window",
};

export const kindName = (kind: FragmentKind): string => KINDS[kind];

/** "now" for the live file of a chain, "reset 2026-11-21 00:16Z" for an archive, the kind alone without a time. */
export function fragmentLabel(fragment: Fragment): string {
  if (fragment.kind === "live") return "now";
  const at = fragment.archivedAt ?? fragment.endedAt;
  const word = fragment.kind === "reset" || fragment.kind === "deleted" ? fragment.kind : kindName(fragment.kind);
  return at === null ? word : `${word} ${shortMoment(at)}`;
}

/** How a fragment stands to the one before it: first when it has surely none. */
export function linkStanding(linked: LinkedFragment): Certainty | "first" | "open" {
  return linked.link?.certainty ?? (linked.open === null ? "first" : "open");
}

function linkSummary(linked: LinkedFragment): string {
  const standing = linkStanding(linked);
  if (standing === "first") return "";
  if (standing === "open") return "link open";
  const others = linked.alternatives.length;
  return `link ${standing}${others === 0 ? "" : `, ${count(others, "alternative")}`}`;
}

/** "bf185efc · 10 kB · link recorded" */
export function fragmentSummary(fragment: Fragment, linked: LinkedFragment | undefined): string {
  const id = fragment.sessionId === null ? "no readable header" : shortId(fragment.sessionId);
  const damage = fragment.tail.state === "torn" ? "torn tail" : "";
  const parts = [id, size(fragment.bytes), linked === undefined ? "" : linkSummary(linked), damage];
  return parts.filter((one) => one !== "").join(" · ");
}
