/** Reads every byte of the transcripts that a scan found, with progress on stderr. */
import { escaped } from "../engine/present/names.ts";
import type { DeepCheckCounts, DeepCheckProgress } from "../engine/deep-check/deep-checks.ts";
import { count, size } from "../model/amounts.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Scanned } from "./scanning.ts";
import type { CliWorld } from "./verb.ts";

/** A scan whose transcripts were read whole. */
export interface DeepScanned extends Scanned {
  readonly read: DeepCheckCounts;
}

/** Progress is drawn at most this often. */
const DRAWN_EVERY_MS = 200;

/** The same homes with what only a whole read tells. Places that were missing stay skipped. */
export async function deepScanned(world: CliWorld, scanned: Scanned): Promise<DeepScanned> {
  const { engine, snapshot: before } = scanned;
  const progress = new ProgressLine(world);
  try {
    const { read, snapshot } = await engine.deepCheck({
      signal: world.signal,
      onProgress: (now) => progress.draw(now),
    });
    return { ...scanned, snapshot: { ...snapshot, skipped: withPlaces(before, snapshot, read) }, read };
  } finally {
    progress.clear();
  }
}

/** What the scan skipped, and what could not be read whole. */
function withPlaces(before: Snapshot, after: Snapshot, { failed }: DeepCheckCounts): Snapshot["skipped"] {
  const told = new Set(after.homes.flatMap(({ skipped }) => skipped.map(({ path }) => path)));
  return [...before.skipped, ...failed.filter(({ path }) => !told.has(path))];
}

/** What a whole read could not do, for stderr. */
export function* readNotes({ failed, notFollowed }: DeepCheckCounts): Generator<string> {
  for (const { path, reason } of failed) yield `Can't read ${escaped(path)}: ${escaped(reason)}\n`;
  for (const path of notFollowed)
    yield `${escaped(path)} has so many entries that ids and parents of the last ones were not followed.\n`;
}

/** One line on a terminal that a person watches; nothing elsewhere. */
class ProgressLine {
  readonly #world: CliWorld;
  #drawnAt: number;
  #isDrawn = false;

  constructor(world: CliWorld) {
    this.#world = world;
    this.#drawnAt = world.now();
  }

  draw({ bytes, ofBytes, ofTranscripts, transcripts }: DeepCheckProgress): void {
    const { now, terminal } = this.#world;
    if (!terminal.interactive || now() - this.#drawnAt < DRAWN_EVERY_MS) return;
    this.#drawnAt = now();
    this.#isDrawn = true;
    const read = `${transcripts} of ${count(ofTranscripts, "transcript")}, ${size(bytes)} of ${size(ofBytes)}`;
    terminal.err(`\r\u001b[KReading… ${read}`);
  }

  clear(): void {
    if (this.#isDrawn) this.#world.terminal.err("\r\u001b[K");
  }
}
