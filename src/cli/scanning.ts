/** Runs one scan for a verb: the places it was given, progress on stderr, and what could not be read. */
import { duration } from "../model/amounts.ts";
import { join, resolve } from "node:path";
import type { ParseArgsOptionsConfig } from "node:util";

import type { GivenPlaces } from "../agents/program.ts";
import type { Engine } from "../engine/engine.ts";
import { escaped } from "../engine/present/names.ts";
import type { Skipped } from "../model/reading.ts";
import type { HomeSnapshot, Snapshot } from "../model/snapshot.ts";
import { isInside, list, realPath, statThroughLinks, troubleText } from "../system/files.ts";
import { EXIT } from "./exit.ts";
import type { CliWorld, Values } from "./verb.ts";

/** Options of every verb that scans. */
export const SCAN_OPTIONS = {
  json: { type: "boolean" },
  cache: { type: "boolean", default: true },
  verbose: { type: "boolean" },
} as const satisfies ParseArgsOptionsConfig;

export const SCAN_OPTIONS_HELP = `  --json           one JSON document on stdout, nothing else there
  --no-cache       keep no facts for the next run, use none of the last
  --verbose        say on stderr what is being read
`;

/** A scan that takes longer than this shows that it goes on. */
const PATIENCE_MS = 700;

/** Why nothing can be read in a folder; null when it can. */
function troubleOf(folder: string): string | null {
  try {
    const stat = statThroughLinks(folder);
    if (stat === undefined) return "does not exist";
    if (stat.kind !== "directory") return "is not a folder";
    list(folder);
    return null;
  } catch (error) {
    return troubleText(error);
  }
}

export interface Scanned {
  /** What scanned, for reading transcripts. */
  readonly engine: Engine;
  readonly snapshot: Snapshot;
  /** Named folders and whole homes that could not be read. */
  readonly unreadable: readonly Skipped[];
  /** Keeps what was learnt for the next run; call it after the output. */
  close(): Promise<void>;
}

async function withProgress<T>(world: CliWorld, work: Promise<T>): Promise<T> {
  const started = world.now();
  const draw = (): void => world.terminal.err(`\r\u001b[KScanning… ${duration(world.now() - started)}`);
  let ticking: NodeJS.Timeout | undefined;
  const patience = setTimeout(() => {
    ticking = setInterval(draw, 1000);
    draw();
  }, PATIENCE_MS);
  try {
    return await work;
  } finally {
    clearTimeout(patience);
    if (ticking !== undefined) {
      clearInterval(ticking);
      world.terminal.err("\r\u001b[K");
    }
  }
}

/** Homes that are there but can't be read at all: the folder itself, or that of all its agents. */
function unreadableHomes(snapshot: Snapshot): Skipped[] {
  if (snapshot.homes.length === 0) return snapshot.skipped.filter((one) => troubleOf(one.path) !== null);
  return snapshot.homes.flatMap(({ home, skipped }) =>
    skipped.filter(({ path }) => path === home.path || path === join(home.path, "agents")),
  );
}

/** Scans exactly these places. */
export async function scanPlaces(world: CliWorld, given: GivenPlaces, values: Values): Promise<Scanned> {
  const engine = world.createEngine({
    given,
    cache: values["cache"] !== false,
    log: values["verbose"] === true ? (line) => world.terminal.err(`${escaped(line)}\n`) : () => undefined,
  });
  const scan = engine.scan(world.signal);
  const snapshot = await (world.terminal.interactive ? withProgress(world, scan) : scan);
  return { engine, snapshot, unreadable: unreadableHomes(snapshot), close: () => engine.close() };
}

/** Scans the folders that the person named, or the homes of this user when none was named. */
export async function scanFolders(world: CliWorld, folders: readonly string[], values: Values): Promise<Scanned> {
  const places = folders.map((one) => resolve(world.workingFolder, one));
  const missing = places.flatMap((path) => {
    const reason = troubleOf(path);
    return reason === null ? [] : [{ path, reason }];
  });
  const usable = places.filter((path) => !missing.some((one) => one.path === path));
  const scanned = await scanPlaces(world, { paths: usable, discover: folders.length === 0 }, values);
  const { snapshot } = scanned;
  return {
    ...scanned,
    snapshot: missing.length === 0 ? snapshot : { ...snapshot, skipped: [...missing, ...snapshot.skipped] },
    unreadable: [...missing, ...scanned.unreadable],
  };
}

/**
 * The homes that `--home` means: those at the folder or in it. A canonical home above a shadow is scanned with it, to tell what the
 * shadow is a shadow of, and is not meant. A folder in a home means that home.
 */
export function homesMeant(world: CliWorld, { homes }: Snapshot, values: Values): readonly HomeSnapshot[] {
  const named = values["home"];
  if (typeof named !== "string") return homes;
  const folder = resolve(world.workingFolder, named);
  const places = [folder, realPath(folder) ?? folder];
  const within = homes.filter(({ home }) => places.some((place) => isInside(place, home.path)));
  return within.length > 0 ? within : homes;
}

/** Scans what `--home` names, the homes of this user without it, and leaves out what was read only to compare with. */
export async function scanHome(world: CliWorld, values: Values): Promise<Scanned> {
  const { home } = values;
  const scanned = await scanFolders(world, typeof home === "string" ? [home] : [], values);
  const homes = homesMeant(world, scanned.snapshot, values);
  return { ...scanned, snapshot: { ...scanned.snapshot, homes } };
}

/** Tells what stands in the way on stderr, and the exit code that follows from it. */
export function reportUnreadable(world: CliWorld, { unreadable }: Scanned): number {
  for (const { path, reason } of unreadable) world.terminal.err(`Can't read ${escaped(path)}: ${escaped(reason)}\n`);
  return unreadable.length === 0 ? EXIT.done : EXIT.unreadable;
}
