/** The world around an OpenClaw home on this machine: its locks judged afresh, its gateways looked for in every way. */
import { basename } from "node:path";

import { gatewayLocks } from "../../agents/openclaw/gateway-locks.ts";
import { readLock } from "../../agents/openclaw/lock-file.ts";
import { gatewayPort, worksOn } from "../../agents/openclaw/running.ts";
import type { World } from "../../agents/program.ts";
import { judgeLocks, type JudgedHome } from "../../checks/locks/judge.ts";
import { likenessOf } from "../../checks/locks/likeness.ts";
import type { Lock, LockFile } from "../../model/lock.ts";
import type { OwnerLook } from "../../model/machine.ts";
import { pathFrom, statOf } from "../../system/files.ts";
import { isListening, listenerOf } from "../../system/listeners.ts";
import { bootId } from "../../system/boot.ts";
import type { ProcessInfo } from "../../system/processes.ts";
import { volumeOf } from "../../system/volumes.ts";
import { appearAsOpenClaw, isOneOfUs } from "./disguise.ts";
import type { Owner, Surroundings } from "./surroundings.ts";

/** Programs that pass connections on to where their owner can't be seen from here. */
const FORWARDERS = /^(?:docker-proxy|rootlessport|rootlesskit|slirp4netns|pasta|gvproxy|sshd?|socat|com\.docker)/;

/** How ports of this machine are looked at. */
export interface Ports {
  readonly isListening: (port: number) => Promise<boolean>;
  readonly listenerOf: (port: number) => number | null;
}

/** Surroundings of a home as it was read last: its rows tell whether a pid in a lock can mean anything here. */
export function localSurroundings(
  home: JudgedHome,
  world: World,
  ports: Ports = { isListening, listenerOf: (port) => listenerOf(port) },
): Surroundings {
  const { processes } = world;
  const self = processes.look(processes.self.pid);
  return {
    machine: processes.self,
    bootId: bootId(),
    startTicks: typeof self === "object" ? self.startTicks : null,
    now: world.now,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    look: (pid) => processes.look(pid),
    lockAt: (path) => lockAt(home, path, world),
    owners: () => owners(home, world, ports),
    appearAsOwner: () => appearAsOpenClaw(processes),
  };
}

function lockAt(home: JudgedHome, path: string, world: World): Lock | null {
  const file = statOf(pathFrom(home.home.path, path));
  if (file === undefined) return null;
  const lock = readLock(file, lockPlace(path));
  return lock === undefined ? null : (judged(home, [lock], world)[0] ?? null);
}

/** What a lock locks, told by its name. */
function lockPlace(path: string): Pick<LockFile, "path" | "of" | "target"> {
  if (/^gateway\..+\.lock$/.test(basename(path))) return { path, of: "gateway", target: "." };
  return { path, of: path.endsWith(".json.lock") ? "store" : "transcript", target: path.replace(/\.lock$/, "") };
}

function judged(home: JudgedHome, locks: readonly LockFile[], { processes, platform, now }: World): Lock[] {
  const looks = new Map<number, OwnerLook>();
  for (const { pid } of locks) if (pid !== null) looks.set(pid, processes.look(pid));
  return judgeLocks({
    reading: { ...home, locks },
    machine: processes.self,
    looks,
    processes: processes.list(),
    volume: volumeOf(home.home.path, platform),
    now: now(),
  });
}

/** By lock, by process, by port: each of them may be missing where the gateway is. */
async function owners(home: JudgedHome, world: World, ports: Ports): Promise<Owner[]> {
  const byLock = judged(home, gatewayLocks(home.home, world, []), world).flatMap(lockOwner);
  const others = world.processes
    .list()
    .filter((one) => one.pid !== world.processes.self.pid && !isOneOfUs(one.command));
  const byProcess = others.flatMap((one) => processOwner(one, home, world));
  const found = [...byLock, ...byProcess];
  if (found.length > 0) return onePerProcess(found);
  return portOwner(home, world, ports);
}

function lockOwner({ path, pid, verdict, explanation }: Lock): Owner[] {
  if (verdict === "stale") return [];
  const text =
    verdict === "held"
      ? `A gateway runs on this home: the process ${pid} holds ${path}.`
      : `A gateway may run on this home: ${path}. ${explanation}`;
  return [{ pid, text }];
}

function processOwner(process: ProcessInfo, { home }: JudgedHome, { processes }: World): Owner[] {
  if (likenessOf(process) !== "openclaw") return [];
  const works = worksOn(process, home);
  if (works === "no" && process.pidNamespace === processes.self.pidNamespace) return [];
  const who = `process ${process.pid} (${process.command.slice(0, 80)})`;
  if (works === "yes") return [{ pid: process.pid, text: `OpenClaw runs on this home: the ${who}.` }];
  // In a container the paths of its environment mean other folders than here.
  return [
    { pid: process.pid, text: `OpenClaw runs, and may use this home: the ${who}; its environment does not tell.` },
  ];
}

async function portOwner({ home }: JudgedHome, { processes }: World, ports: Ports): Promise<Owner[]> {
  const port = gatewayPort(home);
  if (!(await ports.isListening(port))) return [];
  const pid = ports.listenerOf(port);
  const listener = pid === null ? null : processes.look(pid);
  const where = `the gateway's port ${port}`;
  if (listener === null || typeof listener === "string") {
    return [{ pid, text: `Something that can't be seen from here listens on ${where}.` }];
  }
  const isForwarder = FORWARDERS.test(basename(listener.argv[0] ?? ""));
  const isAnothers = likenessOf(listener) === "other" || worksOn(listener, home) === "no";
  if (isAnothers && !isForwarder) return [];
  return [{ pid, text: `The process ${pid} (${listener.command.slice(0, 80)}) listens on ${where}.` }];
}

function onePerProcess(found: readonly Owner[]): Owner[] {
  return found.filter((one, index) => one.pid === null || found.findIndex(({ pid }) => pid === one.pid) === index);
}
