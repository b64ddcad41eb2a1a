/** Modification times of the folders that a run adds to or takes from, so that taking everything back leaves no trace. */
import { dirname, join } from "node:path";

import { FORENSICS_FOLDER } from "../../model/plan.ts";
import type { FolderTime } from "../../model/receipt.ts";
import { statOf } from "../../system/files.ts";
import type { FileOperations } from "./file-operations.ts";

interface Noted {
  readonly before: number;
  after: number;
  /** Another one changed the folder in between, so its time is not ours to set. */
  isOthersToo: boolean;
}

export class FolderTimes {
  readonly #home: string;
  readonly #noted = new Map<string, Noted>();

  constructor(home: string) {
    this.#home = home;
  }

  /** Right before a call that changes the folder around this path; those in our room don't matter. */
  beforeChange(path: string): void {
    const folder = dirname(path);
    if (path.startsWith(`${FORENSICS_FOLDER}/`)) return;
    const time = this.#timeOf(folder);
    if (time === undefined) return;
    const noted = this.#noted.get(folder);
    if (noted === undefined) this.#noted.set(folder, { before: time, after: time, isOthersToo: false });
    else if (noted.after !== time) noted.isOthersToo = true;
  }

  afterChange(path: string): void {
    const noted = this.#noted.get(dirname(path));
    if (noted !== undefined) noted.after = this.#timeOf(dirname(path)) ?? noted.after;
  }

  /** Folders that nobody else changed meanwhile. */
  list(): FolderTime[] {
    return [...this.#noted].flatMap(([path, { before, after, isOthersToo }]) =>
      isOthersToo || this.#timeOf(path) !== after ? [] : [{ path, before, after }],
    );
  }

  /** Everything was taken back: so are the times. */
  restore(files: FileOperations): void {
    for (const { path, before } of this.list()) files.setTime(join(this.#home, path), before);
  }

  #timeOf(folder: string): number | undefined {
    return statOf(join(this.#home, folder))?.mtimeMs;
  }
}

/** Does what changes the folder around a path, and leaves its time as it was: a lock that comes and goes leaves no trace. */
export function keepingFolderTime<T>(home: string, path: string, files: FileOperations, change: () => T): T {
  const folder = join(home, dirname(path));
  const time = statOf(folder)?.mtimeMs;
  try {
    return change();
  } finally {
    if (time !== undefined) files.setTime(folder, time);
  }
}
