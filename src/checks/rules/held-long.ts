/** lock/held-long: a live process holds it beyond its own limit, or longer than the user wants to know of. */
import type { Lock } from "../../model/lock.ts";
import { lockedSession, lockEvidence } from "../lock-facts.ts";
import type { CheckedHome, Draft, Rule } from "../rule.ts";

export const heldLong: Rule = ({ home, locksWarnAfterSeconds }) =>
  home.locks.filter((lock) => isHeldLong(lock, locksWarnAfterSeconds)).map((lock) => draftOf(lock, home));

/** A gateway's lock stands as long as the gateway runs. */
function isHeldLong(lock: Lock, warnAfterSeconds: number): boolean {
  if (lock.verdict !== "held" || lock.of === "gateway") return false;
  return lock.reasons.includes("over-max-hold") || (lock.ageMs ?? 0) > warnAfterSeconds * 1000;
}

function draftOf(lock: Lock, home: CheckedHome): Draft {
  const owner = lockedSession(lock, home);
  const whose = owner === null ? `on ${lock.target}` : `on the transcript of ${owner.sessionKey}`;
  return {
    code: "lock/held-long",
    path: lock.path,
    message:
      `The lock ${whose} has been held for long. ${lock.explanation} It may be a long tool call or model request, or a turn ` +
      "that hangs. Don't delete the lock; if the turn hangs, stop the gateway in an orderly way, which removes it.",
    evidence: [lockEvidence(lock), ...(owner?.evidence ?? [])],
    related: [{ path: lock.target, label: "what it locks" }],
    ...(owner === null ? {} : { agent: owner.agent, sessionKey: owner.sessionKey }),
  };
}
