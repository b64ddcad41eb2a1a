/** What repairs ask of the disk while a plan is made. The engine answers; tests answer from memory. Nothing here writes. */
import type { ByteEdit, PathState } from "../model/plan.ts";

export interface RepairPort {
  /** What stands at an absolute path: a file with the hash of its content, permission bits and time. Rejects with NotReadable. */
  stateOf(path: string): Promise<PathState>;
  /** A stretch of a file; shorter where the file ends. Rejects with NotReadable. */
  read(path: string, offset: number, length: number): Promise<Buffer>;
  /** Length and SHA-256 (hex) of what a file is with these edits. Rejects with NotReadable. */
  hashOf(path: string, edits: readonly ByteEdit[]): Promise<{ readonly bytes: number; readonly sha256: string }>;
}

/** A path that can't be looked at. The message is a plain sentence part. */
export class NotReadable extends Error {
  readonly path: string;

  constructor(path: string, reason: string) {
    super(reason);
    this.name = "NotReadable";
    this.path = path;
  }
}
