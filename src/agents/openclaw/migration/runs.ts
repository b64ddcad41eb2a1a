/** Records of migrations: what each run of OpenClaw's `doctor` moved from files into databases, and what it put off. */
import { join } from "node:path";

import { count } from "../../../model/amounts.ts";
import type { MigrationIssue, MigrationMove, MigrationRun, MigrationTarget } from "../../../model/migration.ts";
import type { Skipped } from "../../../model/reading.ts";
import { asObject, asText, asTime } from "../../../formats/json-values.ts";
import {
  FileError,
  isInside,
  list,
  pathWithin,
  readAll,
  statOf,
  troubleText,
  type FileStat,
} from "../../../system/files.ts";
import type { ReadingContext } from "../../program.ts";
import { leadsOut } from "./import-archive.ts";

/** Holds one `<run id>.json` for each run (read in 2026.9.6). */
export const RUNS_FOLDER = "session-sqlite-migration-runs";

const MOST_BYTES = 64 << 20;

/** A record's own words. Paths are still as written: absolute, perhaps of another machine. */
type RunFacts = Omit<MigrationRun, "path" | "evidence">;

/** The runs that a home has on record, oldest first. What can't be read is named in `skipped`. */
export async function readMigrationRuns(
  home: string,
  context: ReadingContext,
  skipped: Skipped[],
): Promise<MigrationRun[]> {
  const runs: MigrationRun[] = [];
  const folder = join(home, RUNS_FOLDER);
  if (leadsOut(home, folder)) {
    skipped.push({ path: folder, reason: "a symbolic link that leads out of the home" });
    return [];
  }
  for (const name of recordsIn(folder, skipped)) {
    await context.breathe();
    const path = join(folder, name);
    try {
      const file = statOf(path);
      if (file?.kind === "file") runs.push(runOf(home, file, context));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      if (error.trouble !== "gone") skipped.push({ path, reason: troubleText(error) });
    }
  }
  return runs.toSorted((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0) || (a.path < b.path ? -1 : 1));
}

/** Beside the records lie reports for people, which repeat them. */
function recordsIn(folder: string, skipped: Skipped[]): string[] {
  try {
    return list(folder)
      .names.filter((name) => name.endsWith(".json") && !name.endsWith(".failure.json"))
      .toSorted();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (error.trouble !== "gone") skipped.push({ path: folder, reason: troubleText(error) });
    return [];
  }
}

function runOf(home: string, file: FileStat, context: ReadingContext): MigrationRun {
  const path = pathWithin(home, file.path);
  const facts = context.memo.get(file, "openclaw/migration-run/1", () =>
    factsOf(readAll(file.path, MOST_BYTES).toString("utf8")),
  );
  const targets = facts.targets.map((target) => targetAt(home, target));
  return { ...facts, targets, path, evidence: [{ kind: "file", text: summary(facts), path }] };
}

function summary({ release, status, targets }: RunFacts): string {
  if (status === "unreadable") return "a record of a migration that can't be read";
  const moves = targets.flatMap((target) => target.moves);
  const done = moves.filter(({ isDone }) => isDone).length;
  const issues = targets.reduce((sum, target) => sum + target.issues.length, 0);
  return `a migration by ${release ?? "an unknown release"}, ${status}: ${done} of ${count(moves.length, "file")} put away, ${count(issues, "issue")}`;
}

function factsOf(text: string): RunFacts {
  const record = parsed(text);
  const targets = asList(record?.["targets"]).map(targetOf);
  return {
    id: asText(record?.["runId"]) ?? "",
    startedAt: asTime(record?.["startedAt"]),
    endedAt: asTime(record?.["completedAt"]) ?? asTime(record?.["failedAt"]),
    status: statusOf(record, targets),
    release: asText(record?.["openClawVersion"]),
    targets,
  };
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asList(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(asObject).filter((one) => one !== undefined) : [];
}

/** Issues with which a run still counts as completed (read in 2026.9.6). */
const WARNINGS: ReadonlySet<string> = new Set([
  "active_sqlite_transcript_jsonl",
  "entry_invalid",
  "historical_transcript_deferred",
  "historical_duplicate_settled",
  "legacy_index_informational",
  "plugin_migration_source_retained",
  "retained_plugin_source_index_rebuilt",
  "transcript_archive_failed",
  "transcript_malformed",
  "transcript_missing",
  "unreferenced_jsonl_archive_failed",
]);

/** As OpenClaw itself judges which run its recovery has to look at. */
function statusOf(
  record: Record<string, unknown> | undefined,
  targets: readonly MigrationTarget[],
): MigrationRun["status"] {
  if (record === undefined || asText(record["runId"]) === null) return "unreadable";
  const hasFailed = asText(record["failedAt"]) !== null || asObject(record["failureReports"]) !== undefined;
  if (!hasFailed && asText(record["completedAt"]) === null) return "running";
  const blocking = targets.some(({ issues }) => issues.some(({ code }) => !WARNINGS.has(code)));
  return hasFailed || blocking ? "failed" : "completed";
}

function targetOf(target: Record<string, unknown>): MigrationTarget {
  const done = new Set(asList(target["completedMoves"]).map((move) => asText(move["archivePath"])));
  const moves = new Map<string, MigrationMove>();
  for (const move of [...asList(target["plannedMoves"]), ...asList(target["completedMoves"])]) {
    const to = asText(move["archivePath"]) ?? "";
    moves.set(to, moveOf(move, to, done.has(to)));
  }
  return {
    agent: asText(target["agentId"]) ?? "",
    storePath: asText(target["storePath"]) ?? "",
    databasePath: asText(target["sqlitePath"]) ?? "",
    validation: asText(target["validationBeforeArchive"]),
    moves: [...moves.values()],
    issues: asList(target["issues"]).map(issueOf),
  };
}

function moveOf(move: Record<string, unknown>, to: string, isDone: boolean): MigrationMove {
  const artifact = asObject(move["artifact"]);
  return {
    from: asText(move["sourcePath"]) ?? "",
    to,
    kind: asText(move["kind"]) ?? "",
    isDone,
    classification: asText(artifact?.["classification"]),
    disposal: disposalOf(asText(asObject(artifact?.["disposal"])?.["state"])),
  };
}

function disposalOf(state: string | null): MigrationMove["disposal"] {
  return state === "retained" || state === "pending-disposal" || state === "disposed" ? state : null;
}

function issueOf(issue: Record<string, unknown>): MigrationIssue {
  const message = asText(issue["message"]) ?? "";
  return {
    code: asText(issue["code"]) ?? "",
    message,
    sessionKey: asText(issue["sessionKey"]),
    paths: [...message.matchAll(TRANSCRIPT_PATH)].map(([, path = ""]) => path),
  };
}

/** An absolute path of a transcript in a sentence; its folders may have blanks in their names. */
const TRANSCRIPT_PATH =
  /(?:^|[\s"'(])((?:\/|[A-Za-z]:\\|\\\\)[^"'\n]*?\.jsonl(?:\.[\w-]+(?:\.[\w-]+)*)?)(?=[\s:;,.)"']|$)/g;

/** The target with its paths as seen from the home, also when the home has been moved since. */
function targetAt(home: string, target: MigrationTarget): MigrationTarget {
  const root = rootOf(target.storePath);
  const at = (path: string): string => {
    if (isInside(home, path)) return pathWithin(home, path);
    return root !== null && path.startsWith(root) ? path.slice(root.length).replaceAll("\\", "/") : path;
  };
  return {
    ...target,
    storePath: at(target.storePath),
    databasePath: at(target.databasePath),
    moves: target.moves.map((move) => ({ ...move, from: at(move.from), to: at(move.to) })),
    issues: target.issues.map((issue) => ({ ...issue, paths: issue.paths.map(at) })),
  };
}

/** The home at the time of the run, with its last separator, as the usual place of a store shows it. */
function rootOf(storePath: string): string | null {
  return /^(.*[\\/])agents[\\/][^\\/]+[\\/]sessions[\\/][^\\/]+$/.exec(storePath)?.[1] ?? null;
}
