/** How locks read, and in which order they are shown. */
import { duration } from "../../model/amounts.ts";
import type { Lock, LockReason, LockVerdict } from "../../model/lock.ts";

const REASONS: Readonly<Record<LockReason, string>> = {
  "missing-pid": "it names no process",
  "dead-pid": "no process with its number lives here",
  "recycled-pid": "its process number belongs to another process here",
  "invalid-createdAt": "it does not say when it was made",
  "too-old": "it is older than OpenClaw's limit of 30 minutes",
  "orphan-self-pid": "it names the process that looks at it",
  "non-openclaw-owner": "its process is not OpenClaw",
  "live-owner": "its process lives",
  "over-max-hold": "it is held longer than it said it would be",
  "fresh-payload": "it is so young that its owner may still be writing it",
  "other-pid-namespace": "it was made in another pid namespace, where process numbers mean something else",
  "other-host": "it was made on another host",
  "restored-home": "the home was moved or restored, so its process number says nothing here",
  "before-boot": "it was made before this machine started",
  "owner-unseen": "this system does not tell whether its process lives",
  "unrecognised-owner": "a process with its number lives, and may be OpenClaw or not",
  "not-a-file": "it is not a plain file",
  unreadable: "it can't be read",
};

/** A reason as part of a sentence. */
export const reasonText = (reason: LockReason): string => REASONS[reason];

const VERDICTS: readonly LockVerdict[] = ["stale", "unknown", "held"];

/** Stale first, then unknown, then held; the oldest first in each. */
export const byUrgency = (a: Lock, b: Lock): number =>
  VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict) || (b.ageMs ?? 0) - (a.ageMs ?? 0);

/** "pid 23785" */
export const lockOwner = (lock: Lock): string => (lock.pid === null ? "no pid" : `pid ${lock.pid}`);

/** "pid 23785 · 4 min old" */
export const lockSummary = (lock: Lock): string => `${lockOwner(lock)} · ${ageText(lock.ageMs)}`;

/** Below zero: the clock was set, or that of another machine runs ahead. */
function ageText(ageMs: number | null): string {
  if (ageMs === null) return "age unknown";
  return ageMs < 0 ? `made ${duration(ageMs)} in the future` : `${duration(ageMs)} old`;
}
