// Runs the built bundles as a user's shell or editor would: in an environment of their own, away from the user's homes.
import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { text } from "node:stream/consumers";
import path from "node:path";
import type { TestContext } from "node:test";

import { temporaryTree } from "./homes.ts";

const DIST = path.resolve(import.meta.dirname, "../../dist");
export const CLI = path.join(DIST, "cli.cjs");
export const SERVER = path.join(DIST, "server.cjs");

export interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** An environment in which nothing of this user's is found: an empty HOME, no settings of any agent program. */
export function ownEnvironment(home: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { PATH = "", SystemRoot = "" } = process.env;
  return { PATH, SystemRoot, HOME: home, USERPROFILE: home, ...more };
}

export function spawnBundle(
  bundle: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  options: { readonly nodeArgs?: readonly string[]; readonly cwd?: string } = {},
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [...(options.nodeArgs ?? []), bundle, ...args], {
    env,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
}

export const exitOf = (child: ChildProcessWithoutNullStreams): Promise<number | null> =>
  new Promise((resolve) => {
    child.once("close", resolve);
  });

/** Runs the command line to its end. */
export async function runCli(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  options: Parameters<typeof spawnBundle>[3] = {},
): Promise<Result> {
  const child = spawnBundle(CLI, args, env, options);
  const [code, out, err] = await Promise.all([exitOf(child), text(child.stdout), text(child.stderr)]);
  return { code, out, err };
}

/** An empty HOME for the time of a test. */
export const emptyHome = (test: Pick<TestContext, "after">): string => temporaryTree(test, {});
