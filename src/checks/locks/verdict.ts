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
import { duration } from "../../model/amounts.ts";
import type { Lock, LockFile, LockReason, LockVerdict } from "../../model/lock.ts";
import type { Machine, OwnerLook, ProcessFacts, Volume } from "../../model/machine.ts";
import { momentText } from "../moments.ts";
import { likenessOf, type Likeness } from "./likeness.ts";
import type { Place } from "./place.ts";

/** What is known around a lock. */
export interface Circumstances {
  /** Milliseconds, UTC. */
  readonly now: number;
  readonly machine: Machine;
  readonly place: Place;
  /** Null when it could not be told. */
  readonly volume: Volume | null;
  /** A live process of another pid namespace that started at the very tick the lock states. */
  readonly namesake: ProcessFacts | null;
  /** An OpenClaw process lives in this tool's own pid namespace. */
  readonly programHere: boolean;
  /** An OpenClaw process lives in another pid namespace that can be seen from here: in a container. */
  readonly programInContainer: boolean;
}

/** OpenClaw 2026.5.12: a lock older than this is reclaimed, whoever holds it. */
const TOO_OLD_MS = 30 * 60_000;
/** OpenClaw 2026.5.12: an empty or torn payload is left alone this long, for its writer may be filling it in. */
const GRACE_MS = 5_000;
/** The clocks of a file server and of this machine may disagree by this much. */
const SERVER_CLOCK_MS = 10 * 60_000;
/** A boot time is computed from the clock, which may have been set since. */
const BOOT_CLOCK_MS = 60_000;
/** Start times of processes are known to a second or so, and clocks get adjusted. */
const START_CLOCK_MS = 10_000;
/** The first pid namespace of a Linux machine (PROC_PID_INIT_INO); every other one is a container's. */
const FIRST_PID_NAMESPACE = "pid:[4026531836]";

interface Case {
  readonly lock: LockFile;
  /** Null when the lock names no pid. */
  readonly look: OwnerLook | null;
  readonly around: Circumstances;
  readonly ageMs: number;
  readonly process: ProcessFacts | null;
  readonly likeness: Likeness | null;
  /** The start time in the payload is that of the live process; null when the two can't be compared. */
  readonly sameStart: boolean | null;
  /** The lock was made before this machine started. */
  readonly beforeBoot: boolean;
  /** What OpenClaw would say of the owner. */
  readonly ownerReason: LockReason | null;
}

interface Judgement {
  readonly verdict: LockVerdict;
  readonly reasons: readonly LockReason[];
  readonly explanation: string;
  /** The process that holds the lock, or may hold it. */
  readonly holder?: ProcessFacts;
}

type Rule = (one: Case) => Judgement | null;

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

function caseOf(lock: LockFile, look: OwnerLook | null, around: Circumstances): Case {
  const process = look === null || look === "dead" || look === "unknown" ? null : look;
  const likeness = process === null ? null : likenessOf(process);
  const comparable = lock.startTicks !== null && process !== null && process.startTicks !== null;
  const sameStart = comparable ? lock.startTicks === process.startTicks : null;
  const { bootedAt } = around.machine;
  return {
    lock,
    look,
    around,
    ageMs: around.now - (lock.createdAt ?? lock.modifiedAt),
    process,
    likeness,
    sameStart,
    beforeBoot: bootedAt !== null && lock.createdAt !== null && lock.createdAt < bootedAt - BOOT_CLOCK_MS,
    ownerReason: ownerReason(lock, look, process, likeness, sameStart, around),
  };
}

/** OpenClaw's reason against the owner, whether or not it counts here. */
function ownerReason(
  lock: LockFile,
  look: OwnerLook | null,
  process: ProcessFacts | null,
  likeness: Likeness | null,
  sameStart: boolean | null,
  around: Circumstances,
): LockReason | null {
  if (look === "dead") return "dead-pid";
  if (process === null || sameStart === true) return null;
  if (lock.pid === around.machine.pid) return "orphan-self-pid";
  if (sameStart === false) return "recycled-pid";
  return likeness === "other" ? "non-openclaw-owner" : null;
}

/**
 * The process started after the lock was made. That speaks against it, but does not prove it: both times hang on the clock,
 * which jumps when a paused virtual machine goes on or a clock is set.
 */
function startedAfter(process: ProcessFacts, lock: LockFile): boolean {
  if (process.startedAt === null || lock.createdAt === null) return false;
  return process.startedAt > lock.createdAt + START_CLOCK_MS;
}

function notReadable({ lock }: Case): Judgement | null {
  if (lock.payload === "not-a-file") {
    return unknown(
      ["not-a-file"],
      "This is not a plain file, so no OpenClaw made it. It still keeps OpenClaw from locking.",
    );
  }
  return lock.payload === "unreadable" ? unknown(["unreadable"], "The lock file can't be read.") : null;
}

function withoutPid(one: Case): Judgement | null {
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

const PAYLOADS: Readonly<Partial<Record<LockFile["payload"], string>>> = {
  empty: "is empty",
  torn: "breaks off in the middle",
  senseless: "holds something else than a lock's content",
};

function ofNamedHost(one: Case): Judgement | null {
  const { lock, around } = one;
  if (lock.host === null || shortHost(lock.host) === shortHost(around.machine.host)) return null;
  return unknown(
    ["other-host"],
    `It was made on the host ${lock.host}; whether process ${lock.pid} lives there can't be seen.`,
  );
}

function shortHost(name: string): string {
  return (name.split(".")[0] ?? name).toLowerCase();
}

/**
 * Pid and start time agree. Ticks are counted from boot, so they prove it only for a lock of this boot: a service that starts
 * at the same moment of every boot can meet its own old numbers again. Where it is OpenClaw, a clock that was set is likelier.
 */
function sameProcess(one: Case): Judgement | null {
  const { process, lock } = one;
  if (process === null || one.sameStart !== true) return null;
  if (!one.beforeBoot) return held(one, process, "and started at the very moment that the lock states");
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

/** Seen from the host, a container's process has another number, but the same start time. */
function ownerInContainer(one: Case): Judgement | null {
  const { namesake } = one.around;
  if (namesake === null || one.beforeBoot) return null;
  const likeness = likenessOf(namesake);
  const place = `process ${namesake.pid} (${namesake.command}) of another pid namespace`;
  if (likeness === "openclaw") {
    return held(one, namesake, `in another pid namespace, where it is process ${one.lock.pid}`, "other-pid-namespace");
  }
  if (likeness === "other") return null;
  return unknown(
    ["other-pid-namespace"],
    `${capital(place)} started when the lock's owner did and may be it.`,
    namesake,
  );
}

function liveOpenClaw(one: Case): Judgement | null {
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

function movedHome(one: Case): Judgement | null {
  const { lock, around } = one;
  if (!around.place.isElsewhere) return null;
  const unseen: readonly LockReason[] = one.look === "unknown" ? ["owner-unseen"] : [];
  return unknown(
    [...reasonsOf("restored-home", one), ...unseen],
    `It names process ${lock.pid}, but ${whyNotHere(around.place)}. ` +
      `So the number says nothing on this machine${hereSaid(one)}.`,
  );
}

function whyNotHere({ writtenAt }: Place): string {
  if (writtenAt === null) return "this home is a copy";
  return `this home was written at ${writtenAt}: it was copied, restored or moved here, or belongs to a container`;
}

/** What this machine says of the number all the same, for the person who knows where the home came from. */
function hereSaid({ look, process }: Case): string {
  if (look === "dead") return " (where no process has it)";
  return process === null
    ? ""
    : ` (where it is that of ${process.command === "" ? "an unnamed process" : process.command})`;
}

/** The same, as the reason why the owner is looked for elsewhere. */
function hereInstead({ look, process }: Case): string {
  if (look === "dead") return "no process has that number";
  return process === null
    ? "it can't be seen"
    : `it is ${process.command === "" ? "an unnamed process" : process.command}`;
}

function sharedVolume(one: Case): Judgement | null {
  if (one.around.volume?.network !== true) return null;
  return unknown(
    reasonsOf("other-host", one),
    "The home lies on a file system that other machines can write to. " +
      `Process ${one.lock.pid} may be one of theirs, for here ${hereInstead(one)}.`,
  );
}

/** Inside a container, a mounted volume may be shared with other containers and the host, whose processes can't be seen. */
function containerVolume(one: Case): Judgement | null {
  const { machine, volume, programHere } = one.around;
  if (machine.pidNamespace === null || machine.pidNamespace === FIRST_PID_NAMESPACE) return null;
  if (volume?.ofRoot === true || programHere || one.beforeBoot) return null;
  return unknown(
    reasonsOf("other-pid-namespace", one),
    "The home lies on a volume mounted into this container. " +
      `Process ${one.lock.pid} may be one of another container or of the host, for here ${hereInstead(one)}.`,
  );
}

function unseenOwner(one: Case): Judgement | null {
  if (one.look !== "unknown" && one.look !== null) return null;
  return unknown(["owner-unseen"], `This system does not tell whether process ${one.lock.pid} lives.`);
}

function ownPid(one: Case): Judgement | null {
  if (one.ownerReason !== "orphan-self-pid") return null;
  return stale(
    one,
    ["orphan-self-pid"],
    `Process ${one.lock.pid} is this tool itself, which holds no lock: the number was used before.`,
  );
}

function deadOwner(one: Case): Judgement | null {
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

function reusedPid(one: Case): Judgement | null {
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

/** A process of a container knows itself by another number, so it did not write this one; its neighbours may have. */
function processOfContainer(one: Case): Judgement | null {
  const { process, around, lock } = one;
  if (process === null || ofOwnNamespace(process, around.machine)) return null;
  return unknown(
    ["other-pid-namespace"],
    `Process ${lock.pid} belongs to another pid namespace, where it has another number; ` +
      "who made this lock can't be told.",
  );
}

function unrecognisedOwner(one: Case): Judgement | null {
  const { process } = one;
  if (process === null || (one.likeness !== "runtime" && one.likeness !== "unnamed")) return null;
  const explanation = `${capital(named(process))} lives and may be OpenClaw under another name, or not.`;
  return unknown(["unrecognised-owner"], explanation, process);
}

function otherProgram(one: Case): Judgement | null {
  const { process, lock } = one;
  if (process === null || one.likeness !== "other") return null;
  const late: readonly LockReason[] = startedAfter(process, lock) ? ["recycled-pid"] : [];
  const explanation = `${capital(named(process))} is not OpenClaw: the owner is gone and its number was used again.`;
  return stale(one, ["non-openclaw-owner", ...late], explanation);
}

function held(one: Case, owner: ProcessFacts, proof: string, extra?: LockReason): Judgement {
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

function stale(one: Case, reasons: readonly LockReason[], explanation: string): Judgement {
  const boot: LockReason[] = one.beforeBoot && one.lock.pid !== null ? ["before-boot"] : [];
  return { verdict: "stale", reasons: [...reasons, ...boot, ...ageReasons(one)], explanation };
}

function unknown(reasons: readonly LockReason[], explanation: string, holder?: ProcessFacts): Judgement {
  return { verdict: "unknown", reasons, explanation, ...(holder === undefined ? {} : { holder }) };
}

/** The reason that the number means nothing, then what OpenClaw would have said of it. */
function reasonsOf(main: LockReason, one: Case): LockReason[] {
  return one.ownerReason === null ? [main] : [main, one.ownerReason];
}

/** A gateway's lock stands as long as the gateway runs: no age is too old for it. */
function ageReasons({ lock, ageMs }: Case): LockReason[] {
  const reasons: LockReason[] = [];
  if (lock.createdAt === null) reasons.push("invalid-createdAt");
  else if (lock.of !== "gateway" && ageMs > TOO_OLD_MS) reasons.push("too-old");
  return reasons;
}

function ofOwnNamespace(process: ProcessFacts, machine: Machine): boolean {
  return (
    process.pidNamespace === null || machine.pidNamespace === null || process.pidNamespace === machine.pidNamespace
  );
}

function named(process: ProcessFacts): string {
  return process.command === "" ? `process ${process.pid}` : `process ${process.pid} (${process.command})`;
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
