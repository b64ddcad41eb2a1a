/** The three verdicts in the words of a person, with the reasons that each carries. */
import { duration } from "../../model/amounts.ts";
import type { LockReason, LockVerdict } from "../../model/lock.ts";
import type { ProcessFacts } from "../../model/machine.ts";
import { momentText } from "../moments.ts";
import type { Case } from "./case.ts";

/** OpenClaw 2026.5.12: a lock older than this is reclaimed, whoever holds it. */
const TOO_OLD_MS = 30 * 60_000;

/** What a rule decides. */
export interface Judgement {
  readonly verdict: LockVerdict;
  readonly reasons: readonly LockReason[];
  readonly explanation: string;
  /** The process that holds the lock, or may hold it. */
  readonly holder?: ProcessFacts;
}

/** The first rule that applies decides; null leaves it to the next. */
export type Rule = (one: Case) => Judgement | null;

/** Somebody holds it; `proof` is the rest of the sentence "process … lives …". */
export function held(one: Case, owner: ProcessFacts, proof: string, extra?: LockReason): Judgement {
  const { lock, ageMs } = one;
  const overMax = lock.maxHoldMs !== null && ageMs > lock.maxHoldMs;
  const reasons: LockReason[] = ["live-owner"];
  if (extra !== undefined) reasons.push(extra);
  if (overMax) reasons.push("over-max-hold");
  const since = lock.createdAt === null ? "" : ` It has been held since ${momentText(lock.createdAt)}`;
  const limit = overMax && lock.maxHoldMs !== null ? `, longer than its own limit of ${duration(lock.maxHoldMs)}` : "";
  return {
    verdict: "held",
    reasons: [...reasons, ...ageReasons(one)],
    explanation: `${capital(named(owner))} lives ${proof}.${since === "" ? "" : `${since}${limit}.`}`,
    holder: owner,
  };
}

/** Nobody holds it any more. */
export function stale(one: Case, reasons: readonly LockReason[], explanation: string): Judgement {
  const boot: LockReason[] = one.beforeBoot && one.lock.pid !== null ? ["before-boot"] : [];
  return { verdict: "stale", reasons: [...reasons, ...boot, ...ageReasons(one)], explanation };
}

/** It can't be told; `holder` is the process that may hold it. */
export function unknown(reasons: readonly LockReason[], explanation: string, holder?: ProcessFacts): Judgement {
  return { verdict: "unknown", reasons, explanation, ...(holder === undefined ? {} : { holder }) };
}

/** The reason that the number means nothing, then what OpenClaw would have said of it. */
export function reasonsOf(main: LockReason, one: Case): LockReason[] {
  return one.ownerReason === null ? [main] : [main, one.ownerReason];
}

/** A gateway's lock stands as long as the gateway runs: no age is too old for it. */
function ageReasons({ lock, ageMs }: Case): LockReason[] {
  const reasons: LockReason[] = [];
  if (lock.createdAt === null) reasons.push("invalid-createdAt");
  else if (lock.of !== "gateway" && ageMs > TOO_OLD_MS) reasons.push("too-old");
  return reasons;
}

/** "process 17 (openclaw gateway)" */
export function named(process: ProcessFacts): string {
  return process.command === "" ? `process ${process.pid}` : `process ${process.pid} (${process.command})`;
}

/** The sentence with its first letter as a capital. */
export function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
