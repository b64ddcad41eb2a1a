/**
 * Plans: the steps of a repair as data. A plan says what is expected before each step, what will stand after it and why, so
 * that it can be shown, checked again right before it runs, and undone.
 *
 * Paths of steps, gates and locks are relative to the plan's home, with "/" separators, unless said otherwise.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";

/** Folder in a home that receipts, journal and everything set aside lie in; OpenClaw knows nothing of it. */
export const FORENSICS_FOLDER = ".session-forensics";

/** Version of a plan as a JSON document. */
export const PLAN_SCHEMA = "session-forensics/plan/1";

export interface FileState {
  readonly is: "file";
  readonly bytes: number;
  /** Hex digits of the content's SHA-256. */
  readonly sha256: string;
  /** Permission bits; not compared when absent. */
  readonly mode?: number;
  /** Milliseconds, UTC; compared to the millisecond, not at all when absent. */
  readonly mtimeMs?: number;
  /** The very file, not one of the same content; not compared when absent. */
  readonly inode?: number;
}

export interface FolderState {
  readonly is: "folder";
  readonly mode?: number;
  /** SHA-256 over names, kinds, sizes, times and link targets of all that lies below; not compared when absent. */
  readonly contents?: string;
}

/** What stands at a path. A link is a link, whatever it leads to. */
export type PathState =
  | { readonly is: "absent" }
  | FileState
  | FolderState
  | { readonly is: "symlink"; readonly target: string };

export const ABSENT: PathState = { is: "absent" };

/** A replacement in a file's bytes: `length` bytes from `offset` on give way to `text` (UTF-8). */
export interface ByteEdit {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** The bytes that a file is given. */
export type FileContent =
  | { readonly as: "text"; readonly text: string }
  | { readonly as: "base64"; readonly base64: string }
  | {
      /** The bytes of a file that exists now, edited; the file at the step's own path, or another one. */
      readonly as: "copy";
      /** May also be absolute: a file of another home, which is only read. */
      readonly of: string;
      /** What that file must be when the step runs. */
      readonly expect: FileState;
      /** In ascending order, not overlapping; none for a plain copy. */
      readonly edits: readonly ByteEdit[];
    };

interface StepBase {
  readonly path: string;
  /** What must stand at `path` right before the step; the run is refused otherwise. */
  readonly before: PathState;
  /** What will stand at `path` after it. */
  readonly after: PathState;
  /** A plain sentence for the preview. */
  readonly why: string;
}

/** Writes a new file, or puts one in place of a file or link, which is set aside; never into an existing file. */
export interface WriteFile extends StepBase {
  readonly do: "write-file";
  readonly after: FileState;
  readonly content: FileContent;
  /** Permission bits of the new file. */
  readonly mode: number;
  /** Modification time that it is given, milliseconds UTC; null for the moment of writing. */
  readonly mtimeMs: number | null;
}

/** Moves a file, a lock, a link or a whole folder into the receipt's folder. Nothing is deleted. */
export interface MoveAside extends StepBase {
  readonly do: "move-aside";
  readonly after: { readonly is: "absent" };
}

/** Renames a file, link or folder, such as to an archive's name. What stands at `to`, if expected there, is set aside. */
export interface Rename extends StepBase {
  readonly do: "rename";
  readonly after: { readonly is: "absent" };
  readonly to: string;
  readonly toBefore: PathState;
}

/** Makes a folder; those around it must exist or be made by earlier steps. */
export interface MakeFolder extends StepBase {
  readonly do: "make-folder";
  readonly before: { readonly is: "absent" };
  readonly after: FolderState;
  readonly mode: number;
}

/** Makes a symbolic link where nothing stands any more. */
export interface MakeSymlink extends StepBase {
  readonly do: "make-symlink";
  readonly before: { readonly is: "absent" };
  readonly after: { readonly is: "symlink"; readonly target: string };
}

export type Step = WriteFile | MoveAside | Rename | MakeFolder | MakeSymlink;

/** A condition outside the files themselves, looked at right before the first step and again where it matters. */
export type Gate =
  /** Nobody holds the lock at `path`; it may be absent. */
  | { readonly gate: "lock-free"; readonly path: string; readonly why: string }
  /** The file at `path` has not been written to for `quietMs` milliseconds. */
  | { readonly gate: "quiet"; readonly path: string; readonly quietMs: number; readonly why: string }
  /** No running gateway owns the home, told by its lock, its process or its port. */
  | { readonly gate: "gateway-down"; readonly why: string }
  /** The lock at `path`, read and judged again, is still stale. A step that moves it aside needs this gate. */
  | { readonly gate: "still-stale"; readonly path: string; readonly why: string };

/** A lock of the agent program that is held, by its own protocol, while the steps run. */
export interface LockToTake {
  /** The lock file. */
  readonly path: string;
  readonly of: "transcript" | "store";
  /** What it locks. */
  readonly target: string;
}

/** Something that the plan was asked for and can't do. */
export interface Conflict {
  readonly path: string;
  /** A plain sentence. */
  readonly reason: string;
}

/** What the plan repairs. */
export interface PlannedRepair {
  /** Id of the repair in the table of repairs; `undo` for a plan made from a receipt. */
  readonly repair: string;
  /** Id of the finding, or null when a person asked for it without one. */
  readonly finding: string | null;
  /** Home-relative path that the finding is about. */
  readonly path: string;
  readonly title: string;
}

/** A plan before it has an id. */
export interface PlanDraft {
  /** Absolute path of the home, links resolved. */
  readonly home: string;
  readonly title: string;
  readonly repairs: readonly PlannedRepair[];
  /** In the order in which they run. */
  readonly steps: readonly Step[];
  readonly gates: readonly Gate[];
  readonly locks: readonly LockToTake[];
  readonly conflicts: readonly Conflict[];
  /** What could not be recovered, and what stays as it is. */
  readonly notes: readonly string[];
  /** Id of the receipt that this plan undoes. */
  readonly undoes?: string;
  /** Folders that get back their modification time when the steps are done, unless it is another than expected before. */
  readonly folderTimes?: readonly { readonly path: string; readonly expectMs: number; readonly setMs: number }[];
}

export interface Plan extends PlanDraft {
  /** The same for the same home and steps. */
  readonly id: string;
}

/** The plan with its id. */
export function planOf(draft: PlanDraft): Plan {
  const identity = JSON.stringify([draft.home, draft.undoes ?? null, draft.steps]);
  return { ...draft, id: createHash("sha256").update(identity).digest("hex").slice(0, 12) };
}

/** Home-relative paths that a step changes. */
export function pathsOf(step: Step): string[] {
  return step.do === "rename" ? [step.path, step.to] : [step.path];
}

/** Absolute paths of everything that a run of the plan writes, each once: its files, the locks it takes, its receipt. */
export function writesOf(plan: PlanDraft): string[] {
  const changed = [...plan.steps.flatMap(pathsOf), ...plan.locks.map(({ path }) => path), FORENSICS_FOLDER];
  return [...new Set(changed)].map((path) => join(plan.home, path));
}
