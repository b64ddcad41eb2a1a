/** lock/unknown: whether somebody holds it can't be known from here. */
import type { Lock } from "../../model/lock.ts";
import { lockedSession, lockEvidence } from "../lock-facts.ts";
import type { CheckedHome, Draft, Rule } from "../rule.ts";

/** A lock that its writer may still be filling in is no trouble: in a moment it is something else. */
export const unknownLock: Rule = ({ home }) =>
  home.locks
    .filter((lock) => lock.verdict === "unknown" && !lock.reasons.includes("fresh-payload"))
    .map((lock) => draftOf(lock, home));

function draftOf(lock: Lock, home: CheckedHome): Draft {
  const owner = lockedSession(lock, home);
  const blocks = lock.reasons.includes("not-a-file");
  const advice = blocks
    ? "Look at what is in it, and move it away while no gateway runs."
    : "Look at it where this home is used; in a copy that nothing uses it has no effect.";
  return {
    code: "lock/unknown",
    ...(blocks ? { severity: "warning" } : {}),
    path: lock.path,
    message: `${lock.explanation} So whether this lock is held can't be known. ${advice}`,
    evidence: [lockEvidence(lock), ...(owner?.evidence ?? [])],
    related: lock.of === "gateway" ? [] : [{ path: lock.target, label: "what it locks" }],
    ...(owner === null ? {} : { agent: owner.agent, sessionKey: owner.sessionKey }),
  };
}
