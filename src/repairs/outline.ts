/** What a repair wants changed, in its own words: before it is known what stands there now and what the bytes will be. */
import type { ByteEdit, Conflict, Gate, LockToTake } from "../model/plan.ts";
import type { Store } from "../model/store.ts";

/** A new file with the bytes of another one, which stays. */
export interface CopyFile {
  readonly change: "copy";
  /** Home-relative, or absolute where it lies in another home. */
  readonly from: string;
  readonly path: string;
  /** In ascending order; none for a plain copy. */
  readonly edits: readonly ByteEdit[];
  /** Whether it gets the time of the other file; a file in use is better dated now, for OpenClaw cleans up by time. */
  readonly keepsTime: boolean;
  readonly why: string;
}

/** A small file of our own, in place of what stands there. */
export interface WriteText {
  readonly change: "write";
  readonly path: string;
  readonly text: string;
  readonly why: string;
}

/** The file of bytes that another one has (or that it has itself), edited, in place of what stands there. */
export interface ReplaceFile {
  readonly change: "replace";
  readonly path: string;
  readonly from: string;
  readonly edits: readonly ByteEdit[];
  readonly why: string;
}

/** A change to the rows of a store that can be read. */
export type RowEdit =
  | { readonly edit: "set"; readonly key: string; readonly set: Readonly<Record<string, unknown>> }
  | { readonly edit: "add"; readonly key: string; readonly row: Readonly<Record<string, unknown>> };

export interface EditRows {
  readonly change: "rows";
  readonly store: Store;
  readonly rows: readonly RowEdit[];
  readonly why: string;
}

export interface SetAside {
  readonly change: "set-aside";
  readonly path: string;
  readonly why: string;
}

export interface RenameFile {
  readonly change: "rename";
  readonly path: string;
  readonly to: string;
  readonly why: string;
}

/** A folder, if it is not there yet. */
export interface NeedFolder {
  readonly change: "folder";
  readonly path: string;
  readonly why: string;
}

/** A folder that gives way to a symbolic link. */
export interface LinkInstead {
  readonly change: "link";
  readonly path: string;
  readonly target: string;
  readonly why: string;
}

export type Change = CopyFile | WriteText | ReplaceFile | EditRows | SetAside | RenameFile | NeedFolder | LinkInstead;

/** A repair of one finding before its plan is complete. Paths are relative to the home that is written. */
export interface Outline {
  readonly changes: readonly Change[];
  readonly gates: readonly Gate[];
  readonly locks: readonly LockToTake[];
  readonly conflicts: readonly Conflict[];
  readonly notes: readonly string[];
}

export const NOTHING: Outline = { changes: [], gates: [], locks: [], conflicts: [], notes: [] };

/** An outline that does nothing but say why. */
export function refused(path: string, reason: string): Outline {
  return { ...NOTHING, conflicts: [{ path, reason }] };
}
