/** Lock files as they lie there: what the payload says, in every shape that OpenClaw wrote (2026.1 to 2026.9). */
import type { LockFile } from "../../model/lock.ts";
import { asNumber, asObject, asText, asTime } from "../../formats/json-values.ts";
import { FileError, readAll, type FileStat } from "../../system/files.ts";

/** A lock payload has some hundred bytes. */
const MOST_BYTES = 64 * 1024;

type LockPlace = Pick<LockFile, "path" | "of" | "target">;
type Payload = Omit<LockFile, keyof LockPlace | "modifiedAt" | "bytes">;

/** Reads the lock at `file`; damage and odd file types are facts of it. Undefined when it has vanished meanwhile. */
export function readLock(file: FileStat, place: LockPlace): LockFile | undefined {
  const payload = file.kind === "file" ? payloadAt(file.path) : nothing("not-a-file");
  return payload === undefined ? undefined : { ...place, ...payload, modifiedAt: file.mtimeMs, bytes: file.size };
}

function payloadAt(path: string): Payload | undefined {
  try {
    return parsePayload(readAll(path, MOST_BYTES).toString("utf8"));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (error.trouble === "gone") return undefined;
    return nothing(
      error.trouble === "not-a-file" ? "not-a-file" : error.trouble === "too-big" ? "senseless" : "unreadable",
    );
  }
}

/**
 * `{pid, createdAt, starttime?, maxHoldMs?}` for transcripts and stores (the store's had `startedAt` in milliseconds and
 * a bare pid in early builds), `{pid, createdAt, configPath, stateDir?, port?, startTime?}` for the gateway. `createdAt`
 * counts as a text only: to OpenClaw a number there is no time, and the lock one with an `invalid-createdAt`.
 */
export function parsePayload(text: string): Payload {
  if (text.trim() === "") return nothing("empty");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return nothing(/^\s*\{/.test(text) ? "torn" : "senseless");
  }
  if (typeof value === "number") return { ...nothing("senseless"), pid: processId(value) };
  const payload = asObject(value);
  if (payload === undefined) return nothing("senseless");
  const pid = processId(payload["pid"]);
  const createdAt = asTime(asText(payload["createdAt"])) ?? asTime(payload["startedAt"]);
  return {
    pid,
    createdAt,
    startTicks: asNumber(payload["starttime"]) ?? asNumber(payload["startTime"]),
    maxHoldMs: asNumber(payload["maxHoldMs"]),
    host: asText(payload["hostname"]) ?? asText(payload["host"]),
    stateDir: asText(payload["stateDir"]),
    port: asNumber(payload["port"]),
    payload: pid === null && createdAt === null ? "senseless" : "ok",
  };
}

function processId(value: unknown): number | null {
  return typeof value === "number" && Number.isInteger(value) && value > 0 ? value : null;
}

function nothing(payload: LockFile["payload"]): Payload {
  return {
    pid: null,
    createdAt: null,
    startTicks: null,
    maxHoldMs: null,
    host: null,
    stateDir: null,
    port: null,
    payload,
  };
}
