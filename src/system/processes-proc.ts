/** Processes by /proc, as Linux has it. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

import type { Processes, ProcessInfo } from "./processes.ts";
import type { SignalAnswer } from "./processes-signal.ts";

/** Ticks of field 22 per second: USER_HZ is 100 on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/** The processes in the folder `proc`; `signal` decides where /proc hides a process (mount option hidepid). */
export function procProcesses(
  proc: string,
  self: { readonly pid: number; readonly host: string },
  signal: (pid: number) => SignalAnswer,
): Processes {
  const bootedAt = bootTime(proc);
  let listed: ReadonlyMap<number, ProcessInfo> = new Map();
  return {
    self: { ...self, bootedAt, pidNamespace: namespaceOf(proc, "self") },
    look: (pid) => {
      if (!Number.isInteger(pid) || pid <= 0) return "dead";
      const info = processInfo(proc, pid, bootedAt);
      if (info !== undefined) return isRunning(proc, pid) ? info : "dead";
      const answer = signal(pid);
      return answer === "alive" ? hiddenProcess(pid) : answer;
    },
    list: () => {
      const infos = pidsIn(proc).flatMap((pid) => processInfo(proc, pid, bootedAt, listed.get(pid)) ?? []);
      listed = new Map(infos.map((info) => [info.pid, info]));
      return infos;
    },
  };
}

/** A process that lives, and of which nothing else may be known. */
export function hiddenProcess(pid: number): ProcessInfo {
  return { pid, command: "", argv: [], startTicks: null, startedAt: null, pidNamespace: null, environment: null };
}

/**
 * `before` is what was known of the pid: the same process under the same command keeps its environment and its namespace,
 * which cost more to read than all the rest.
 */
function processInfo(
  proc: string,
  pid: number,
  bootedAt: number | null,
  before?: ProcessInfo,
): ProcessInfo | undefined {
  const stat = textOf(join(proc, String(pid), "stat"));
  if (stat === undefined) return undefined;
  const startTicks = startTicksOf(stat);
  const argv = partsOf(textOf(join(proc, String(pid), "cmdline")) ?? "").map((part) => part.trimEnd());
  const command = argv.length > 0 ? argv.join(" ") : nameOf(stat);
  if (before !== undefined && startTicks !== null && before.startTicks === startTicks && before.command === command) {
    return before;
  }
  return {
    pid,
    command,
    argv,
    startTicks,
    startedAt: startTicks === null || bootedAt === null ? null : bootedAt + (startTicks * 1000) / TICKS_PER_SECOND,
    pidNamespace: namespaceOf(proc, String(pid)),
    environment: environmentOf(textOf(join(proc, String(pid), "environ"))),
  };
}

/** /proc also answers for single threads, and for zombies, which hold nothing any more. */
function isRunning(proc: string, pid: number): boolean {
  const status = textOf(join(proc, String(pid), "status"));
  if (status === undefined) return true;
  const group = /^Tgid:\s*(\d+)/m.exec(status)?.[1];
  const state = /^State:\s*(\w)/m.exec(status)?.[1];
  return (group === undefined || Number(group) === pid) && state !== "Z" && state !== "X";
}

/** Field 22. The second field is the name in brackets, which may itself hold blanks and brackets. */
function startTicksOf(stat: string): number | null {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[19]);
  return fields[19] !== undefined && Number.isFinite(ticks) ? ticks : null;
}

/** Threads of the kernel have no arguments, only a name. */
function nameOf(stat: string): string {
  return `[${stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"))}]`;
}

function environmentOf(text: string | undefined): Record<string, string> | null {
  if (text === undefined) return null;
  const environment: Record<string, string> = {};
  for (const part of partsOf(text)) {
    const equals = part.indexOf("=");
    if (equals > 0) environment[part.slice(0, equals)] = part.slice(equals + 1);
  }
  return environment;
}

function partsOf(text: string): string[] {
  return text.split("\u0000").filter((part) => part !== "");
}

function bootTime(proc: string): number | null {
  const seconds = /^btime (\d+)$/m.exec(textOf(join(proc, "stat")) ?? "")?.[1];
  return seconds === undefined ? null : Number(seconds) * 1000;
}

function namespaceOf(proc: string, pid: string): string | null {
  try {
    return readlinkSync(join(proc, pid, "ns", "pid"));
  } catch {
    return null;
  }
}

function pidsIn(proc: string): number[] {
  try {
    return readdirSync(proc).flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
}

/** Files of /proc have no size, vanish at any time, and may be closed to us: each of these is simply not known. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
