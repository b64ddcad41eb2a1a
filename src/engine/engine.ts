/** The engine's face to the server, the command line and later the language model: scan, refresh, listen. */
import type { AgentProgram, GivenPlaces, TranscriptPage, TranscriptRequest, World } from "../agents/program.ts";
import type { ExecProvenance } from "../model/exec.ts";
import type { FragmentPlace } from "../model/fragment.ts";
import type { GatewayEvent } from "../model/gateway-event.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { DeepCheckCounts, DeepCheckRequest } from "./deep-check/deep-checks.ts";
import type { OpenTranscripts } from "./transcripts/open-transcripts.ts";

export interface EngineSettings {
  /** A live lock older than this many seconds is a warning (`sessionForensics.locks.warnAfterSeconds`). */
  readonly locksWarnAfterSeconds: number;
}

export interface EngineOptions {
  readonly programs: readonly AgentProgram[];
  readonly world: World;
  readonly given: GivenPlaces;
  readonly settings: EngineSettings;
  /** Folder outside every home in which facts are kept across restarts; null keeps them in memory only. */
  readonly memoFolder: string | null;
  readonly log: (line: string) => void;
  /** A first scan that lasts longer than this shows listeners parts before the whole; 150 ms unless told otherwise. */
  readonly unnoticedMs?: number;
}

/** What a deep check read, and the snapshot with what it found. */
export interface DeepCheckResult {
  readonly snapshot: Snapshot;
  readonly read: DeepCheckCounts;
}

export interface Engine {
  /** The newest snapshot, or null before the first scan. During a first scan it may be a first look (`AgentSnapshot.pending`). */
  readonly snapshot: Snapshot | null;
  /** Scans everything again; what did not change is not read again. Calls without a signal that overlap share one run. */
  scan(signal?: AbortSignal): Promise<Snapshot>;
  /** Re-reads only what these absolute paths touch. Without effect the snapshot stays the same object. */
  changed(paths: readonly string[]): Promise<Snapshot>;
  /**
   * Reads every byte of the transcripts that are meant; what did not change since it was read last is not read again. What it
   * finds are findings of the snapshot from then on, until the transcript changes. Rejects when the signal says so.
   */
  deepCheck(request: DeepCheckRequest): Promise<DeepCheckResult>;
  /** Called after each new snapshot; the result stops it. */
  onDidChange(listener: (snapshot: Snapshot) => void): () => void;
  /** Events of a fragment of this home (by its path), for showing them. Rejects with FileError when it can't be read any more. */
  readTranscript(home: string, place: FragmentPlace, request: TranscriptRequest): Promise<TranscriptPage>;
  /** Files that somebody reads in, and where their lines begin. */
  readonly transcripts: OpenTranscripts;
  /**
   * Where the background execs of a session (by its id) came from, and what came of them; of all sessions of the agent without
   * an id. Reads transcripts the first time, and keeps what did not change. Rejects with FileError for what is not known here.
   */
  execs(home: string, agent: string, sessionId?: string): Promise<ExecProvenance>;
  /** What the logs of the home's program say of its sessions, oldest first; none for a home that is not known. */
  gatewayEvents(home: string): Promise<readonly GatewayEvent[]>;
  /** Absolute folders whose direct entries matter. */
  watchedFolders(): readonly string[];
  /** New places or settings; the next scan uses them. */
  configure(change: { readonly given?: GivenPlaces; readonly settings?: EngineSettings }): void;
  /** Writes the kept facts to the memo folder, if there is one. */
  close(): Promise<void>;
}
