/**
 * Claiming a stale lock: how one is moved aside without ever touching a live one.
 *
 * A name can't be removed "only if it is still that file", so between a last look and a rename another process may reclaim the
 * stale lock and put its own live one there. Therefore the stale lock is first made a live one of ours, in place: through an
 * open file, which is that very file whatever has its name by now. If it lost its name meanwhile nobody ever sees what was
 * written. If it has it still, the lock is held by a live process from now on: whoever follows OpenClaw's protocol waits.
 * After a pause, long enough for anybody who judged the old content to have acted on it, the name is looked at again, and
 * the lock goes into our room just as a holder's own lock goes on release. There it gets its old content and time back.
 */
import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";

import type { FileState } from "../../model/plan.ts";
import { readAll, statOf } from "../../system/files.ts";
import type { FileOperations } from "./file-operations.ts";
import type { Claim } from "./journal.ts";
import { refuse } from "./refused.ts";

/** A lock that is ours for now. Its file stays open, so that no other file can get its inode. */
export interface ClaimedLock {
  /** Throws unless the name still belongs to the claimed file, and that says what we wrote. */
  verify(): void;
  close(): void;
}

/** No lock is larger. */
const MOST_BYTES = 64 << 10;

/** What the lock at `path` says, provided that it is the file expected; `payload` is what it shall say while it is ours. */
export function claimOf(path: string, expected: FileState, payload: string): Claim {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    const bytes = bytesOfExpected(path, file, expected);
    return {
      base64: bytes.toString("base64"),
      mtimeMs: fstatSync(file).mtimeMs,
      payload: payload.padEnd(bytes.length),
    };
  } finally {
    closeSync(file);
  }
}

/** Makes the lock a live one of ours, if it is that very file still. */
export function claimLock(path: string, expected: FileState, claim: Claim, files: FileOperations): ClaimedLock {
  const file = files.open(path, "update");
  try {
    bytesOfExpected(path, file, expected);
    files.write(file, Buffer.from(claim.payload), 0);
    files.sync(file);
  } catch (error) {
    files.close(file);
    throw error;
  }
  const inode = fstatSync(file).ino;
  return {
    verify: () => {
      const isOurs = statOf(path)?.ino === inode && readAll(path, MOST_BYTES).toString("utf8") === claim.payload;
      if (!isOurs) refuse("changed", null, `${path} is another lock by now.`);
    },
    close: () => files.close(file),
  };
}

/** The lock as it stands there while it is ours. */
export function claimedState({ inode }: FileState, { payload }: Claim): FileState {
  const bytes = Buffer.from(payload);
  const state: FileState = { is: "file", bytes: bytes.length, sha256: hashOf(bytes) };
  return inode === undefined ? state : { ...state, inode };
}

/** Gives a lock that says what we wrote, wherever it lies, its old content and time; any other is left alone. */
export function restoreClaimed(path: string, claim: Claim, files: FileOperations): void {
  // Through one open file, for the name may pass to a live lock at any time.
  const file = files.open(path, "update");
  try {
    if (!saysOurs(readFileSync(file), claim)) return;
    const bytes = Buffer.from(claim.base64, "base64");
    files.write(file, bytes, 0);
    files.truncate(file, bytes.length);
    files.sync(file);
    if (statOf(path)?.ino === fstatSync(file).ino) files.setTime(path, claim.mtimeMs);
  } finally {
    files.close(file);
  }
}

/** Whether a lock says what we wrote, or a part of it, where writing it or restoring the old content was cut. */
function saysOurs(found: Uint8Array, { payload, base64 }: Claim): boolean {
  const ours = Buffer.from(payload);
  const old = Buffer.from(base64, "base64");
  if (found.length !== ours.length && found.length !== old.length) return false;
  return found.every((byte, index) => byte === ours[index] || byte === old[index]);
}

function bytesOfExpected(path: string, file: number, expected: FileState): Buffer {
  const bytes = readFileSync(file);
  if (fstatSync(file).ino === expected.inode && hashOf(bytes) === expected.sha256) return bytes;
  return refuse("changed", null, `${path} is another lock by now.`);
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
