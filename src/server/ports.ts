/** What the server needs from outside; passed in, so that tests own it. */
import type { GivenPlaces } from "../agents/program.ts";
import type { FolderWatch, WatchOptions } from "../system/watcher.ts";
import type { Engine, EngineSettings } from "../engine/engine.ts";
import type { RepairDesk } from "../engine/repair-desk.ts";

export interface EngineRequest {
  readonly given: GivenPlaces;
  readonly settings: EngineSettings;
  /** Folder for facts kept across restarts; null for none. */
  readonly memoFolder: string | null;
  readonly log: (line: string) => void;
}

/** As `watchFolders` of src/system/watcher.ts. */
export type WatchFolders = (
  folders: readonly string[],
  onPaths: (paths: string[]) => void,
  options: WatchOptions,
) => FolderWatch;

export interface ServerDependencies {
  readonly createEngine: (request: EngineRequest) => Engine;
  readonly watchFolders: WatchFolders;
  /** `quietMs`: how long a file must not have been written to, milliseconds, as the settings have it now. */
  readonly createRepairDesk: (quietMs: () => number) => RepairDesk;
  /** Absolute path of the first of these programs that is a ripgrep, else of one that the machine has; null without any. */
  readonly findRipgrep: (candidates: readonly string[]) => Promise<string | null>;
  /** A process can die, and a lock grow old, without any file changing: locks in use are judged again this often. */
  readonly judgeLocksEachMs: number;
  /** Milliseconds, UTC. */
  readonly now: () => number;
  /** How far the time of this machine is ahead of UTC at a moment (milliseconds UTC), in minutes. */
  readonly localOffset: (ms: number) => number;
  readonly userHome: string;
  /** The environment that this server runs in. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder for kept facts when the client names none. */
  readonly memoFolder: string;
  readonly version: string;
  /** URI of the folder with the documentation where the client names none; undefined when there is none. */
  readonly documentation: string | undefined;
}
