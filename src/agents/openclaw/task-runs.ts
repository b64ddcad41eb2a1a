/**
 * Records of runs (`task_runs`, kept about seven days): since 2026.5 they tie the turns of the agent RPC to their keys also where
 * trajectories are gone. `tasks/runs.sqlite` in 2026.5, `state/openclaw.sqlite` in 2026.9.
 */
import { join } from "node:path";

import type { KeyClaim } from "../../model/reading.ts";
import { asText, asTime } from "../../formats/json-values.ts";
import { FileError, realPath, statThroughLinks, type FileStat } from "../../system/files.ts";
import { readDatabase, SqliteError, sqliteStamp, type SqliteDatabase } from "../../system/sqlite.ts";
import type { ReadingContext } from "../program.ts";
import { isResetPrompt } from "./entries.ts";
import { keptOrRead } from "./memo.ts";

const PLACES = ["tasks/runs.sqlite", "state/openclaw.sqlite"] as const;
/** More runs than a busy home has in the time that they are kept. */
const MOST_RUNS = 20_000;

/** What the records claim, with the state of the files that they were read from. */
export interface TaskRuns {
  readonly claims: readonly KeyClaim[];
  readonly stamp: string;
}

/**
 * Claims of the runs that began a session anew, for the keys of one agent: of other runs nothing in a transcript's beginning
 * tells. The very same as before when no record changed. A database that can't be read claims nothing: it is a clue, no more.
 */
export async function readTaskRuns(
  home: string,
  agent: string,
  context: ReadingContext,
  before: TaskRuns | undefined,
): Promise<TaskRuns> {
  const files = PLACES.flatMap((path) => recordsAt(home, path));
  const stamp = files.map((file) => file.stamp).join(" ");
  if (before?.stamp === stamp) return before;
  const claims: KeyClaim[] = [];
  for (const { file, path } of files) {
    const kept = await keptOrRead(context.memo, file, "openclaw/task-runs/1", () => claimsIn(home, path));
    claims.push(...kept.filter(({ key }) => key.startsWith(`agent:${agent}:`)));
  }
  return { claims, stamp };
}

interface Records {
  readonly path: string;
  /** Database and write-ahead log as one: every commit writes to one of them. */
  readonly file: FileStat;
  readonly stamp: string;
}

function recordsAt(home: string, path: string): Records[] {
  try {
    const absolute = join(home, path);
    const file = statThroughLinks(absolute);
    const stamp = file?.kind === "file" ? sqliteStamp(realPath(absolute) ?? absolute) : null;
    if (file === undefined || stamp === null) return [];
    const wal = statThroughLinks(`${absolute}-wal`);
    const size = file.size + (wal?.size ?? 0);
    const mtimeMs = Math.max(file.mtimeMs, wal?.mtimeMs ?? 0);
    return [{ path, file: { ...file, size, mtimeMs }, stamp }];
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return [];
  }
}

async function claimsIn(home: string, path: string): Promise<KeyClaim[]> {
  try {
    const look = await readDatabase(join(home, path), { home }, (database) => [...claimsOf(database, path)]);
    return look.state === "ok" ? look.value : [];
  } catch (error) {
    if (!(error instanceof SqliteError)) throw error;
    return [];
  }
}

function* claimsOf(database: SqliteDatabase, path: string): Generator<KeyClaim> {
  const statement =
    "SELECT owner_key, run_id, created_at, task FROM task_runs " +
    "WHERE in_time() AND task LIKE 'A new session was started via%' ORDER BY created_at DESC LIMIT ?";
  for (const row of database.iterate(statement, MOST_RUNS)) {
    const key = asText(row["owner_key"]);
    const at = asTime(row["created_at"]);
    if (key === null || at === null || !isResetPrompt(asText(row["task"]) ?? "")) continue;
    yield {
      key,
      sessionId: null,
      fileId: null,
      runId: asText(row["run_id"]),
      at,
      source: "task-run",
      path,
      line: null,
    };
  }
}
