/**
 * The verdict on one lock: the first rule that applies decides.
 *
 * It starts from the reasons of OpenClaw 2026.5.12's own doctor and keeps their names, but not always its conclusion: a live
 * process that may be OpenClaw holds its lock however old it is, and a pid counts only where it can mean anything. The
 * payload ({pid, createdAt, starttime}) names neither host nor pid namespace, so these are judged from circumstances: the
 * path that the home was written under, the file system it lies on, and the processes that can be seen. What they leave open
 * is `unknown`, never `stale`: a lock wrongly called stale is a live session wrongly written to.
 *
 * Two facts override the circumstances. A process with the very start time that the payload states (in clock ticks since
 * boot, 10 ms each) is the owner, whatever it is called and wherever the home came from. And a lock without a pid, older than
 * the moment that its writer needs to fill it in, has no owner that could come back.
 */
import type { Lock, LockFile } from "../../model/lock.ts";
import type { OwnerLook } from "../../model/machine.ts";
import { caseOf, type Case, type Circumstances } from "./case.ts";
import type { Judgement, Rule } from "./judgement.ts";
import {
  containerVolume,
  movedHome,
  ofNamedHost,
  ownerInContainer,
  processOfContainer,
  sharedVolume,
} from "./rules/elsewhere.ts";
import {
  deadOwner,
  liveOpenClaw,
  otherProgram,
  ownPid,
  reusedPid,
  sameProcess,
  unrecognisedOwner,
  unseenOwner,
} from "./rules/owner.ts";
import { notReadable, withoutPid } from "./rules/payload.ts";

const RULES: readonly Rule[] = [
  notReadable,
  withoutPid,
  ownerInContainer,
  ofNamedHost,
  sameProcess,
  liveOpenClaw,
  movedHome,
  sharedVolume,
  containerVolume,
  unseenOwner,
  ownPid,
  deadOwner,
  reusedPid,
  processOfContainer,
  unrecognisedOwner,
  otherProgram,
];

/** The verdict on a lock, given what a look at its pid said (null without a pid) and what is known around it. */
export function judgeLock(lock: LockFile, look: OwnerLook | null, around: Circumstances): Lock {
  const one = caseOf(lock, look, around);
  const { verdict, reasons, explanation, holder } = firstJudgement(one);
  return {
    ...lock,
    ageMs: one.ageMs,
    verdict,
    reasons,
    explanation,
    ...(holder === undefined ? {} : { holder: { command: holder.command, startedAt: holder.startedAt } }),
  };
}

function firstJudgement(one: Case): Judgement {
  for (const rule of RULES) {
    const judgement = rule(one);
    if (judgement !== null) return judgement;
  }
  return {
    verdict: "unknown",
    reasons: [],
    explanation: "Nothing that can be seen from here decides about this lock.",
  };
}
