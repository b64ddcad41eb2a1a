/**
 * The journal of one run: a line for each thing meant and each thing done, on disk before what follows it. A run whose
 * journal has no `end` was cut off. A torn last line was never acted on, for every line is synced before the act it announces.
 */
import { join } from "node:path";

import { asNumber, asObject, asText } from "../../formats/json-values.ts";
import type { PathState } from "../../model/plan.ts";
import type { Actor, FolderTime, Outcome } from "../../model/receipt.ts";
import { FileError, readAll } from "../../system/files.ts";
import type { FileOperations } from "./file-operations.ts";
import { FILE_MODE } from "./room.ts";

export const JOURNAL_SCHEMA = "session-forensics/journal/1";

/** How a thing changes places between the home and our room; see moves.ts. */
export interface Move {
  readonly kind: "place" | "take" | "swap";
  /** Home-relative path in use. */
  readonly live: string;
  /** Home-relative path in our room. */
  readonly ours: string;
  /** Where a swap sets aside what it displaces. */
  readonly aside: string | null;
  /** What is put into its place, or taken away. */
  readonly state: PathState;
  /** What a swap displaces; else absent. */
  readonly displaced: PathState;
  /** For a stale lock, which is claimed first; see claim.ts. */
  readonly claim: Claim | null;
}

/** A stale lock's bytes (base64) and time as they were, and what it says while it is ours. */
export interface Claim {
  readonly base64: string;
  readonly mtimeMs: number;
  readonly payload: string;
}

export type JournalEntry =
  | { readonly entry: "begin"; readonly run: string; readonly by: Actor }
  | { readonly entry: "lock-meant"; readonly path: string; readonly inode: number }
  | { readonly entry: "lock-freed"; readonly path: string }
  | { readonly entry: "meant"; readonly step: number; readonly move: Move }
  /** The last move that was meant is done; the step is, when none of its moves is left. */
  | { readonly entry: "moved"; readonly step: number; readonly last: boolean }
  | { readonly entry: "rolling-back"; readonly why: string }
  /** `index`: of the move, counted over the run in the order in which they were meant. */
  | { readonly entry: "taken-back"; readonly index: number }
  | { readonly entry: "kept"; readonly index: number; readonly why: string }
  | {
      readonly entry: "end";
      readonly outcome: Exclude<Outcome, "unfinished">;
      readonly reason: string | null;
      readonly recovered: boolean;
      readonly folders: readonly FolderTime[];
    };

/** An entry with its time; milliseconds, UTC. */
export type TimedEntry = JournalEntry & { readonly at: number };

/** Appends entries, each on disk before the call returns. */
export interface Journal {
  append(entry: JournalEntry): void;
  close(): void;
}

const MOST_BYTES = 64 << 20;

/** Creates the journal of a run. */
export function createJournal(home: string, path: string, files: FileOperations, now: () => number): Journal {
  return journalOn(files.create(join(home, path), FILE_MODE), files, now);
}

/** Opens a journal to go on with it. */
export function reopenJournal(home: string, path: string, files: FileOperations, now: () => number): Journal {
  const isTorn = readAll(join(home, path), MOST_BYTES).at(-1) !== 0x0a;
  return journalOn(files.open(join(home, path), "append"), files, now, isTorn);
}

/** What was torn off, by a cut or a failure, is closed by a newline, so that the next line stands by itself. */
function journalOn(file: number, files: FileOperations, now: () => number, isTorn = false): Journal {
  let mayBeTorn = isTorn;
  return {
    append: (entry) => {
      const line = JSON.stringify({ schema: JOURNAL_SCHEMA, at: new Date(now()).toISOString(), ...entry });
      const bytes = Buffer.from(`${mayBeTorn ? "\n" : ""}${line}\n`);
      mayBeTorn = true;
      files.write(file, bytes, null);
      files.sync(file);
      mayBeTorn = false;
    },
    close: () => files.close(file),
  };
}

/** Entries of a run's journal in their order, without what is torn; none when there is no journal. */
export function readJournal(home: string, path: string): TimedEntry[] {
  let text: string;
  try {
    text = readAll(join(home, path), MOST_BYTES).toString("utf8");
  } catch (error) {
    if (error instanceof FileError && (error.trouble === "gone" || error.trouble === "not-a-folder")) return [];
    throw error;
  }
  return text.split("\n").flatMap((line) => entryOf(line) ?? []);
}

function entryOf(line: string): TimedEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const object = asObject(value);
  const at = Date.parse(asText(object?.["at"]) ?? "");
  if (object?.["schema"] !== JOURNAL_SCHEMA || Number.isNaN(at) || !isEntry(object)) return undefined;
  return { ...object, at };
}

/** Lines of this schema are written by this module alone; what else may lie there is recognised by its shape. */
function isEntry(object: Record<string, unknown>): object is JournalEntry & Record<string, unknown> {
  switch (object["entry"]) {
    case "begin":
      return asText(object["run"]) !== null && asObject(object["by"]) !== undefined;
    case "lock-meant":
      return asText(object["path"]) !== null && asNumber(object["inode"]) !== null;
    case "lock-freed":
      return asText(object["path"]) !== null;
    case "meant":
      return asNumber(object["step"]) !== null && isMove(asObject(object["move"]));
    case "moved":
      return asNumber(object["step"]) !== null;
    case "taken-back":
    case "kept":
      return asNumber(object["index"]) !== null;
    case "rolling-back":
      return asText(object["why"]) !== null;
    case "end":
      return asText(object["outcome"]) !== null && Array.isArray(object["folders"]);
    default:
      return false;
  }
}

function isMove(object: Record<string, unknown> | undefined): boolean {
  return (
    object !== undefined &&
    ["place", "take", "swap"].includes(String(object["kind"])) &&
    asText(object["live"]) !== null &&
    asText(object["ours"]) !== null &&
    asObject(object["state"]) !== undefined &&
    asObject(object["displaced"]) !== undefined
  );
}
