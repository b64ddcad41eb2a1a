/** Rules for locks whose file itself says too little: it can't be read, or names no process. */
import type { LockFile, LockReason } from "../../../model/lock.ts";
import { momentText } from "../../moments.ts";
import type { Case } from "../case.ts";
import { stale, unknown, type Judgement } from "../judgement.ts";

/** OpenClaw 2026.5.12: an empty or torn payload is left alone this long, for its writer may be filling it in. */
const GRACE_MS = 5_000;
/** The clocks of a file server and of this machine may disagree by this much. */
const SERVER_CLOCK_MS = 10 * 60_000;

const PAYLOADS: Readonly<Partial<Record<LockFile["payload"], string>>> = {
  empty: "is empty",
  torn: "breaks off in the middle",
  senseless: "holds something else than a lock's content",
};

/** Not a plain file, or one that can't be read. */
export function notReadable({ lock }: Case): Judgement | null {
  if (lock.payload === "not-a-file") {
    return unknown(
      ["not-a-file"],
      "This is not a plain file, so no OpenClaw made it. It still keeps OpenClaw from locking.",
    );
  }
  return lock.payload === "unreadable" ? unknown(["unreadable"], "The lock file can't be read.") : null;
}

/** A payload without a pid: its writer is filling it in, or never finished. */
export function withoutPid(one: Case): Judgement | null {
  const { lock, around } = one;
  if (lock.pid !== null) return null;
  const youngest = Math.max(lock.modifiedAt, lock.createdAt ?? -Infinity);
  const grace = around.volume?.network === true ? SERVER_CLOCK_MS : GRACE_MS;
  const what = PAYLOADS[lock.payload] ?? "names no process";
  if (around.now - youngest < grace) {
    const reasons: LockReason[] = ["fresh-payload", "missing-pid"];
    return unknown(reasons, `The lock ${what}, but it is so young that its writer may still be filling it in.`);
  }
  return stale(
    one,
    ["missing-pid"],
    `The lock ${what} and has stood like this since ${momentText(youngest)}: whoever made it never finished.`,
  );
}
