// What truly happened in a recorded home: its TRUTH.json, reduced to chains of fragments.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { FragmentPlace } from "../../src/model/fragment.ts";

interface TruthFile {
  readonly file: string;
  readonly role: string;
}

/** Of a home of files: what the session left. */
interface TruthFragment {
  /** Absent for an event that is no fragment: the key was deleted. */
  readonly sessionId?: string | null;
  readonly previousSessionId?: string | null;
  readonly endedInFiles?: readonly TruthFile[];
}

/** Of a home of databases: the events between two resets. */
interface TruthWindow {
  readonly sessionId: string;
  readonly previousSessionId?: string | null;
  readonly fromSeq: number;
  readonly toSeq: number;
}

interface TruthSession {
  readonly agent?: string;
  readonly fragments?: readonly (TruthFragment | TruthWindow)[];
}

interface TruthDocument {
  readonly sessionKeys: Readonly<Record<string, TruthSession>>;
  /** Deletions that a database recorded. */
  readonly deletedArchives?: readonly { readonly session_key: string; readonly file: string }[];
}

/** The fragments of one key between its first turn and its end or deletion, oldest first. */
export interface TrueChain {
  readonly key: string;
  /** By `fragmentName`. */
  readonly fragments: readonly string[];
}

/** The file of a deleted session, and its key. */
export interface TrueDeletion {
  readonly key: string;
  /** Home-relative. */
  readonly file: string;
}

/** A name for a fragment that says all of where it lies. */
export function fragmentName({ path, window }: FragmentPlace): string {
  return window === undefined ? path : `${path}#${window.sessionId}:${window.fromSeq}-${window.toSeq}`;
}

/** Deletions of a recorded home whose key is known. */
export function trueDeletions(folder: string): TrueDeletion[] {
  const document = parsed(readFileSync(join(folder, "TRUTH.json"), "utf8"));
  return (document.deletedArchives ?? []).map(({ file, session_key: key }) => ({ key, file }));
}

/** Chains of a recorded home. Fragments that never had a file are left out: what follows them follows the one before. */
export function trueChains(folder: string): TrueChain[] {
  const document = parsed(readFileSync(join(folder, "TRUTH.json"), "utf8"));
  const seen = new Set<string>();
  return Object.entries(document.sessionKeys).flatMap(([key, { agent, fragments = [] }]) =>
    (fragments.every(isWindow) ? [fragments.map((window) => windowName(agent ?? "main", window))] : fileRuns(fragments))
      .map((run) => ({ key, fragments: run.filter((name) => isNew(seen, name)) }))
      .filter((chain) => chain.fragments.length > 0),
  );
}

function parsed(text: string): TruthDocument {
  const value: TruthDocument = JSON.parse(text);
  return value;
}

function isWindow(fragment: TruthFragment | TruthWindow): fragment is TruthWindow {
  return "fromSeq" in fragment;
}

/** All that one key has in its database follows each other: a deletion would have taken it away. */
function windowName(agent: string, { fromSeq, sessionId, toSeq }: TruthWindow): string {
  return fragmentName({ path: `agents/${agent}/agent/openclaw-agent.sqlite`, window: { sessionId, fromSeq, toSeq } });
}

function fileRuns(fragments: readonly TruthFragment[]): string[][] {
  return runs(fragments).map((run) => run.flatMap(transcriptOf));
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
function isNew(seen: Set<string>, fragment: string): boolean {
  if (seen.has(fragment)) return false;
  seen.add(fragment);
  return true;
}
