/** The one error by which anything in this room says that a plan can't run, or can't go on. */
import type { Refusal, RefusalCode } from "../../model/receipt.ts";
import { FileError } from "../../system/files.ts";

export class RefusedError extends Error {
  readonly refusals: readonly Refusal[];

  constructor(refusals: readonly Refusal[]) {
    super(refusals.map(({ reason }) => reason).join(" "));
    this.name = "RefusedError";
    this.refusals = refusals;
  }
}

export function refusal(code: RefusalCode, path: string | null, reason: string): Refusal {
  return { code, path, reason };
}

export function refuse(code: RefusalCode, path: string | null, reason: string): never {
  throw new RefusedError([refusal(code, path, reason)]);
}

/** Refusals as they were thrown, or the system's own error as one. */
export function refusalsOf(error: unknown): readonly Refusal[] {
  if (error instanceof RefusedError) return error.refusals;
  const code = systemCode(error instanceof FileError ? error.cause : error);
  const text = textOf(error);
  if (code === "ENOSPC" || code === "EDQUOT") return [refusal("no-space", null, `There is no space left: ${text}.`)];
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") return [refusal("not-permitted", null, `${text}.`)];
  return [refusal("failed", null, `${text}.`)];
}

function textOf(error: unknown): string {
  if (error instanceof FileError) return `${error.path} can't be read: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}

/** The system's name of an error, such as "ENOENT". */
export function systemCode(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}
