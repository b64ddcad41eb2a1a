/**
 * Databases of an agent with the schema of OpenClaw 2026.9.6, for tests: sessions with windows, branches, deletions, cold
 * archives and trajectories, kept as that release keeps them. Every id and time follows from what is given.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { zstdCompressSync } from "node:zlib";

import { Random } from "./random.ts";

export const SCHEMA = resolve(import.meta.dirname, "../fixtures/openclaw/2026.9.6-schema.sql");
const SCHEMA_VERSION = 23;
/** Events from this size on are stored compressed by that release; the largest plain one seen has 811 bytes, the smallest packed one 2109. */
const PACKED_FROM_BYTES = 2048;

export interface AgentDatabaseOptions {
  readonly agent?: string;
  readonly seed?: number;
  /** Time of the first thing that happens, ms; everything later is a second after what came before. */
  readonly startedAt?: number;
  /** As `PRAGMA user_version` and `schema_meta` name it. */
  readonly schemaVersion?: number;
  readonly appVersion?: string;
}

export interface SessionOptions {
  readonly id?: string;
  readonly createdVia?: "operator" | "spawn" | "channel" | "cron" | "internal";
  readonly spawnedBy?: string;
  readonly parentKey?: string;
  readonly forkOf?: { readonly key: string; readonly sessionId: string; readonly entryId?: string };
  /** Of the row in `session_windows`. */
  readonly previousSessionId?: string;
  readonly reason?: "initial" | "reset" | "rollover" | "fork" | "rewind" | "switch" | "recovery" | "compaction";
  readonly label?: string;
  readonly archivedAt?: number;
  readonly pinnedAt?: number;
  /** More of `entry_json`. */
  readonly entry?: Readonly<Record<string, unknown>>;
}

export interface EventOptions {
  readonly id?: string;
  /** Id of the event that it follows; the newest one unless given. */
  readonly parent?: string | null;
  /** Stored compressed, or plain, whatever its size. */
  readonly packed?: boolean;
}

type Json = Readonly<Record<string, unknown>>;

interface StoredEvent {
  readonly seq: number;
  readonly id: string;
  readonly parentId: string | null;
  readonly type: string;
  readonly text: string;
  readonly at: number;
}

/** The database of one agent, open for writing in WAL mode as a gateway has it. */
export class AgentDatabase {
  readonly path: string;
  readonly agent: string;
  /** For what the functions here don't offer. */
  readonly sql: DatabaseSync;
  readonly random: Random;
  private clock: number;

  /** Makes the file, and the folders above it. */
  constructor(path: string, options: AgentDatabaseOptions = {}) {
    this.path = path;
    this.agent = options.agent ?? "main";
    this.random = new Random(options.seed ?? 1);
    this.clock = options.startedAt ?? Date.parse("2026-11-21T00:00:00.000Z");
    mkdirSync(dirname(path), { recursive: true });
    this.sql = new DatabaseSync(path);
    this.sql.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON");
    this.sql.exec(`BEGIN; ${readFileSync(SCHEMA, "utf8")}; COMMIT`);
    const version = options.schemaVersion ?? SCHEMA_VERSION;
    this.sql.exec(`PRAGMA user_version = ${version}`);
    this.insert("schema_meta", {
      meta_key: "primary",
      role: "agent",
      schema_version: version,
      agent_id: this.agent,
      app_version: options.appVersion ?? "2026.9.6",
      created_at: this.clock,
      updated_at: this.clock,
    });
  }

  /** A key with its first session id, and that one's header event. */
  session(key: string, options: SessionOptions = {}): DatabaseSession {
    return new DatabaseSession(this, `agent:${this.agent}:${key}`, options);
  }

  /** The next second. */
  tick(ms = 1000): number {
    this.clock += ms;
    return this.clock;
  }

  get now(): number {
    return this.clock;
  }

  insert(table: string, row: Readonly<Record<string, null | number | string | Uint8Array>>): void {
    const names = Object.keys(row);
    const marks = names.map(() => "?").join(", ");
    this.sql
      .prepare(`INSERT OR REPLACE INTO ${table} (${names.join(", ")}) VALUES (${marks})`)
      .run(...Object.values(row));
  }

  /** All in one transaction. */
  commit(act: () => void): void {
    this.sql.exec("BEGIN IMMEDIATE");
    act();
    this.sql.exec("COMMIT");
  }

  /** As a gateway that is stopped in good order: everything stands in the database, no log beside it. */
  close(): void {
    this.sql.close();
  }
}

/** One session key, and the session id that it has now. */
export class DatabaseSession {
  readonly key: string;
  readonly id: string;
  readonly generation: string;
  private readonly database: AgentDatabase;
  private readonly events: StoredEvent[] = [];
  private readonly options: SessionOptions;
  private readonly startedAt: number;
  private entry: Record<string, unknown>;
  private status: "running" | "done" | "failed" | "killed" | "timeout" = "done";
  private trajectoryEvents = 0;

  constructor(database: AgentDatabase, key: string, options: SessionOptions) {
    this.database = database;
    this.key = key;
    this.id = options.id ?? database.random.uuid();
    this.generation = database.random.uuid().replaceAll("-", "");
    this.options = options;
    this.startedAt = database.tick();
    this.entry = { usageFamilyKey: key, usageFamilySessionIds: [this.id], systemSent: true, ...options.entry };
    database.commit(() => {
      this.writeRows();
      this.append({ type: "session", version: 4, id: this.id, cwd: "/srv/workspace" }, { parent: null });
    });
  }

  /** A message of the user; its id. */
  user(text: string, options: EventOptions = {}): string {
    return this.message({ role: "user", content: text }, options);
  }

  assistant(text: string, options: EventOptions = {}): string {
    const content = [{ type: "text", text }];
    return this.message({ role: "assistant", content, provider: "fake", model: "det-1", stopReason: "stop" }, options);
  }

  message(message: Json, options: EventOptions = {}): string {
    return this.event({ type: "message", message: { ...message, timestamp: this.database.now } }, options);
  }

  /** Any event, in a transaction of its own; its id. */
  event(event: Json, options: EventOptions = {}): string {
    let id = "";
    this.database.commit(() => {
      this.database.tick();
      id = this.append(event, options);
      this.writeRows();
      this.writeIndex();
    });
    return id;
  }

  /** What `/new`, `/reset` and sessions.reset do: a new window of the same session. Id of the event. */
  reset(reason: "new" | "reset" = "new"): string {
    return this.event({ type: "reset", reason }, { id: this.database.random.uuid().slice(0, 8) });
  }

  compact(summary: string, firstKept: string): string {
    return this.event({ type: "compaction", summary, firstKeptEntryId: firstKept, tokensBefore: 12_106 });
  }

  /** Leaves all that came after an event: the next one follows it. */
  rewindTo(id: string): void {
    this.leaf = id;
  }

  /** As a gateway has it while a run writes, and as it stays when the gateway is killed. */
  running(runId: string = this.database.random.uuid()): void {
    this.status = "running";
    this.entry = { ...this.entry, activeWriterRunId: runId };
    this.database.commit(() => this.writeRows());
  }

  ended(status: "done" | "failed" | "killed" | "timeout"): void {
    this.status = status;
    this.database.commit(() => this.writeRows());
  }

  /** An event of the run's trajectory. */
  trajectory(runId: string, type: string, data: Json): void {
    const { database } = this;
    const at = database.now;
    const seq = this.trajectoryEvents++;
    const event = {
      traceSchema: "openclaw-trajectory",
      schemaVersion: 1,
      traceId: this.id,
      source: "runtime",
      type,
      ts: new Date(at).toISOString(),
      seq: seq + 1,
      sessionId: this.id,
      sessionKey: this.key,
      runId,
      data,
    };
    const event_json = JSON.stringify(event);
    database.insert("trajectory_runtime_events", {
      session_id: this.id,
      seq,
      run_id: runId,
      event_json,
      created_at: at,
    });
  }

  /** The transcript as JSON Lines, as archives hold it. */
  get lines(): string {
    return this.events.map(({ text }) => `${text}\n`).join("");
  }

  /**
   * sessions.delete: the rows go, the transcript stays as an archive in the database, and as a file beside the home's
   * transcripts when it was published.
   */
  delete(options: { readonly sessionsFolder?: string; readonly encoding?: "zstd" | "identity" } = {}): string {
    const { database } = this;
    const at = database.tick();
    const encoding = options.encoding ?? "zstd";
    const bytes = encoding === "zstd" ? zstdCompressSync(this.lines) : Buffer.from(this.lines);
    const time = new Date(at).toISOString().replaceAll(":", "-");
    const name = `${this.id}.jsonl.deleted.${time}.${this.generation}${encoding === "zstd" ? ".zst" : ""}`;
    const published = options.sessionsFolder === undefined ? null : at + 240;
    database.commit(() => {
      database.insert("session_transcript_archives", {
        session_id: this.id,
        generation: this.generation,
        session_key: this.key,
        reason: "deleted",
        encoding,
        archive_blob: bytes,
        archive_sha256: sha256(bytes),
        archive_name: name,
        created_at: at,
        published_at: published,
        publish_attempts: published === null ? 0 : 1,
        last_publish_attempt_at: published,
      });
      database.sql.prepare("DELETE FROM session_windows WHERE session_key = ?").run(this.key);
      database.sql.prepare("DELETE FROM session_nodes WHERE session_key = ?").run(this.key);
    });
    if (options.sessionsFolder !== undefined) writeInto(options.sessionsFolder, name, bytes);
    return name;
  }

  /**
   * Cold storage: the events go, the session's rows stay. The archive is a record per line: a header, then each event and each
   * identity (source of 2026.9, config/sessions/session-cold-storage-codec).
   */
  putIntoColdStorage(options: { readonly sessionsFolder?: string } = {}): string {
    const { database } = this;
    const at = database.tick();
    const header = { kind: "header", version: 1, sessionId: this.id, generation: this.generation };
    const rows = this.events.map(({ at: created_at, seq, text: event_json }) => ({
      kind: "event",
      row: { seq, event_json, created_at },
    }));
    const identities = this.events.map(({ at: created_at, id, parentId, seq, type }) => ({
      kind: "identity",
      row: { event_id: id, seq, event_type: type, parent_id: parentId, message_idempotency_key: null, created_at },
    }));
    const raw = [header, ...rows, ...identities].map((record) => `${JSON.stringify(record)}\n`).join("");
    const bytes = zstdCompressSync(raw);
    const name = `${sha256(bytes)}.jsonl.zst`;
    const isFile = options.sessionsFolder !== undefined;
    database.commit(() => {
      database.insert("session_transcript_cold_archives", {
        session_id: this.id,
        generation: this.generation,
        archive_name: name,
        archive_sha256: sha256(bytes),
        event_count: this.events.length,
        raw_bytes: Buffer.byteLength(raw),
        archive_bytes: bytes.length,
        last_seq: this.events.at(-1)?.seq ?? 0,
        archived_at: at,
        storage: isFile ? "file" : "sqlite",
        archive_blob: isFile ? null : bytes,
      });
      database.sql.prepare("DELETE FROM transcript_events WHERE session_id = ?").run(this.id);
      database.sql.prepare("DELETE FROM session_transcript_index_state WHERE session_id = ?").run(this.id);
    });
    if (options.sessionsFolder !== undefined) writeInto(join(options.sessionsFolder, "cold"), name, bytes);
    return name;
  }

  private leaf: string | null = null;

  private append(given: Json, options: EventOptions): string {
    const { database } = this;
    const at = database.now;
    const { type } = given;
    const id = options.id ?? (typeof given["id"] === "string" ? given["id"] : database.random.uuid());
    const parentId = options.parent === undefined ? this.leaf : options.parent;
    const isHeader = type === "session";
    const event = { type, id, ...(isHeader ? {} : { parentId }), timestamp: new Date(at).toISOString(), ...given };
    const text = JSON.stringify(event);
    const stored: StoredEvent = { seq: this.events.length, id, parentId, type: String(type), text, at };
    this.events.push(stored);
    if (!isHeader) this.leaf = id;
    database.insert("transcript_events", {
      session_id: this.id,
      seq: stored.seq,
      created_at: at,
      ...storage(event, text, options),
    });
    database.insert("transcript_event_identities", {
      session_id: this.id,
      event_id: id,
      seq: stored.seq,
      event_type: stored.type,
      parent_id: parentId,
      created_at: at,
    });
    return id;
  }

  /** The node, and the row in `session_windows`, which is there once per session id. */
  private writeRows(): void {
    const { database, id, key, options, startedAt, status } = this;
    const at = database.now;
    const entry = { sessionId: id, createdAt: startedAt, updatedAt: at, status, startedAt, endedAt: at, ...this.entry };
    const common = { parent_session_key: options.parentKey ?? null, spawned_by: options.spawnedBy ?? null, status };
    const node = {
      ...common,
      current_session_id: id,
      entry_json: JSON.stringify(entry),
      updated_at: at,
      created_at: startedAt,
      created_via: options.createdVia ?? "operator",
      fork_source_session_key: options.forkOf?.key ?? null,
      fork_source_session_id: options.forkOf?.sessionId ?? null,
      fork_source_entry_id: options.forkOf?.entryId ?? null,
      label: options.label ?? null,
      pinned_at: options.pinnedAt ?? null,
      archived_at: options.archivedAt ?? null,
      last_interaction_at: at,
    };
    this.upsert("session_nodes", "session_key", key, node);
    this.upsert("session_windows", "session_id", id, {
      ...common,
      session_key: key,
      previous_session_id: options.previousSessionId ?? null,
      reason: options.reason ?? null,
      created_at: startedAt,
      updated_at: at,
      transcript_updated_at: at,
      started_at: startedAt,
      ended_at: status === "running" ? null : at,
      chat_type: "direct",
    });
    database.sql.prepare("UPDATE session_nodes SET entry_valid = 1 WHERE session_key = ?").run(key);
    database.sql.exec("DELETE FROM session_canonical_validation_pending");
    database.insert("transcript_rewrite_watermarks", {
      session_id: id,
      generation: this.generation,
      updated_at: startedAt,
    });
  }

  /** An update in place: replacing the row would take its transcript along. */
  private upsert(
    table: string,
    key: string,
    value: string,
    row: Readonly<Record<string, null | number | string>>,
  ): void {
    const names = Object.keys(row);
    const set = names.map((name) => `${name} = excluded.${name}`).join(", ");
    this.database.sql
      .prepare(
        `INSERT INTO ${table} (${key}, ${names.join(", ")}) VALUES (?, ${names.map(() => "?").join(", ")}) ` +
          `ON CONFLICT (${key}) DO UPDATE SET ${set}`,
      )
      .run(value, ...Object.values(row));
  }

  /** The way from the newest event back to the first: the conversation as it stands. */
  private writeIndex(): void {
    const { database, id } = this;
    const byId = new Map(this.events.map((event) => [event.id, event]));
    const active: StoredEvent[] = [];
    for (let at = this.leaf; at !== null; at = byId.get(at)?.parentId ?? null) {
      const event = byId.get(at);
      if (event !== undefined) active.unshift(event);
    }
    database.sql.prepare("DELETE FROM session_transcript_active_events WHERE session_id = ?").run(id);
    let messages = 0;
    for (const [position, { seq, type }] of active.entries()) {
      database.insert("session_transcript_active_events", {
        session_id: id,
        active_position: position,
        event_seq: seq,
        message_position: type === "message" ? messages++ : null,
        context_eligible: 1,
      });
    }
    database.insert("session_transcript_index_state", {
      session_id: id,
      indexed_seq: this.events.length - 1,
      leaf_event_id: this.leaf,
      needs_rebuild: 0,
      active_event_count: active.length,
      active_message_count: messages,
      updated_at: database.now,
    });
  }
}

/** How an event is stored: as text, or as a zstd frame beside what navigation needs of it. */
function storage(
  event: Json,
  text: string,
  { packed }: EventOptions,
): Record<string, null | number | string | Uint8Array> {
  const event_utf8_bytes = Buffer.byteLength(text);
  if (packed === false || (packed === undefined && event_utf8_bytes < PACKED_FROM_BYTES)) {
    return { event_json: text, event_zstd: null, event_utf8_bytes, navigation_json: null };
  }
  const { id, message, parentId, timestamp, type } = event;
  const role = (message as Json | undefined)?.["role"];
  const outline = { type, id, parentId, timestamp, ...(role === undefined ? {} : { message: { role } }) };
  const navigation_json = JSON.stringify({
    version: 1,
    report: { kind: "canonical", hasParentId: true, entry: { id, parentId, timestamp, type } },
    navigation: outline,
    reset: outline,
    model: outline,
    modelBytes: event_utf8_bytes,
    modelWithoutCheckpointBytes: event_utf8_bytes,
    withoutCustomDataBytes: event_utf8_bytes,
  });
  return { event_json: null, event_zstd: zstdCompressSync(text), event_utf8_bytes, navigation_json };
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function writeInto(folder: string, name: string, bytes: Uint8Array): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), bytes);
}
