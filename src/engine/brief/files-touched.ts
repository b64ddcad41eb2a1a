/** Files that a conversation worked on, by the paths that tool calls and compactions name. */
import { asObject, asText } from "../../formats/json-values.ts";
import type { ToolCall, TranscriptEntry } from "../../model/entry.ts";

export interface TouchedFile {
  /** As it was named; untrusted. */
  readonly path: string;
  /** Tools that were given it, or "compaction". */
  readonly by: readonly string[];
}

/** Names of arguments that hold a path, in the tools of the agent programs known. */
const PATH_ARGUMENTS = ["path", "file_path", "filePath", "file", "filename", "notebook_path", "cwd", "workdir"];

/** Files that a patch of the `apply_patch` form names. */
const PATCHED = /^\*\*\* (?:Add|Update|Delete) File: (.+)$/gm;

const LONGEST_PATH = 400;

const isPath = (text: string): boolean => text !== "" && text.length <= LONGEST_PATH && !/[\n\r]/.test(text);

function pathsOf({ arguments: given }: ToolCall): string[] {
  const values = asObject(given) ?? {};
  const named = PATH_ARGUMENTS.map((name) => asText(values[name])).filter((one) => one !== null);
  const patches = [values["patch"], values["input"]].map((one) => asText(one) ?? "");
  const patched = patches.flatMap((patch) => [...patch.matchAll(PATCHED)].map(([, path = ""]) => path.trim()));
  return [...named, ...patched].filter(isPath);
}

function touches({ compaction, toolCalls }: TranscriptEntry): { readonly path: string; readonly by: string }[] {
  const summed = compaction === null ? [] : [...compaction.readFiles, ...compaction.modifiedFiles].filter(isPath);
  return [
    ...summed.map((path) => ({ path, by: "compaction" })),
    ...toolCalls.flatMap((call) => pathsOf(call).map((path) => ({ path, by: call.name }))),
  ];
}

/** The last touched first. */
export function filesTouched(entries: readonly TranscriptEntry[]): TouchedFile[] {
  const byPath = new Map<string, Set<string>>();
  for (const { by, path } of entries.flatMap(touches)) {
    const known = byPath.get(path) ?? new Set();
    // Set again, so that the order is that of the last touch.
    byPath.delete(path);
    byPath.set(path, known.add(by));
  }
  return [...byPath].toReversed().map(([path, by]) => ({ path, by: [...by] }));
}
