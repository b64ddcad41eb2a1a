/** A transcript made anew from an archive: the same entries under a header of its own, as OpenClaw's own forks have it. */
import { createHash } from "node:crypto";

import { asObject } from "../formats/json-values.ts";
import type { Fragment } from "../model/fragment.ts";
import type { ByteEdit } from "../model/plan.ts";
import { NotReadable, type RepairPort } from "./port.ts";

/** A header has some hundred bytes. */
const MOST_HEADER_BYTES = 64 << 10;
const NEWLINE = 0x0a;

/** An id for the fork, the same each time: so an archive that is restored twice the same way is noticed. */
export function forkId(home: string, { path }: Fragment, how: string): string {
  const hex = createHash("sha256").update([home, path, how].join("\0")).digest("hex");
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** What the header of the fork says in place of the archive's. */
export interface ForkHeader {
  readonly id: string;
  /** ISO 8601. */
  readonly timestamp: string;
  /** Absolute path of the transcript that it was made of (`parentSession`), where OpenClaw should know. */
  readonly parentSession?: string;
}

/**
 * Edits that make the fork of an archive's bytes: another header, no torn end, a newline behind the last entry. Rejects with
 * NotReadable when the header can't be read.
 */
export async function forkEdits(
  archive: Fragment,
  absolute: string,
  header: ForkHeader,
  port: RepairPort,
): Promise<ByteEdit[]> {
  const head = await port.read(absolute, 0, MOST_HEADER_BYTES);
  const newline = head.indexOf(NEWLINE);
  const length = newline === -1 ? head.length : newline;
  const known = headerIn(head.subarray(0, length));
  if (known === null || (newline === -1 && archive.bytes > MOST_HEADER_BYTES)) {
    throw new NotReadable(absolute, "its header can't be read");
  }
  const edits: ByteEdit[] = [{ offset: 0, length, text: JSON.stringify({ ...known, ...header }) }];
  return [...edits, ...(await endEdits(archive, absolute, port))];
}

function headerIn(line: Buffer): Record<string, unknown> | null {
  try {
    const value = asObject(JSON.parse(line.toString("utf8")));
    return value?.["type"] === "session" ? value : null;
  } catch {
    return null;
  }
}

/** Edits to the end of a copy, so that the next entry begins on a line of its own: no torn line, a newline behind the last. */
export async function endEdits(archive: Fragment, absolute: string, port: RepairPort): Promise<ByteEdit[]> {
  const { tail, bytes } = archive;
  if (tail.state === "torn") return [{ offset: tail.offset, length: bytes - tail.offset, text: "" }];
  const last = await port.read(absolute, Math.max(0, bytes - 1), 1);
  return last[0] === NEWLINE ? [] : [{ offset: bytes, length: 0, text: "\n" }];
}
