/** Rules for locks whose pid may mean another machine, another container or another life of this home. */
import type { LockReason } from "../../../model/lock.ts";
import { ofOwnNamespace, type Case } from "../case.ts";
import { capital, held, reasonsOf, unknown, type Judgement } from "../judgement.ts";
import { likenessOf } from "../likeness.ts";
import type { Place } from "../place.ts";

/** The first pid namespace of a Linux machine (PROC_PID_INIT_INO); every other one is a container's. */
const FIRST_PID_NAMESPACE = "pid:[4026531836]";

/** Seen from the host, a container's process has another number, but the same start time. */
export function ownerInContainer(one: Case): Judgement | null {
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

/** The payload names another host. */
export function ofNamedHost(one: Case): Judgement | null {
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

/** The home was written under another path: a copy, a restored backup, or a container's. */
export function movedHome(one: Case): Judgement | null {
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

/** Other machines can write to the home too. */
export function sharedVolume(one: Case): Judgement | null {
  if (one.around.volume?.network !== true) return null;
  return unknown(
    reasonsOf("other-host", one),
    "The home lies on a file system that other machines can write to. " +
      `Process ${one.lock.pid} may be one of theirs, for here ${hereInstead(one)}.`,
  );
}

/** Inside a container, a mounted volume may be shared with other containers and the host, whose processes can't be seen. */
export function containerVolume(one: Case): Judgement | null {
  const { machine, volume, programHere } = one.around;
  if (machine.pidNamespace === null || machine.pidNamespace === FIRST_PID_NAMESPACE) return null;
  if (volume?.ofRoot === true || programHere || one.beforeBoot) return null;
  return unknown(
    reasonsOf("other-pid-namespace", one),
    "The home lies on a volume mounted into this container. " +
      `Process ${one.lock.pid} may be one of another container or of the host, for here ${hereInstead(one)}.`,
  );
}

/** A process of a container knows itself by another number, so it did not write this one; its neighbours may have. */
export function processOfContainer(one: Case): Judgement | null {
  const { process, around, lock } = one;
  if (process === null || ofOwnNamespace(process, around.machine)) return null;
  return unknown(
    ["other-pid-namespace"],
    `Process ${lock.pid} belongs to another pid namespace, where it has another number; ` +
      "who made this lock can't be told.",
  );
}
