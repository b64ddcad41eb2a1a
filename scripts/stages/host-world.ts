// What a run of the host tests needs on disk: a home, a workspace, an empty extension to develop, a file for events. All of it temporary.
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import { SAMPLE_HOME } from "../editor/homes.ts";
import { ROOT } from "../toolchain/paths.mjs";
import type { Tally } from "./tally.ts";
import type { HostEvent } from "../../test/host/index.ts";

export interface HostWorld {
  readonly home: string;
  readonly workspace: string;
  /** VS Code runs tests only for an extension under development; this one is empty, so that the packed one is tested. */
  readonly emptyExtension: string;
  readonly env: Readonly<Record<string, string>>;
  /** What happened so far; titles that started and did not end come back in `hanging`. */
  readonly results: () => Promise<{ readonly events: readonly HostEvent[]; readonly hanging: readonly string[] }>;
  readonly remove: () => Promise<void>;
}

export interface HostRun {
  /** A folder that is copied to become HOME. */
  readonly homeFixture?: string;
  /** Runs only tests whose full title matches. */
  readonly name?: string;
}

/** The options that both runners of the host tests take. */
export function hostRunFromArguments(): HostRun {
  const { values } = parseArgs({ options: { name: { type: "string" }, home: { type: "string" } } });
  return {
    ...(values.name === undefined ? {} : { name: values.name }),
    ...(values.home === undefined ? {} : { homeFixture: values.home }),
  };
}

const WORKSPACE = path.join(ROOT, "test/host/workspace");

async function copyIfThere(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  // Times are part of the evidence that the extension reads.
  if (existsSync(from)) await cp(from, to, { recursive: true, preserveTimestamps: true });
}

async function writeEmptyExtension(folder: string): Promise<void> {
  const manifest = { name: "host-tests", publisher: "session-forensics", version: "0.0.0", engines: { vscode: "*" } };
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "package.json"), JSON.stringify(manifest));
}

async function readResults(file: string): ReturnType<HostWorld["results"]> {
  const text = await readFile(file, "utf8").catch(() => "");
  const lines = text.split("\n").filter((line) => line.length > 0);
  const all = lines.map((line) => JSON.parse(line) as HostEvent);
  const events = all.filter((one) => one.event !== "start");
  const ended = new Set(events.map((one) => one.title));
  const hanging = all.filter((one) => one.event === "start" && !ended.has(one.title)).map((one) => one.title);
  return { events, hanging };
}

export async function makeHostWorld({ homeFixture = SAMPLE_HOME, name }: HostRun): Promise<HostWorld> {
  const all = await mkdtemp(path.join(tmpdir(), "sf-host-"));
  const [home, workspace, emptyExtension] = ["home", "workspace", "empty"].map((part) => path.join(all, part)) as [
    string,
    string,
    string,
  ];
  const events = path.join(all, "events.jsonl");
  await copyIfThere(homeFixture, home);
  await copyIfThere(WORKSPACE, workspace);
  await writeEmptyExtension(emptyExtension);
  const env = {
    SESSION_FORENSICS_TEST_EVENTS: events,
    SESSION_FORENSICS_TEST_FIXTURES: path.join(ROOT, "test/fixtures"),
    ...(name === undefined ? {} : { SESSION_FORENSICS_TEST_NAME: name }),
  };
  const remove = (): Promise<void> => rm(all, { recursive: true, force: true, maxRetries: 5 });
  return { home, workspace, emptyExtension, env, results: () => readResults(events), remove };
}

/** Prints what happened and counts it; a pending test counts as failed, or nobody would notice that it never runs. */
export async function reportHostRun(world: HostWorld, problem: string | undefined): Promise<Tally> {
  const { events, hanging } = await world.results();
  for (const { event, title, error } of events) {
    console.log(`${event === "pass" ? "✔" : "✖"} ${title}${event === "pending" ? " (not run)" : ""}`);
    if (error !== undefined) console.log(error.replace(/^/gm, "    "));
  }
  for (const title of hanging) console.log(`✖ ${title} (did not end)`);
  const passed = events.filter((one) => one.event === "pass").length;
  const failed = events.length - passed + hanging.length;
  if (problem === undefined) return { passed, failed };
  console.error(problem);
  return { passed, failed: Math.max(failed, 1) };
}
