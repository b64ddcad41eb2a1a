/** Whole reads of transcripts: what they found is kept, and counts as long as the transcript stays as it was. */
import { keptOrRead } from "../../agents/openclaw/memo.ts";
import type { AgentProgram, ReadingContext } from "../../agents/program.ts";
import type { DamageByPlace } from "../../checks/rule.ts";
import { fragmentAt } from "../../checks/signs.ts";
import type { DeepReading, TranscriptDamage } from "../../model/damage.ts";
import { type FragmentPlace, placeId } from "../../model/fragment.ts";
import type { HomeIdentity } from "../../model/home.ts";
import type { AgentReading, Skipped } from "../../model/reading.ts";
import {
  FileError,
  type FileStat,
  isInside,
  pathFrom,
  realPath,
  statThroughLinks,
  troubleText,
} from "../../system/files.ts";
import { FollowedFiles } from "./followed-files.ts";
import { fileCheck, readFile, readStored, type ReadingWork } from "./read-transcript.ts";
import { holderOf, stateOf, type Transcript, transcriptsOf } from "./transcripts.ts";

/** Which transcripts are meant: of all homes, of one, of one agent, or those that hold certain fragments of a home. */
export interface DeepCheckAim {
  /** Absolute path of the home. */
  readonly home?: string;
  readonly agent?: string;
  readonly fragments?: readonly FragmentPlace[];
}

/** What to read whole, and how somebody follows it. */
export interface DeepCheckRequest extends DeepCheckAim {
  /** Somebody looks at them: of what is appended to them only that is read the next time. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DeepCheckProgress) => void;
}

/** How far a deep check has come. */
export interface DeepCheckProgress {
  readonly transcripts: number;
  readonly ofTranscripts: number;
  readonly bytes: number;
  /** As far as sizes are known before reading. */
  readonly ofBytes: number;
  /** Home-relative path of what is being read. */
  readonly path: string;
}

/** What was read. */
export interface DeepCheckCounts {
  readonly transcripts: number;
  readonly bytes: number;
  readonly lines: number;
  readonly entries: number;
  /** How many of the transcripts had not changed since they were read last, and were not read again. */
  readonly known: number;
  /** Transcripts that could not be read. Absolute paths. */
  readonly failed: readonly Skipped[];
  /** Transcripts (absolute paths) with more entries than are followed. */
  readonly notFollowed: readonly string[];
}

/** A home as the engine knows it. */
export interface DeepCheckHome {
  readonly program: AgentProgram;
  readonly home: HomeIdentity;
  readonly agents: readonly AgentReading[];
}

/** What was found in one transcript, by the fragments in it. */
interface Kept {
  readonly agent: string;
  readonly places: readonly {
    readonly id: string;
    readonly state: string;
    readonly damage: readonly TranscriptDamage[];
  }[];
}

interface Task {
  readonly home: DeepCheckHome;
  readonly agent: AgentReading;
  readonly transcript: Transcript;
  readonly size: number;
}

/** Changes whenever kept readings of an earlier release must not be used. */
const READER = "deep-check/1";

/** The whole reads of an engine: what they found, and of what state of each transcript. */
export class DeepChecks {
  readonly #followed = new FollowedFiles();
  /** By home and transcript; only of those in which something was found. */
  readonly #kept = new Map<string, Map<string, Kept>>();

  /** Reads what is asked for. Rejects when the signal says so; what was read until then is kept. */
  async run(
    homes: readonly DeepCheckHome[],
    request: DeepCheckRequest,
    context: ReadingContext,
  ): Promise<DeepCheckCounts> {
    const tasks = tasksFor(homes, request);
    const tally = new Tally(tasks, request.onProgress);
    for (const task of tasks) {
      tally.begin(task);
      try {
        const { reading, state, isKnown } = await this.#read(task, request.follow === true, context, tally);
        this.#keep(task, reading, state);
        tally.end(task, reading, isKnown);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        tally.failed(error);
      }
      await context.breathe();
    }
    return tally.counts;
  }

  /** What is known of a home's fragments as they are now; undefined when nothing was found in them. */
  damageIn(home: string, agents: readonly AgentReading[]): DamageByPlace | undefined {
    const found = new Map<string, readonly TranscriptDamage[]>();
    for (const { agent: name, places } of this.#kept.get(home)?.values() ?? []) {
      const agent = agents.find((one) => one.name === name);
      for (const { damage, id, state } of agent === undefined ? [] : places) {
        const fragment = fragmentAt(agent!, id);
        if (fragment !== undefined && stateOf(fragment) === state) found.set(id, damage);
      }
    }
    return found.size === 0 ? undefined : found;
  }

  /** `state` is that of a plain file when it was read; null where each fragment has one of its own. */
  async #read(
    { home: { home, program }, transcript }: Task,
    follow: boolean,
    context: ReadingContext,
    tally: Tally,
  ): Promise<{ reading: DeepReading; state: string | null; isKnown: boolean }> {
    const work: ReadingWork = { program, home, breathe: context.breathe, onBytes: (bytes) => tally.add(bytes) };
    const file = statFor(home, transcript);
    let isKnown = true;
    const reading = await keptOrRead(context.memo, file, READER, () => {
      isKnown = false;
      if (!transcript.isPlain) return readStored(work, transcript);
      return follow ? this.#followed.read(work, transcript.path, file) : readOnce(work, transcript.path);
    });
    return { reading, isKnown, state: transcript.isPlain ? `${file.size}:${file.mtimeMs}:` : null };
  }

  #keep({ agent, home, transcript }: Task, { damage }: DeepReading, state: string | null): void {
    const ofHome = this.#kept.get(home.home.path) ?? new Map<string, Kept>();
    this.#kept.set(home.home.path, ofHome);
    const byPlace = Map.groupBy(damage, ({ seq }) => holderOf(transcript, seq));
    const places = transcript.fragments.flatMap((fragment) => {
      const id = placeId(fragment);
      const own = byPlace.get(id);
      return own === undefined ? [] : [{ id, state: state ?? stateOf(fragment), damage: own }];
    });
    if (places.length === 0) ofHome.delete(transcript.id);
    else ofHome.set(transcript.id, { agent: agent.name, places });
  }
}

async function readOnce(work: ReadingWork, path: string): Promise<DeepReading> {
  return (await readFile(work, path, fileCheck(work.program))).reading;
}

function tasksFor(homes: readonly DeepCheckHome[], aim: DeepCheckAim): Task[] {
  const wanted = aim.fragments === undefined ? null : new Set(aim.fragments.map(placeId));
  return homes
    .filter(({ home }) => aim.home === undefined || home.path === aim.home)
    .flatMap((home) =>
      home.agents
        .filter(({ name }) => aim.agent === undefined || name === aim.agent)
        .flatMap((agent) => {
          const chosen = wanted === null ? agent.fragments : agent.fragments.filter((one) => wanted.has(placeId(one)));
          return transcriptsOf(agent.fragments, chosen).map((transcript) => taskOf(home, agent, transcript));
        }),
    );
}

function taskOf(home: DeepCheckHome, agent: AgentReading, transcript: Transcript): Task {
  const size = transcript.fragments.reduce((sum, { bytes }) => sum + bytes, 0);
  return { home, agent, transcript, size };
}

/** The state of what holds the transcript, under a name of its own where it holds several. Throws FileError. */
function statFor(home: HomeIdentity, { id, isPlain, path }: Transcript): FileStat {
  const absolute = pathFrom(home.path, path);
  const real = realPath(absolute);
  if (real !== undefined && !isInside(home.path, real))
    throw new FileError("not-a-file", absolute, "leads out of the home");
  const main = statThroughLinks(absolute);
  if (main === undefined) throw new FileError("gone", absolute, "not there (any more)");
  if (isPlain || !path.endsWith(".sqlite")) return main;
  // Every commit writes to the database or to its log.
  const wal = statThroughLinks(`${absolute}-wal`);
  const name = `${absolute}#${id.slice(path.length + 1)}`;
  return {
    ...main,
    path: name,
    size: main.size + (wal?.size ?? 0),
    mtimeMs: Math.max(main.mtimeMs, wal?.mtimeMs ?? 0),
  };
}

/** Counts, and tells how far it is. */
class Tally {
  readonly #onProgress: DeepCheckRequest["onProgress"];
  readonly #ofTranscripts: number;
  readonly #ofBytes: number;
  readonly #failed: Skipped[] = [];
  readonly #notFollowed: string[] = [];
  #sums = { transcripts: 0, bytes: 0, lines: 0, entries: 0, known: 0 };
  #done = 0;
  /** Bytes of transcripts that are done, by their sizes as they were known before. */
  #doneBytes = 0;
  #currentBytes = 0;
  #path = "";

  constructor(tasks: readonly Task[], onProgress: DeepCheckRequest["onProgress"]) {
    this.#onProgress = onProgress;
    this.#ofTranscripts = tasks.length;
    this.#ofBytes = tasks.reduce((sum, { size }) => sum + size, 0);
  }

  begin({ transcript }: Task): void {
    this.#path = transcript.path;
    this.#currentBytes = 0;
    this.#tell();
  }

  add(bytes: number): void {
    this.#currentBytes += bytes;
    this.#tell();
  }

  end({ home, size, transcript }: Task, reading: DeepReading, isKnown: boolean): void {
    const { bytes, entries, known, lines, transcripts } = this.#sums;
    this.#sums = {
      transcripts: transcripts + 1,
      bytes: bytes + reading.bytes,
      lines: lines + reading.lines,
      entries: entries + reading.entries,
      known: known + (isKnown ? 1 : 0),
    };
    if (!reading.isFollowedWhole) this.#notFollowed.push(pathFrom(home.home.path, transcript.path));
    this.#done += 1;
    this.#doneBytes += size;
    this.#currentBytes = 0;
  }

  failed(error: FileError): void {
    this.#failed.push({ path: error.path, reason: troubleText(error) });
    this.#done += 1;
  }

  get counts(): DeepCheckCounts {
    return { ...this.#sums, failed: this.#failed, notFollowed: this.#notFollowed };
  }

  #tell(): void {
    this.#onProgress?.({
      transcripts: this.#done,
      ofTranscripts: this.#ofTranscripts,
      bytes: this.#doneBytes + this.#currentBytes,
      ofBytes: this.#ofBytes,
      path: this.#path,
    });
  }
}
