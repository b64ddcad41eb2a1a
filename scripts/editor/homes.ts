// Whose sessions the editor shows: this user's, or a copy of the sample home when there are none.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import path from "node:path";

import { DIST, ROOT } from "../toolchain/paths.mjs";
import { BUSY_NOW, writeBusyHome } from "./busy-home.ts";
import { cleanEnvironment } from "./environment.ts";

export interface Home {
  /** What the editor gets as HOME. */
  readonly folder: string;
  /** The folder that it opens: never a whole HOME of a person, which it would watch and index. */
  readonly workspace: string;
  readonly remove: () => Promise<void>;
}

export const SAMPLE_HOME = path.join(ROOT, "test/fixtures/sample-home/home");

/** A scan names its homes even when it finds problems, so its exit code says nothing here. */
function scan(folder: string): Promise<string> {
  const env = cleanEnvironment({ HOME: folder, USERPROFILE: folder });
  const args = [path.join(DIST, "cli.cjs"), "scan", "--json"];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env, maxBuffer: 2 ** 30 }, (_error, stdout) => resolve(stdout));
  });
}

/** The paths of the homes that a scan finds with `folder` as HOME. */
async function homesOf(folder: string): Promise<string[]> {
  const text = await scan(folder);
  try {
    return (JSON.parse(text) as { homes: { path: string }[] }).homes.map((home) => home.path);
  } catch {
    throw new Error(`the scan of ${folder} gave no document: ${text.slice(0, 500)}`);
  }
}

/** This user's homes, opened at the first one; undefined when there are none. */
export async function ownHome(): Promise<Home | undefined> {
  const folder = homedir();
  const [workspace] = await homesOf(folder);
  return workspace === undefined ? undefined : { folder, workspace, remove: async () => {} };
}

/** Replaces what stands in `folder`, so that every start finds the same home. */
export async function copySampleHome(folder: string): Promise<void> {
  if (!existsSync(SAMPLE_HOME)) throw new Error(`the sample home is missing: ${SAMPLE_HOME}`);
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  // Times are part of the evidence.
  await cp(SAMPLE_HOME, folder, { recursive: true, preserveTimestamps: true });
}

/** A temporary copy, so that a repair tried on it can be tried again next time. */
export async function sampleHome(): Promise<Home> {
  const folder = await mkdtemp(path.join(tmpdir(), "session-forensics-sample-"));
  await copySampleHome(folder);
  return { folder, workspace: folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

/** A temporary home of an agent that works a lot. */
export async function busyHome(): Promise<Home> {
  const folder = await mkdtemp(path.join(tmpdir(), "session-forensics-busy-"));
  await writeBusyHome({ folder, now: BUSY_NOW });
  return { folder, workspace: folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}
