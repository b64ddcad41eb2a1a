/** The engine itself: the only state of the tool. Scans run one at a time; each ends in one new snapshot. */
import type { GatewayEvent } from "../model/gateway-event.ts";
import type {
  AgentProgram,
  GivenPlaces,
  ReadingContext,
  TranscriptPage,
  TranscriptRequest,
} from "../agents/program.ts";
import type { ExecProvenance } from "../model/exec.ts";
import type { FragmentPlace } from "../model/fragment.ts";
import { succeeds } from "../model/lineage.ts";
import type { HomeReading, Skipped } from "../model/reading.ts";
import type { EnvironmentWarning, HomeSnapshot, Snapshot } from "../model/snapshot.ts";
import { FileError, isInside, pathFrom } from "../system/files.ts";
import type { DeepCheckResult, Engine, EngineOptions, EngineSettings } from "./engine.ts";
import { DeepChecks, type DeepCheckRequest } from "./deep-check/deep-checks.ts";
import { Execs } from "./execs.ts";
import { FirstLook, type FoundHome } from "./first-look.ts";
import { judgeHomes, type LinkedHome } from "./judging.ts";
import { type LinkedAgent, linkAgent } from "./linking.ts";
import { Memo } from "./memo.ts";
import { timeSlices } from "./time-slices.ts";
import { nearLine } from "./transcripts/near-line.ts";
import { OpenTranscripts } from "./transcripts/open-transcripts.ts";

/** A home between scans. */
interface HomeState {
  readonly program: AgentProgram;
  readonly reading: HomeReading;
  readonly agents: readonly LinkedAgent[];
}

/** A home as read, with what it was before. */
interface ReadHome {
  readonly program: AgentProgram;
  readonly reading: HomeReading;
  readonly before: HomeState | undefined;
}

/** What lasts longer than this is shown in two steps: first what is sure, then the whole. */
const UNNOTICED_MS = 150;

export function createEngine(options: EngineOptions): Engine {
  return new SessionEngine(options);
}

class SessionEngine implements Engine {
  snapshot: Snapshot | null = null;
  readonly transcripts = new OpenTranscripts();
  private readonly options: EngineOptions;
  private readonly memo: Memo;
  private readonly execsOf = new Execs();
  private readonly deepChecks = new DeepChecks();
  /** Logs that are being read, by home: several may ask for them at once. */
  private readonly logReads = new Map<string, Promise<readonly GatewayEvent[]>>();
  private readonly listeners = new Set<(snapshot: Snapshot) => void>();
  private given: GivenPlaces;
  private settings: EngineSettings;
  private homes: readonly HomeState[] = [];
  /** Places that could not be looked at while searching for homes. */
  private skipped: readonly Skipped[] = [];
  /** A scan did not come to its end: some homes may have been read anew, so what is kept of them can't be updated. */
  private interrupted = false;
  /** All work waits for the work before it. */
  private queue: Promise<unknown> = Promise.resolve();
  private waitingScan: Promise<Snapshot> | null = null;
  private waitingPaths: { readonly paths: Set<string>; readonly done: Promise<Snapshot> } | null = null;

  constructor(options: EngineOptions) {
    this.options = options;
    this.given = options.given;
    this.settings = options.settings;
    this.memo = new Memo(options.memoFolder);
  }

  scan(signal?: AbortSignal): Promise<Snapshot> {
    // A run that its caller may cancel is nobody else's.
    if (signal !== undefined) return this.enqueue(() => this.scanAll(signal));
    if (this.waitingScan !== null) return this.waitingScan;
    const run = this.enqueue(() => {
      this.waitingScan = null;
      return this.scanAll();
    });
    this.waitingScan = run;
    return run;
  }

  changed(paths: readonly string[]): Promise<Snapshot> {
    if (this.waitingPaths !== null) {
      for (const path of paths) this.waitingPaths.paths.add(path);
      return this.waitingPaths.done;
    }
    const collected = new Set(paths);
    const done = this.enqueue(() => {
      this.waitingPaths = null;
      return this.refresh([...collected]);
    });
    this.waitingPaths = { paths: collected, done };
    return done;
  }

  async readTranscript(home: string, place: FragmentPlace, request: TranscriptRequest): Promise<TranscriptPage> {
    const state = this.homes.find(({ reading }) => reading.home.path === home);
    if (state === undefined) throw new FileError("gone", home, "is no home that is known here");
    const near = await nearLine(this.transcripts, state.reading.home.path, place, request);
    return state.program.readTranscript(state.reading.home, place, near === null ? request : { ...request, near });
  }

  async execs(home: string, agent: string, sessionId?: string): Promise<ExecProvenance> {
    const shown = this.snapshot?.homes.find((one) => one.home.path === home);
    const found = shown?.agents.find(({ reading }) => reading.name === agent);
    const program = this.options.programs.find((one) => one.program === shown?.home.program);
    if (shown === undefined || found === undefined || program === undefined)
      throw new FileError("gone", home, `has no agent ${agent} that is known here`);
    return this.execsOf.of({ program, home: shown.home, context: this.context() }, found, sessionId ?? null);
  }

  async gatewayEvents(home: string): Promise<readonly GatewayEvent[]> {
    const state = this.homes.find(({ reading }) => reading.home.path === home);
    if (state === undefined) return [];
    const running = this.logReads.get(home);
    if (running !== undefined) return running;
    const read = state.program.gatewayEvents(state.reading, this.context()).finally(() => this.logReads.delete(home));
    this.logReads.set(home, read);
    return read;
  }

  async deepCheck(request: DeepCheckRequest): Promise<DeepCheckResult> {
    if (this.snapshot === null) await this.scan(request.signal);
    const homes = this.homes.map(({ agents, program, reading: { home } }) => ({
      program,
      home,
      agents: agents.map(({ raw }) => raw),
    }));
    // Reading goes on beside scans, which others may wait for.
    const read = await this.deepChecks.run(homes, request, this.context(request.signal));
    const snapshot = await this.enqueue(() =>
      this.settle(this.homes.map(linkedHome), this.context(), performance.now()),
    );
    return { snapshot, read };
  }

  onDidChange(listener: (snapshot: Snapshot) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  watchedFolders(): readonly string[] {
    return [...new Set(this.homes.flatMap(({ program, reading }) => program.watched(reading)))];
  }

  configure(change: { readonly given?: GivenPlaces; readonly settings?: EngineSettings }): void {
    this.given = change.given ?? this.given;
    this.settings = change.settings ?? this.settings;
  }

  async close(): Promise<void> {
    await this.queue;
    const present = new Set(this.homes.flatMap(({ reading }) => filesOf(reading)));
    const isAgents = (path: string): boolean =>
      this.homes.some(({ reading }) => isInside(pathFrom(reading.home.path, "agents"), path));
    // Facts of a part of a file are kept under its path, "#" and what names the part.
    const lives = (path: string): boolean => present.has(path) || present.has(path.replace(/#[^#]*$/, ""));
    this.memo.prune((path) => lives(path) || !isAgents(path));
    const trouble = this.memo.save();
    if (trouble !== null) this.options.log(trouble);
  }

  private enqueue<T>(work: () => Promise<T>): Promise<T> {
    const run = this.queue.then(work);
    // A failed run is its caller's to handle; the queue only waits for its end.
    this.queue = run.catch(() => undefined);
    return run;
  }

  private context(signal?: AbortSignal): ReadingContext {
    return { world: this.options.world, memo: this.memo, breathe: timeSlices(signal) };
  }

  private async scanAll(signal?: AbortSignal): Promise<Snapshot> {
    const began = performance.now();
    this.interrupted = true;
    const context = this.context(signal);
    const dueAt = context.world.now() + this.unnoticedMs;
    const found: FoundHome[] = [];
    const skipped: Skipped[] = [];
    for (const program of this.options.programs) {
      const discovered = await program.discover(context, this.given);
      skipped.push(...discovered.skipped);
      found.push(...discovered.homes.map((home) => ({ program, home })));
    }
    this.skipped = skipped;
    // Who only waits for the whole must not wait longer for what nobody looks at.
    const isShown = this.snapshot === null && this.listeners.size > 0;
    const firstLook = isShown ? this.firstLook(found, context, began, dueAt) : undefined;
    const read: ReadHome[] = [];
    for (const home of found) read.push(await this.read(home, firstLook?.readingContext() ?? context));
    firstLook?.haveRead(read.map(({ reading }) => reading));
    const homes: HomeState[] = [];
    for (const home of read) homes.push(await this.linked(home, context, firstLook));
    this.homes = homes;
    this.interrupted = false;
    return this.settle(homes.map(linkedHome), context, began);
  }

  private async read({ program, home }: FoundHome, context: ReadingContext): Promise<ReadHome> {
    const before = this.homes.find(({ reading }) => reading.home.id === home.id);
    return { program, reading: await program.read(home, context, before?.reading), before };
  }

  private get unnoticedMs(): number {
    return this.options.unnoticedMs ?? UNNOTICED_MS;
  }

  private firstLook(homes: readonly FoundHome[], context: ReadingContext, began: number, dueAt: number): FirstLook {
    const show = async (linked: readonly LinkedHome[]): Promise<void> => {
      await this.settle(linked, context, began);
    };
    return new FirstLook({ homes, context, dueAt, pauseMs: this.unnoticedMs, show });
  }

  private async linked(home: ReadHome, context: ReadingContext, firstLook?: FirstLook): Promise<HomeState> {
    const { program, reading, before } = home;
    if (before?.reading === reading) return before;
    const agents: LinkedAgent[] = [];
    for (const agent of reading.agents) {
      await context.breathe();
      await firstLook?.showSureWhenDue();
      const known = before?.agents.find(({ raw }) => raw.name === agent.name);
      const linked = await linkAgent(program, reading.home, agent, context, known, firstLook?.takeSure(agent));
      firstLook?.finish(linked);
      agents.push(linked);
    }
    return { program, reading, agents };
  }

  /** Reads again what these paths touch; a change that needs more is answered by a whole scan. */
  private async refresh(paths: readonly string[]): Promise<Snapshot> {
    if (this.snapshot === null || this.interrupted) return this.scanAll();
    const began = performance.now();
    const context = this.context();
    const homes: HomeState[] = [];
    for (const state of this.homes) {
      const watched = state.program.watched(state.reading);
      const own = paths.filter((path) => watched.some((folder) => isInside(folder, path)));
      homes.push(own.length === 0 ? state : await this.update(state, own, context));
    }
    this.homes = homes;
    return this.settle(homes.map(linkedHome), context, began);
  }

  private async update(state: HomeState, paths: readonly string[], context: ReadingContext): Promise<HomeState> {
    const { program, reading } = state;
    const update = await program.update(reading.home, reading, paths, context);
    const after = update === null ? await program.read(reading.home, context, reading) : update.reading;
    return this.linked({ program, reading: after, before: state }, context);
  }

  /** Judges the homes as they are now; the snapshot stays the same object when nothing in it changed. */
  private async settle(linked: readonly LinkedHome[], context: ReadingContext, began: number): Promise<Snapshot> {
    const environment = this.environment();
    const judged = await judgeHomes({
      homes: linked,
      environment,
      locksWarnAfterSeconds: this.settings.locksWarnAfterSeconds,
      damageIn: (home, agents) => this.deepChecks.damageIn(home, agents),
      context,
    });
    const before = this.snapshot;
    const homes = judged.map((home) =>
      keptHome(
        before?.homes.find((other) => other.home.id === home.home.id),
        home,
      ),
    );
    if (before !== null && isSame(before, homes, this.skipped, environment)) return before;
    const snapshot: Snapshot = {
      revision: (before?.revision ?? 0) + 1,
      at: context.world.now(),
      elapsedMs: performance.now() - began,
      environment,
      homes,
      skipped: this.skipped,
      checked: countsOf(homes),
    };
    this.snapshot = snapshot;
    for (const listener of this.listeners) listener(snapshot);
    return snapshot;
  }

  private environment(): EnvironmentWarning[] {
    const { userHome } = this.options.world;
    return this.options.programs.flatMap((program) => {
      const canonicalPath = program.isolatedIn(userHome);
      if (canonicalPath === null) return [];
      const message =
        `HOME is ${userHome}, which lies inside the home ${canonicalPath}. Commands started from here see a second store, ` +
        `not the sessions of ${canonicalPath}: set HOME or OPENCLAW_STATE_DIR before you run any of them.`;
      return [{ message, home: userHome, canonicalPath }];
    });
  }
}

function linkedHome({ reading, agents }: HomeState): LinkedHome {
  return { reading, agents: agents.map(({ snapshot }) => snapshot) };
}

/** Absolute paths of the files of which facts are worth keeping. */
function filesOf({ home, agents }: HomeReading): string[] {
  return agents.flatMap((agent) =>
    [...agent.fragments, ...agent.companions, agent.store].map(({ path }) => pathFrom(home.path, path)),
  );
}

/** The home of before, when nothing in it changed: whoever keeps something about it may go on keeping it. */
function keptHome(before: HomeSnapshot | undefined, after: HomeSnapshot): HomeSnapshot {
  if (before === undefined) return after;
  succeeds(after.findings, before.findings);
  const same =
    JSON.stringify(before.home) === JSON.stringify(after.home) &&
    before.agents.length === after.agents.length &&
    before.agents.every((agent, index) => agent === after.agents[index]) &&
    JSON.stringify(timeless(before.locks)) === JSON.stringify(timeless(after.locks)) &&
    areSameFindings(before.findings, after.findings) &&
    JSON.stringify(before.skipped) === JSON.stringify(after.skipped) &&
    JSON.stringify(before.comparison) === JSON.stringify(after.comparison);
  return same ? before : after;
}

/** Most of thousands are the same objects. */
function areSameFindings(before: HomeSnapshot["findings"], after: HomeSnapshot["findings"]): boolean {
  return (
    before.length === after.length &&
    before.every((one, index) => one === after[index] || JSON.stringify(one) === JSON.stringify(after[index]))
  );
}

/** Locks without what only the passing of time changes. */
function timeless(locks: HomeSnapshot["locks"]): unknown[] {
  return locks.map(({ ageMs: _age, explanation: _explanation, ...lock }) => lock);
}

function isSame(
  before: Snapshot,
  homes: readonly HomeSnapshot[],
  skipped: readonly Skipped[],
  environment: readonly EnvironmentWarning[],
): boolean {
  return (
    before.homes.length === homes.length &&
    homes.every((home, index) => home === before.homes[index]) &&
    JSON.stringify(before.skipped) === JSON.stringify(skipped) &&
    JSON.stringify(before.environment) === JSON.stringify(environment)
  );
}

function countsOf(homes: readonly HomeSnapshot[]): Snapshot["checked"] {
  const agents = homes.flatMap((home) => home.agents);
  return {
    homes: homes.length,
    agents: agents.length,
    sessions: total(agents, ({ sessions }) => sessions.length),
    fragments: total(agents, ({ reading }) => reading.fragments.length),
    locks: total(homes, ({ locks }) => locks.length),
    stores: agents.filter(({ reading }) => reading.store.state !== "missing").length,
  };
}

function total<T>(items: readonly T[], count: (item: T) => number): number {
  return items.reduce((sum, item) => sum + count(item), 0);
}
