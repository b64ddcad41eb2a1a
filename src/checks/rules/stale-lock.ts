/** lock/stale: nobody holds it. */
import type { Lock } from "../../model/lock.ts";
import { lockedSession, lockEvidence } from "../lock-facts.ts";
import type { CheckedHome, Draft, Rule } from "../rule.ts";

export const staleLock: Rule = ({ home }) =>
  home.locks.filter((lock) => lock.verdict === "stale").map((lock) => draftOf(lock, home));

function draftOf(lock: Lock, home: CheckedHome): Draft {
  const owner = lockedSession(lock, home);
  return {
    code: "lock/stale",
    path: lock.path,
    message: `${lock.explanation} ${CONSEQUENCE[lock.of]} ${adviceFor(lock, home)}`,
    evidence: [lockEvidence(lock), ...(owner?.evidence ?? [])],
    related: lock.of === "gateway" ? [] : [{ path: lock.target, label: "what it locks" }],
    ...(owner === null ? {} : { agent: owner.agent, sessionKey: owner.sessionKey }),
  };
}

const CONSEQUENCE: Readonly<Record<Lock["of"], string>> = {
  transcript: "Turns of this session may wait for it and fail with “session file locked”.",
  store:
    "Every session of this agent may wait for it and fail with “timeout acquiring session store lock”; " +
    "OpenClaw's doctor does not look at it.",
  gateway: "A gateway for this home may refuse to start because of it.",
};

function adviceFor(lock: Lock, home: CheckedHome): string {
  if (home.reading.home.role === "backup") return "In a copy that nothing uses it has no effect.";
  if (lock.of === "gateway") return "Make sure that no gateway of this home runs before you remove it.";
  if (lock.of === "store") return "Stop the gateway, then move the lock aside.";
  return (
    "Restart the gateway, which removes such locks; don't delete it by hand first, " +
    "for it also marks the turn that was cut off."
  );
}
