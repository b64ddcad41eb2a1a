/** How sessions, fragments, links and locks read. */
import type { Fragment, FragmentKind } from "../../model/fragment.ts";
import type { Lock } from "../../model/lock.ts";
import type { Certainty, LinkedFragment, Session } from "../../model/session.ts";
import { count, size } from "../../model/amounts.ts";
import { windowCount } from "../lookup.ts";
import { shortId } from "./names.ts";
import { shortExtent } from "./places.ts";
import { maskSecrets } from "./secrets.ts";
import { shortMoment } from "./times.ts";

/** The title, which often is what a person said first, without secrets; empty when there is none. */
export const sessionTitle = ({ title }: Session): string => maskSecrets(title);

/** What a chain without a key goes by: its title, else the id of its newest fragment, else that one's file. */
function keylessLabel(session: Session): string {
  if (session.title !== "") return sessionTitle(session);
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

/** A person pinned the session to the top. */
export const isPinned = ({ row }: Session): boolean => typeof row?.record?.pinnedAt === "number";

/** A person put the session away. */
export const isArchived = ({ row }: Session): boolean => typeof row?.record?.archivedAt === "number";

/**
 * Why nobody should go on in the session; null when nothing speaks against it. OpenClaw begins a transcript whose first entry is
 * no header anew, and what was said is gone (`SessionManager.setSessionFile`, 2026.5.12).
 */
export function resumeWarning(session: Session): string | null {
  const newest = session.fragments.at(-1)?.fragment;
  if (newest?.kind !== "live" || newest.header.state !== "bad") return null;
  return "The header of its transcript can't be read: the next turn would replace the whole transcript by one fresh header.";
}

/** "2 fragments · running, stale lock", "1 fragment · live · archived", "1 fragment · live · do not resume" */
export function sessionSummary(session: Session, lock: Lock | undefined): string {
  const beside = (["checkpoint", "copy"] as const).flatMap((noun) => {
    const number = session.checkpoints.filter(({ kind }) => (kind === "checkpoint") === (noun === "checkpoint")).length;
    return number === 0 ? [] : [count(number, noun)];
  });
  const marks = [
    ...(resumeWarning(session) === null ? [] : ["do not resume"]),
    ...(isPinned(session) ? ["pinned"] : []),
    ...(isArchived(session) ? ["archived"] : []),
  ];
  const fragments = count(session.fragments.length, "fragment");
  return [fragments, ...beside, sessionStanding(session, lock), ...marks].join(" · ");
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

/** Whether a turn of the session would be written to it: the live file, or the last window of a session that goes on. */
export function isNow(session: Session, fragment: Fragment): boolean {
  if (fragment.kind !== "window") return fragment.kind === "live" && !session.checkpoints.includes(fragment);
  const windows = windowCount(session, fragment);
  const isLast = windows !== undefined && windows.number === windows.of;
  return isLast && fragment.archivedAt === null && session.state === "live";
}

/** What a fragment beside the chain is: a sentence part, without a final stop. */
export function copyNote({ kind }: Fragment): string {
  if (kind === "checkpoint") return "a checkpoint: a copy made before a compaction, not a link of the chain";
  return "a copy: what it holds stands in the chain as well, at least in part";
}

/** "now" for what the chain goes on in, "reset 2026-11-21 00:16Z" for what was put away, the kind alone without a time. */
export function fragmentLabel(session: Session, fragment: Fragment): string {
  if (isNow(session, fragment)) return "now";
  const at = fragment.archivedAt ?? fragment.endedAt;
  const word = SHORT_KINDS[fragment.kind] ?? kindName(fragment.kind);
  const wasReset = fragment.kind === "window" && fragment.archivedAt !== null;
  return at === null ? word : `${wasReset ? "reset" : word} ${shortMoment(at)}`;
}

const SHORT_KINDS: Readonly<Partial<Record<FragmentKind, string>>> = { reset: "reset", deleted: "deleted" };

/** "window 2 of 4"; the kind for an only window and for what is none. */
export function partName(session: Session, fragment: Fragment): string {
  const { number, of } = windowCount(session, fragment) ?? { number: 1, of: 1 };
  return of === 1 ? kindName(fragment.kind) : `window ${number} of ${of}`;
}

/** "window 2 of 4, events 8-14"; the extent alone where there is no other window; null for what is no window. */
function windowText(session: Session, fragment: Fragment): string | null {
  if (fragment.window === undefined) return null;
  const extent = shortExtent(fragment.window);
  return windowCount(session, fragment)?.of === 1 ? extent : `${partName(session, fragment)}, ${extent}`;
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

/** "bf185efc · 10 kB · link recorded", "window 2 of 4, events 8-14 · 10 kB · link recorded" */
export function fragmentSummary(session: Session, fragment: Fragment, linked: LinkedFragment | undefined): string {
  const id = fragment.sessionId === null ? "no readable header" : shortId(fragment.sessionId);
  const damage = fragment.tail.state === "torn" ? "torn tail" : "";
  const isUnsafe = resumeWarning(session) !== null && session.fragments.at(-1)?.fragment === fragment;
  const parts = [
    windowText(session, fragment) ?? id,
    size(fragment.bytes),
    linked === undefined ? "" : linkSummary(linked),
    damage,
    isUnsafe ? "do not resume" : "",
  ];
  return parts.filter((one) => one !== "").join(" · ");
}
