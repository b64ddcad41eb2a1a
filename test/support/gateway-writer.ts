/**
 * A process that writes to an agent's database as a gateway does: in WAL mode, one short transaction after another. Each adds an
 * event to a session and moves the numbers that go with it, so that a reader who sees half of a commit sees numbers that differ.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { DatabaseSync } from "node:sqlite";
import type { TestContext } from "node:test";
import { setTimeout as wait } from "node:timers/promises";

export interface Writer {
  readonly process: ChildProcess;
  /** Settles when it has ended. */
  readonly ended: Promise<unknown>;
  /** Makes one more commit, where none is made by itself. */
  commit(): Promise<void>;
  /** Ends it in good order: the log goes into the database, and is removed. */
  stop(): Promise<void>;
  /** SIGKILL: log and index stay as they are. */
  kill(): Promise<void>;
}

export interface WriterOptions {
  /** With 0 it commits once and then only when it is told to, and keeps the database open. */
  readonly commitsPerSecond: number;
  /** Pages of log after which it is checkpointed; a small number makes the log begin anew often. */
  readonly checkpointPages?: number;
  /** Ends in good order after so many commits; without it, it goes on until it is stopped. */
  readonly commits?: number;
}

/** Starts the process and waits for its first commit. It ends with the test at the latest. */
export async function startWriter(
  test: Pick<TestContext, "after">,
  path: string,
  sessionId: string,
  { checkpointPages = 1000, commits = Infinity, commitsPerSecond }: WriterOptions,
): Promise<Writer> {
  const parameters = [path, sessionId, String(commitsPerSecond), String(checkpointPages), String(commits)];
  const writer = spawn(process.execPath, [import.meta.filename, ...parameters], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(writer, "exit");
  const kill = async (): Promise<void> => {
    writer.kill("SIGKILL");
    await ended;
  };
  test.after(kill);
  await once(writer.stdout, "data");
  const stop = async (): Promise<void> => {
    writer.stdin.end();
    await ended;
  };
  const commitOnce = async (): Promise<void> => {
    writer.stdin.write("\n");
    await once(writer.stdout, "data");
  };
  return { process: writer, ended, commit: commitOnce, stop, kill };
}

/** One commit: an event, and everything that counts it. */
function commit(database: DatabaseSync, sessionId: string): void {
  const run = (statement: string, ...parameters: (string | number)[]): unknown =>
    database.prepare(statement).run(...parameters);
  database.exec("BEGIN IMMEDIATE");
  const last = database.prepare("SELECT max(seq) AS seq FROM transcript_events WHERE session_id = ?").get(sessionId);
  const seq = Number(last?.["seq"]) + 1;
  const id = `event-${seq}`;
  const text = JSON.stringify({
    type: "message",
    id,
    parentId: `event-${seq - 1}`,
    message: { role: "user", content: id },
  });
  run(
    "INSERT INTO transcript_events (session_id, seq, event_json, created_at) VALUES (?, ?, ?, ?)",
    sessionId,
    seq,
    text,
    seq,
  );
  run(
    "INSERT INTO transcript_event_identities (session_id, event_id, seq, event_type, created_at) VALUES (?, ?, ?, 'message', ?)",
    sessionId,
    id,
    seq,
    seq,
  );
  run("UPDATE session_transcript_index_state SET indexed_seq = ? WHERE session_id = ?", seq, sessionId);
  run("UPDATE session_windows SET updated_at = ? WHERE session_id = ?", seq, sessionId);
  database.exec("COMMIT");
}

/** Commits once, and again at each word from outside. */
async function writeWhenTold(database: DatabaseSync, sessionId: string): Promise<void> {
  commit(database, sessionId);
  process.stdout.write("writing\n");
  process.stdin.on("data", () => {
    commit(database, sessionId);
    process.stdout.write("writing\n");
  });
  await once(process.stdin, "end");
}

async function writeByItself(
  database: DatabaseSync,
  sessionId: string,
  commitsPerSecond: number,
  mostCommits: number,
): Promise<void> {
  process.stdin.resume();
  for (let commits = 0; commits < mostCommits && !process.stdin.readableEnded; commits += 1) {
    commit(database, sessionId);
    if (commits === 0) process.stdout.write("writing\n");
    await wait(1000 / commitsPerSecond);
  }
}

/** Commits at the given pace until its input ends, or it has made as many as it should. */
async function write(
  path: string,
  sessionId: string,
  commitsPerSecond: number,
  checkpointPages: number,
  mostCommits: number,
): Promise<void> {
  const database = new DatabaseSync(path);
  database.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = ${checkpointPages}`,
  );
  if (commitsPerSecond === 0) await writeWhenTold(database, sessionId);
  else await writeByItself(database, sessionId, commitsPerSecond, mostCommits);
  database.close();
  process.stdin.destroy();
}

if (process.argv[1] === import.meta.filename) {
  const [path = "", sessionId = "", commitsPerSecond, checkpointPages, commits] = process.argv.slice(2);
  await write(path, sessionId, Number(commitsPerSecond), Number(checkpointPages), Number(commits));
}
