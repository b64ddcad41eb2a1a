/** Rules that judge the process which the lock names, where the number means something here. */
import type { LockReason } from "../../../model/lock.ts";
import { momentText } from "../../moments.ts";
import { ofOwnNamespace, startedAfter, type Case } from "../case.ts";
import { capital, held, named, stale, unknown, type Judgement } from "../judgement.ts";

/**
 * Pid and start time agree. Ticks are counted from boot, so they prove it only for a lock of this boot: a service that starts
 * at the same moment of every boot can meet its own old numbers again. Where it is OpenClaw, a clock that was set is likelier.
 */
export function sameProcess(one: Case): Judgement | null {
  const { process, lock } = one;
  if (process === null || one.sameStart !== true) return null;
  if (!one.beforeBoot) {
    const proof = "and started at the very moment that the lock states";
    // OpenClaw's doctor would call such a lock stale; by its start time the process is the owner all the same.
    return one.likeness === "other" ? held(one, process, proof, "non-openclaw-owner") : held(one, process, proof);
  }
  if (one.likeness === "openclaw") {
    return held(
      one,
      process,
      "and started as the lock states, though the lock is older than this machine's last start",
      "before-boot",
    );
  }
  return unknown(
    ["before-boot"],
    `Process ${lock.pid} has the start time that the lock states, but the lock is older than this machine's last start: ` +
      "either the clock was set since, or the number and start time came up again.",
    process,
  );
}

/** A live OpenClaw under the number, with nothing against it. */
export function liveOpenClaw(one: Case): Judgement | null {
  const { process, around } = one;
  if (process === null || one.likeness !== "openclaw" || one.ownerReason !== null) return null;
  if (around.place.isElsewhere || !ofOwnNamespace(process, around.machine)) return null;
  const { startedAt } = process;
  if (startedAt === null || one.lock.createdAt === null) return held(one, process, "and may be its owner");
  const late = startedAfter(process, one.lock);
  return held(
    one,
    process,
    late
      ? "and may be its owner, though by the clock it started later"
      : "and was already running when the lock was made",
  );
}

/** The system keeps it to itself whether the process lives. */
export function unseenOwner(one: Case): Judgement | null {
  if (one.look !== "unknown" && one.look !== null) return null;
  return unknown(["owner-unseen"], `This system does not tell whether process ${one.lock.pid} lives.`);
}

/** The number is this tool's own. */
export function ownPid(one: Case): Judgement | null {
  if (one.ownerReason !== "orphan-self-pid") return null;
  return stale(
    one,
    ["orphan-self-pid"],
    `Process ${one.lock.pid} is this tool itself, which holds no lock: the number was used before.`,
  );
}

/** No process has the number. */
export function deadOwner(one: Case): Judgement | null {
  const { lock, around } = one;
  if (one.look !== "dead") return null;
  // With a start time in the payload a process of a container would have been recognised by it.
  if (around.programInContainer && lock.startTicks === null && !one.beforeBoot) {
    return unknown(
      ["other-pid-namespace", "dead-pid"],
      `No process ${lock.pid} lives here, but an OpenClaw runs in a container on this machine, ` +
        "and the number may be one of that container.",
    );
  }
  const boot = one.beforeBoot ? " The lock is older than this machine's last start." : "";
  return stale(one, ["dead-pid"], `Process ${lock.pid} no longer lives; nobody holds this lock.${boot}`);
}

/** Another process has the number now, by its start time. */
export function reusedPid(one: Case): Judgement | null {
  const { process, lock } = one;
  if (process === null || one.ownerReason !== "recycled-pid") return null;
  const started = process.startedAt === null ? "" : `, started ${momentText(process.startedAt)}`;
  return stale(
    one,
    ["recycled-pid"],
    `The owner no longer lives: number ${lock.pid} now belongs to another process ` +
      `(${process.command || "unnamed"}${started}).`,
  );
}

/** A live process of which the name does not tell whether it is OpenClaw. */
export function unrecognisedOwner(one: Case): Judgement | null {
  const { process } = one;
  if (process === null || (one.likeness !== "runtime" && one.likeness !== "unnamed")) return null;
  const explanation = `${capital(named(process))} lives and may be OpenClaw under another name, or not.`;
  return unknown(["unrecognised-owner"], explanation, process);
}

/** A live process that is surely something else. */
export function otherProgram(one: Case): Judgement | null {
  const { process, lock } = one;
  if (process === null || one.likeness !== "other") return null;
  const late: readonly LockReason[] = startedAfter(process, lock) ? ["recycled-pid"] : [];
  const explanation = `${capital(named(process))} is not OpenClaw: the owner is gone and its number was used again.`;
  return stale(one, ["non-openclaw-owner", ...late], explanation);
}
