/**
 * Who of us is at work in a home: one at a time.
 *
 * Everybody who wants to work puts a file of its own, complete, into one folder, and looks who else is there after. Of two
 * that come at once at least one sees the other and goes again, whatever the order of their calls; so two can never both
 * stay. The files of dead ones count for nothing, and nobody needs to take anything over from them: the one who stays puts
 * them away.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";

import { asNumber, asObject, asText } from "../../formats/json-values.ts";
import { list, readAll, statOf } from "../../system/files.ts";
import { writeFile } from "./copy.ts";
import type { FileOperations } from "./file-operations.ts";
import { refuse } from "./refused.ts";
import { AT_WORK, FILE_MODE } from "./room.ts";
import type { Surroundings } from "./surroundings.ts";

/** This run's sign that it is at work. */
export interface Presence {
  /** Home-relative file. */
  readonly path: string;
  /** Says that this run still lives; those on other machines can't see its process. */
  readonly beat: () => void;
  readonly leave: () => void;
}

interface Worker {
  readonly path: string;
  readonly pid: number | null;
  readonly startTicks: number | null;
  readonly host: string | null;
  readonly bootId: string | null;
  readonly pidNamespace: string | null;
  readonly face: string | null;
  readonly mtimeMs: number;
}

const AT_WORK_SCHEMA = "session-forensics/at-work/1";
const MOST_BYTES = 64 << 10;
const TRIES = 5;
/** Two that met go again, and come back after different times. */
const LONGEST_PAUSE_MS = 200;
/** One whose process can't be seen from here is at work while it shows signs of life this often. */
const SILENCE_MS = 15 * 60_000;

/** Announces this process; refuses when another one of us is at work, and names it. */
export async function startWork(
  home: string,
  face: string,
  files: FileOperations,
  around: Surroundings,
): Promise<Presence> {
  for (let attempt = 1; ; attempt += 1) {
    const presence = announce(home, face, files, around);
    const others = workersIn(home).filter(({ path }) => path !== presence.path);
    const now = statOf(join(home, presence.path))?.mtimeMs ?? 0;
    const living = others.filter((other) => isAtWork(other, now, home, around));
    const [first] = living;
    if (first === undefined) {
      for (const { path } of others) files.unlink(join(home, path));
      return presence;
    }
    presence.leave();
    // One that came at the same moment may have seen this one and gone as well.
    if (attempt === TRIES) refuse("busy", first.path, busyText(first));
    await around.sleep(Math.random() * LONGEST_PAUSE_MS);
  }
}

/** Whether one of us is at work in a home right now; announces nobody, and writes nothing. */
export function isSomeoneAtWork(home: string, around: Surroundings): boolean {
  return workersIn(home).some((worker) => isAtWork(worker, around.now(), home, around));
}

function announce(home: string, face: string, files: FileOperations, around: Surroundings): Presence {
  const { machine, bootId, startTicks } = around;
  const name = `${machine.pid}-${randomBytes(6).toString("hex")}`;
  const path = `${AT_WORK}/${name}.json`;
  const worker = {
    schema: AT_WORK_SCHEMA,
    pid: machine.pid,
    startTicks,
    host: machine.host,
    bootId,
    pidNamespace: machine.pidNamespace,
    face,
  };
  const ready = join(home, AT_WORK, `${name}.tmp`);
  writeFile(ready, [Buffer.from(`${JSON.stringify(worker)}\n`)], { mode: FILE_MODE, mtimeMs: null }, files);
  files.rename(ready, join(home, path));
  return {
    path,
    beat: () => files.setTime(join(home, path), around.now()),
    leave: () => files.unlink(join(home, path)),
  };
}

function workersIn(home: string): Worker[] {
  return list(join(home, AT_WORK)).names.flatMap((name) => {
    if (!name.endsWith(".json")) return [];
    const path = `${AT_WORK}/${name}`;
    const stat = statOf(join(home, path));
    return stat === undefined ? [] : [{ path, mtimeMs: stat.mtimeMs, ...payloadAt(join(home, path)) }];
  });
}

function payloadAt(path: string): Omit<Worker, "path" | "mtimeMs"> {
  let payload: Record<string, unknown> | undefined;
  try {
    payload = asObject(JSON.parse(readAll(path, MOST_BYTES).toString("utf8")));
  } catch {
    // Gone in this moment, or not written by us: nothing is known of it.
  }
  return {
    pid: asNumber(payload?.["pid"]),
    startTicks: asNumber(payload?.["startTicks"]),
    host: asText(payload?.["host"]),
    bootId: asText(payload?.["bootId"]),
    pidNamespace: asText(payload?.["pidNamespace"]),
    face: asText(payload?.["face"]),
  };
}

/** `now` in milliseconds, best by the clock of the file system that the home lies in. */
function isAtWork(worker: Worker, now: number, home: string, { machine, bootId, look }: Surroundings): boolean {
  const current = statOf(join(home, worker.path));
  if (current === undefined) return false;
  const isSilent = now - current.mtimeMs > SILENCE_MS;
  const isHere = worker.host === machine.host && worker.pidNamespace === machine.pidNamespace;
  if (worker.pid === null || !isHere) return !isSilent;
  if (worker.bootId !== bootId) return false;
  const process = look(worker.pid);
  if (process === "dead") return false;
  if (process === "unknown" || worker.startTicks === null || process.startTicks === null) return true;
  return process.startTicks === worker.startTicks;
}

function busyText({ pid, host, face, path }: Worker): string {
  const who = pid === null ? "someone" : `the process ${pid} on ${host ?? "another machine"}`;
  return `Another repair is at work in this home: ${who} (${face ?? path}). Try again when it has ended.`;
}
