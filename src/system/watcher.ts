/** Watches folders for changes of their direct entries, in batches, at a cost that does not grow with the entries. */
import { resolve } from "node:path";

import { watch, type ChokidarOptions, type FSWatcher } from "chokidar";

export interface WatchOptions {
  /** Compare stats now and then instead of asking the system: for network drives. Costs a stat per file and round. */
  readonly usePolling?: boolean;
  /** Milliseconds between two rounds of polling. */
  readonly pollingInterval?: number;
  /** Milliseconds in which changes are gathered before they are reported. */
  readonly batchMs?: number;
  /** Told of what can't be watched, in plain words. The rest stays watched. */
  readonly onError?: (message: string) => void;
}

export interface FolderWatch {
  /** Replaces the watched folders; those that stay are not disturbed. */
  setFolders(folders: readonly string[]): void;
  /** Settles when every folder given so far is being watched. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

const BATCH_MS = 150;
const POLLING_INTERVAL_MS = 2000;
/** Setting up a watch is not announced; it takes some milliseconds, more on a busy machine. */
const ARMING_MS = 300;

/**
 * Reports absolute paths of entries that appeared, changed or went away, and of watched folders themselves. Folders need
 * not exist yet. Never throws.
 */
export function watchFolders(
  folders: readonly string[],
  onPaths: (paths: string[]) => void,
  options: WatchOptions = {},
): FolderWatch {
  const watched = new Set<string>();
  const batch = new Batch(onPaths, options.batchMs ?? BATCH_MS);
  const onError = (error: unknown): void => options.onError?.(watchTrouble(error));
  let watcher: FSWatcher;
  try {
    watcher = watch([], chokidarOptions(options, watched));
  } catch (error) {
    onError(error);
    return { setFolders: () => undefined, ready: Promise.resolve(), close: () => Promise.resolve() };
  }
  // The system's own events name the entry, so no entry needs to be known to chokidar. Events of other folders are
  // those of a parent, where it waits for a folder that is not there yet.
  watcher.on("raw", (_event, name, details) => {
    const folder = watchedPathOf(details);
    if (folder === null || !watched.has(folder)) return;
    batch.add(typeof name === "string" && name !== "" ? resolve(folder, name) : folder);
  });
  watcher.on("all", (event, path) => {
    batch.add(resolve(path));
    if (event === "addDir" && watched.has(resolve(path))) arm([resolve(path)]);
  });
  watcher.on("error", onError);
  const ready = new Promise<void>((settle) => {
    if (folders.length === 0) settle();
    else watcher.once("ready", settle);
  });

  const add = (some: readonly string[]): void => {
    try {
      watcher.add([...some]);
    } catch (error) {
      onError(error);
    }
  };
  // With depth 0 chokidar sees a folder come (again), but not what happens in it: it has to be added anew. What happened
  // before that took effect is found by reading the folder once more.
  const arm = (late: readonly string[]): void => {
    watcher.unwatch([...late]);
    add(late);
    for (const folder of late) batch.addLater(folder, ARMING_MS);
  };
  const setFolders = (next: readonly string[]): void => {
    const wanted = new Set(next.map((folder) => resolve(folder)));
    const gone = [...watched].filter((folder) => !wanted.has(folder));
    const fresh = [...wanted].filter((folder) => !watched.has(folder));
    for (const folder of gone) watched.delete(folder);
    for (const folder of fresh) watched.add(folder);
    if (gone.length > 0) watcher.unwatch(gone);
    if (fresh.length > 0) arm(fresh);
  };
  for (const folder of folders) watched.add(resolve(folder));
  add([...watched]);
  return {
    setFolders,
    ready,
    close: async () => {
      batch.stop();
      await watcher.close();
    },
  };
}

function chokidarOptions(options: WatchOptions, watched: ReadonlySet<string>): ChokidarOptions {
  const common: ChokidarOptions = { depth: 0, ignoreInitial: true, atomic: false, ignorePermissionErrors: false };
  if (options.usePolling === true) {
    return { ...common, backend: "polling", pollingInterval: options.pollingInterval ?? POLLING_INTERVAL_MS };
  }
  // An ignored entry costs chokidar no memory; only the folders themselves are kept.
  return { ...common, ignored: (path) => !watched.has(resolve(path)) };
}

/** Which watch a raw event comes from; `raw` is typed loosely by chokidar. */
function watchedPathOf(details: unknown): string | null {
  if (typeof details !== "object" || details === null || !("watchedPath" in details)) return null;
  return typeof details.watchedPath === "string" ? resolve(details.watchedPath) : null;
}

/** What an error of the system means for watching, in plain words. */
export function watchTrouble(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const message = error instanceof Error ? error.message : String(error);
  if (code === "ENOSPC")
    return `The system's limit of watched folders (fs.inotify.max_user_watches) is reached: ${message}`;
  if (code === "EMFILE" || code === "ENFILE") return `Too many files are open to watch another folder: ${message}`;
  return message;
}

/** Paths gathered over a short while, each once. */
class Batch {
  private readonly paths = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private readonly later = new Set<NodeJS.Timeout>();
  private readonly report: (paths: string[]) => void;
  private readonly waitMs: number;

  constructor(report: (paths: string[]) => void, waitMs: number) {
    this.report = report;
    this.waitMs = waitMs;
  }

  add(path: string): void {
    this.paths.add(path);
    this.timer ??= setTimeout(() => this.flush(), this.waitMs);
  }

  addLater(path: string, afterMs: number): void {
    const timer = setTimeout(() => {
      this.later.delete(timer);
      this.add(path);
    }, afterMs);
    this.later.add(timer);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.later.forEach(clearTimeout);
    this.paths.clear();
  }

  private flush(): void {
    this.timer = undefined;
    const paths = [...this.paths];
    this.paths.clear();
    if (paths.length > 0) this.report(paths);
  }
}
