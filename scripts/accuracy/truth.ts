// What truly happened in a recorded home: its TRUTH.json, reduced to chains of files.
import { readFileSync } from "node:fs";
import { join } from "node:path";

interface TruthFile {
  readonly file: string;
  readonly role: string;
}

interface TruthFragment {
  /** Absent for an event that is no fragment: the key was deleted. */
  readonly sessionId?: string | null;
  readonly previousSessionId?: string | null;
  readonly endedInFiles?: readonly TruthFile[];
}

interface TruthDocument {
  readonly sessionKeys: Readonly<Record<string, { readonly fragments: readonly TruthFragment[] }>>;
}

/** The transcripts of one key between its first turn and its end or deletion, oldest first; home-relative paths. */
export interface TrueChain {
  readonly key: string;
  readonly files: readonly string[];
}

/** Chains of a recorded home. Fragments that never had a file are left out: what follows them follows the one before. */
export function trueChains(folder: string): TrueChain[] {
  const document = parsed(readFileSync(join(folder, "TRUTH.json"), "utf8"));
  const seen = new Set<string>();
  return Object.entries(document.sessionKeys).flatMap(([key, { fragments }]) =>
    runs(fragments)
      .map((run) => ({ key, files: run.flatMap(transcriptOf).filter((file) => isNew(seen, file)) }))
      .filter(({ files }) => files.length > 0),
  );
}

function parsed(text: string): TruthDocument {
  const value: TruthDocument = JSON.parse(text);
  return value;
}

/** Splits at deletions: what comes after one is a new conversation under the old name. */
function runs(fragments: readonly TruthFragment[]): TruthFragment[][] {
  const all: TruthFragment[][] = [];
  for (const fragment of fragments) {
    const follows = typeof fragment.sessionId === "string" && typeof fragment.previousSessionId === "string";
    if (follows) all.at(-1)?.push(fragment);
    else all.push(typeof fragment.sessionId === "string" ? [fragment] : []);
  }
  return all;
}

function transcriptOf({ endedInFiles }: TruthFragment): string[] {
  const transcript = endedInFiles?.find(({ role }) => !role.includes("checkpoint"));
  return transcript === undefined ? [] : [transcript.file];
}

/** Two keys may share one transcript (cron rows come in pairs): it counts once. */
function isNew(seen: Set<string>, file: string): boolean {
  if (seen.has(file)) return false;
  seen.add(file);
  return true;
}
