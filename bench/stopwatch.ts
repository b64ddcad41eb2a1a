/** Starts a process of its own for every measurement: what one leaves warm or in memory must not help or burden the next. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

import type { Appends, DatabaseTimes, FirstLook, FirstScan, Memory, Restart } from "./measurements.ts";
import type { CheckTimes, HistoryTimes } from "./reading.ts";
import type { SearchTimes } from "./searching.ts";

const READING = join(import.meta.dirname, "reading.ts");
const SEARCHING = join(import.meta.dirname, "searching.ts");
const MEASUREMENTS = join(import.meta.dirname, "measurements.ts");

/** Plain listing and reading beside the first scan and scans after it; leaves the kept facts in `memoFolder`. */
export const first = (home: string, memoFolder: string): Promise<FirstScan> => measured("first", home, memoFolder);

/** The first snapshot of a first scan that somebody watches. */
export const look = (home: string): Promise<FirstLook> => measured("look", home);

/** A scan with the facts that `first` left. */
export const restart = (home: string, memoFolder: string): Promise<Restart> => measured("restart", home, memoFolder);

/** Lines appended to one transcript. */
export const append = (home: string, transcript: string): Promise<Appends> => measured("append", home, transcript);

/** Scans and commits of a home with a database, beside counting its rows. */
export const databaseTimes = (home: string, path: string, sessionId: string): Promise<DatabaseTimes> =>
  measured("database", home, path, sessionId);

/** A search for the text, beside ripgrep alone. */
export async function searchTimes(home: string, text: string): Promise<SearchTimes> {
  const { stdout } = await promisify(execFile)(process.execPath, [SEARCHING, home, text]);
  return JSON.parse(stdout) as SearchTimes;
}

/** A deep check of the transcript (absolute path), beside parsing its lines. */
export const checkTimes = (home: string, transcript: string): Promise<CheckTimes> => read("check", home, transcript);

/** All pages of a session's history, by its key. */
export const historyTimes = (home: string, key: string): Promise<HistoryTimes> => read("history", home, key);

async function read<T>(...args: string[]): Promise<T> {
  const { stdout } = await promisify(execFile)(process.execPath, [READING, ...args]);
  return JSON.parse(stdout) as T;
}

export const memory = (home: string): Promise<Memory> => measured("memory", home);

async function measured<T>(...args: string[]): Promise<T> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", MEASUREMENTS, ...args]);
  return JSON.parse(stdout) as T;
}
