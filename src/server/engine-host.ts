/** Keeps the engine's snapshot fresh: the first scan, changes on disk as they come, and a scan now and then for safety. */
import type { TranscriptPage, TranscriptRequest } from "../agents/program.ts";
import type { DeepCheckRequest } from "../engine/deep-check/deep-checks.ts";
import type { DeepCheckResult, Engine } from "../engine/engine.ts";
import type { OpenTranscripts } from "../engine/transcripts/open-transcripts.ts";
import type { ExecProvenance } from "../model/exec.ts";
import type { FragmentPlace } from "../model/fragment.ts";
import type { Lock } from "../model/lock.ts";
import type { GatewayEvent } from "../model/gateway-event.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { FolderWatch } from "../system/watcher.ts";
import type { ServerDependencies } from "./ports.ts";
import type { ServerSettings } from "./settings.ts";

/** Changes told by several sides in one burst are read together. */
const SETTLE_MS = 50;
/** Agents may write without a pause, a hundred times a second: reading what they changed then takes a small part of the time. */
const SHARE_OF_TIME = 1 / 20;
/** But nobody waits longer than this for it. */
const LONGEST_SETTLE_MS = 1000;
/** Watching a new folder takes a moment, in which changes pass unseen: a scan this much later finds them. */
const AFTER_NEW_FOLDERS_MS = 1500;

export interface HostOptions {
  readonly settings: ServerSettings;
  /** Absolute paths of the workspace's folders. */
  readonly workspaceFolders: readonly string[];
  readonly memoFolder: string | null;
  readonly log: (line: string) => void;
  /** Called when a scan starts (true) and ends (false). */
  readonly onScanning: (scanning: boolean) => void;
  readonly onSnapshot: (snapshot: Snapshot) => void;
}

/** Its verdict may change by time alone. */
const mayTurn = ({ verdict, reasons }: Lock): boolean => verdict === "held" || reasons.includes("fresh-payload");

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one, index) => one === b[index]);

export class EngineHost {
  readonly #dependencies: ServerDependencies;
  readonly #options: HostOptions;
  readonly #engine: Engine;
  readonly #stopListening: () => void;
  #settings: ServerSettings;
  #workspaceFolders: readonly string[];
  #snapshot: Snapshot | null = null;
  #watch: FolderWatch | null = null;
  #watched: readonly string[] = [];
  #changed = new Set<string>();
  #settling: NodeJS.Timeout | undefined;
  #nextScan: NodeJS.Timeout | undefined;
  #nextJudging: NodeJS.Timeout | undefined;
  /** The work in hand; the next piece starts when it has ended. */
  #work: Promise<unknown> = Promise.resolve();
  #lastReading = { endedAt: -Infinity, tookMs: 0 };
  #scans = 0;
  #foldersAreNew = false;
  #closed = false;

  constructor(dependencies: ServerDependencies, options: HostOptions) {
    this.#dependencies = dependencies;
    this.#options = options;
    this.#settings = options.settings;
    this.#workspaceFolders = options.workspaceFolders;
    this.#engine = dependencies.createEngine({
      given: this.#given(),
      settings: { locksWarnAfterSeconds: this.#settings.locksWarnAfterSeconds },
      memoFolder: options.memoFolder,
      log: options.log,
    });
    this.#stopListening = this.#engine.onDidChange((snapshot) => this.#take(snapshot));
  }

  /** Null before the first scan has ended. */
  get snapshot(): Snapshot | null {
    return this.#snapshot;
  }

  /** Events of a fragment of the home at this path. */
  readTranscript(home: string, place: FragmentPlace, request: TranscriptRequest): Promise<TranscriptPage> {
    return this.#engine.readTranscript(home, place, request);
  }

  /** Background execs of a session of an agent, or of all its sessions, in the home at this path. */
  execs(home: string, agent: string, sessionId?: string): Promise<ExecProvenance> {
    return this.#engine.execs(home, agent, sessionId);
  }

  /** Reads transcripts whole; what it finds are findings of the newest snapshot then. */
  deepCheck(request: DeepCheckRequest): Promise<DeepCheckResult> {
    return this.#engine.deepCheck(request);
  }

  /** What the logs of the program of the home at this path say of its sessions. */
  gatewayEvents(home: string): Promise<readonly GatewayEvent[]> {
    return this.#engine.gatewayEvents(home);
  }

  /** Files that somebody reads in. */
  get transcripts(): OpenTranscripts {
    return this.#engine.transcripts;
  }

  /** Absolute paths of the workspace's folders. */
  get workspaceFolders(): readonly string[] {
    return this.#workspaceFolders;
  }

  get scanning(): boolean {
    return this.#scans > 0;
  }

  get now(): number {
    return this.#dependencies.now();
  }

  get userHome(): string {
    return this.#dependencies.userHome;
  }

  get settings(): ServerSettings {
    return this.#settings;
  }

  get env(): Readonly<Record<string, string | undefined>> {
    return this.#dependencies.env;
  }

  /** Scans everything; resolves with the snapshot that stands afterwards. */
  async scan(): Promise<Snapshot> {
    this.#scans += 1;
    if (this.#scans === 1) this.#options.onScanning(true);
    try {
      return await this.#next(() => this.#engine.scan());
    } finally {
      this.#scans -= 1;
      if (this.#scans === 0) this.#options.onScanning(false);
      this.#followFolders();
      this.#planNextScan();
      this.#planJudging();
    }
  }

  /** Something happened to these absolute paths. */
  touched(paths: readonly string[]): void {
    for (const path of paths) this.#changed.add(path);
    if (this.#closed || this.#changed.size === 0) return;
    this.#settling ??= setTimeout(() => this.#readChanges(), this.#pauseBeforeReading());
  }

  /** Short after a time of rest; longer, the more the last reading cost, where changes follow each other. Milliseconds. */
  #pauseBeforeReading(): number {
    const { endedAt, tookMs } = this.#lastReading;
    const due = Math.min(LONGEST_SETTLE_MS, tookMs / SHARE_OF_TIME) - (performance.now() - endedAt);
    return Math.max(SETTLE_MS, due);
  }

  /** New settings or folders: looks everywhere again. */
  async configure(change: {
    readonly settings?: ServerSettings;
    readonly workspaceFolders?: readonly string[];
  }): Promise<void> {
    const before = this.#settings;
    this.#settings = change.settings ?? before;
    this.#workspaceFolders = change.workspaceFolders ?? this.#workspaceFolders;
    this.#engine.configure({
      given: this.#given(),
      settings: { locksWarnAfterSeconds: this.#settings.locksWarnAfterSeconds },
    });
    if (before.usePolling !== this.#settings.usePolling) await this.#stopWatching();
    await this.scan();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#settling);
    clearTimeout(this.#nextScan);
    clearTimeout(this.#nextJudging);
    this.#stopListening();
    await this.#stopWatching();
    await this.#next(() => this.#engine.close());
  }

  #given(): { readonly paths: readonly string[]; readonly discover: boolean } {
    return {
      paths: [...this.#settings.homes, ...this.#workspaceFolders],
      discover: this.#settings.discoverUserHomes,
    };
  }

  /** Runs `work` after all that was asked for before, also when that failed. */
  #next<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#work.then(work);
    this.#work = result.catch(() => undefined);
    return result;
  }

  #readChanges(): void {
    clearTimeout(this.#settling);
    this.#settling = undefined;
    const paths = [...this.#changed];
    this.#changed = new Set();
    this.#next(() => this.#read(paths))
      .then(() => {
        this.#followFolders();
        if (this.#foldersAreNew) this.#planNextScan();
      })
      .catch((error: unknown) => this.#complain("reading changes", error))
      .finally(() => this.#planJudging());
  }

  async #read(paths: readonly string[]): Promise<void> {
    const began = performance.now();
    await this.#engine.changed(paths);
    const endedAt = performance.now();
    this.#lastReading = { endedAt, tookMs: endedAt - began };
  }

  #planJudging(): void {
    clearTimeout(this.#nextJudging);
    const locks = this.#snapshot?.homes.flatMap((one) => one.locks) ?? [];
    if (!this.#closed && locks.some(mayTurn))
      this.#nextJudging = setTimeout(() => this.#readChanges(), this.#dependencies.judgeLocksEachMs);
  }

  /** The next safety scan: soon after folders came to be watched, else after the pause that the settings name. */
  #planNextScan(): void {
    clearTimeout(this.#nextScan);
    const pause = this.#foldersAreNew ? AFTER_NEW_FOLDERS_MS : this.#settings.rescanSeconds * 1000;
    this.#foldersAreNew = false;
    if (this.#closed || pause === 0) return;
    this.#nextScan = setTimeout(() => {
      this.scan().catch((error: unknown) => this.#complain("the safety scan", error));
    }, pause);
  }

  #take(snapshot: Snapshot): void {
    this.#snapshot = this.#withoutEmptyWorkspace(snapshot);
    this.#options.onSnapshot(this.#snapshot);
  }

  /** Most workspaces hold no home: that is nothing that could not be read. */
  #withoutEmptyWorkspace(snapshot: Snapshot): Snapshot {
    const asked = new Set(this.#settings.homes);
    const unasked = new Set(this.#workspaceFolders.filter((one) => !asked.has(one)));
    const skipped = snapshot.skipped.filter((one) => !unasked.has(one.path));
    return skipped.length === snapshot.skipped.length ? snapshot : { ...snapshot, skipped };
  }

  #followFolders(): void {
    const folders = this.#engine.watchedFolders();
    if (this.#closed || (this.#watch !== null && sameList(folders, this.#watched))) return;
    this.#watched = folders;
    if (this.#watch === null) {
      this.#watch = this.#dependencies.watchFolders(folders, (paths) => this.touched(paths), {
        usePolling: this.#settings.usePolling,
        onError: (message) => this.#options.log(message),
      });
    } else this.#watch.setFolders(folders);
    this.#foldersAreNew = true;
  }

  async #stopWatching(): Promise<void> {
    const watch = this.#watch;
    this.#watch = null;
    await watch?.close();
  }

  #complain(doing: string, error: unknown): void {
    this.#options.log(`${doing} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}
