// Runs test files with node:test and counts what passed and failed.
import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";

import { ROOT } from "../toolchain/paths.mjs";
import type { Tally } from "./tally.ts";

/** Kinds of tests that node:test runs as a part of `npm test`, each a folder of test/. */
export const NODE_SUITES = ["unit", "ground", "built", "screen"] as const;
export type NodeSuite = (typeof NODE_SUITES)[number];
/** The tests against the real OpenClaw need the network, those that kill hundreds of processes minutes: each is run by itself. */
export type Suite = NodeSuite | "interop" | "kills";

/** A test that waits for what never comes must not hang the whole run. */
const WHOLE_TEST_MS: Readonly<Record<Suite, number>> = {
  unit: 120_000,
  ground: 120_000,
  built: 120_000,
  screen: 120_000,
  interop: 900_000,
  kills: 1_800_000,
};

/** Two editors at once would wait for each other, and so would two gateways. */
const ALONE: readonly Suite[] = ["screen", "interop"];

export function filesOf(suite: Suite): string[] {
  return globSync(`test/${suite}/**/*.test.ts`, { cwd: ROOT }).toSorted();
}

/** Runs the files, each in a process of its own; an optional pattern picks tests by name. */
export async function runNodeTests(suite: Suite, files: readonly string[], namePattern?: string): Promise<Tally> {
  if (files.length === 0) throw new Error(`no test files found in test/${suite}`);
  const stream = run({
    files: files.map((file) => path.resolve(ROOT, file)),
    timeout: WHOLE_TEST_MS[suite],
    concurrency: ALONE.includes(suite) ? 1 : availableParallelism(),
    ...(namePattern === undefined ? {} : { testNamePatterns: [namePattern] }),
  });
  let passed = 0;
  let failed = 0;
  stream.on("test:pass", (test) => {
    if (test.details.type === "suite") return;
    if (test.skip === undefined && test.todo === undefined) passed += 1;
    else if (namePattern === undefined) {
      // A skipped test counts as failed, or nobody would notice that it never runs.
      console.error(`not run: ${test.name}`);
      failed += 1;
    }
  });
  stream.on("test:fail", (test) => {
    if (test.details.type !== "suite") failed += 1;
  });
  for await (const chunk of stream.compose(spec)) process.stdout.write(chunk);
  return { passed, failed };
}
