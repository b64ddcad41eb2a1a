/** Records of transcripts that a database put away: those of deleted sessions, and those in cold storage. */
import { asNumber, asText, asTime } from "../../../formats/json-values.ts";
import type { SqliteDatabase, SqliteRow } from "../../../system/sqlite.ts";
import { hasTable, selected, type Schema } from "./schema.ts";

/** A row of `session_transcript_archives` or of `session_transcript_cold_archives`, without its bytes. */
export interface ArchiveRecord {
  readonly kind: "deleted" | "reset" | "cold";
  readonly sessionId: string;
  readonly generation: string;
  /** Null for a cold archive: its session is still there and has the key. */
  readonly key: string | null;
  /** Name of the file that holds it too, or instead. */
  readonly name: string;
  readonly sha256: string;
  readonly isZstd: boolean;
  /** Milliseconds, UTC. */
  readonly createdAt: number | null;
  /** When the file was written; null while it is only in the database, and for cold archives. */
  readonly publishedAt: number | null;
  /** Bytes that the database itself holds; null where only the file has them. */
  readonly blobBytes: number | null;
  /** Last event in it; known of cold archives only. */
  readonly lastSeq: number | null;
}

export function archiveRecords(database: SqliteDatabase, schema: Schema): ArchiveRecord[] {
  const records: ArchiveRecord[] = [];
  if (hasTable(schema, "session_transcript_archives")) {
    const columns = ["session_id", "generation", "session_key", "reason", "encoding", "archive_sha256", "archive_name"];
    const times = ["created_at", "published_at"];
    const statement =
      `SELECT ${selected(schema, "session_transcript_archives", [...columns, ...times], "a")}, ` +
      "length(a.archive_blob) AS blob_bytes FROM session_transcript_archives a WHERE in_time() ORDER BY a.archive_name";
    for (const row of database.iterate(statement)) {
      const kind = row["reason"] === "reset" ? "reset" : "deleted";
      const record = recordOf(row, kind, asText(row["session_key"]), asTime(row["created_at"]));
      if (record !== null) records.push(record);
    }
  }
  if (hasTable(schema, "session_transcript_cold_archives")) {
    const columns = ["session_id", "generation", "archive_sha256", "archive_name", "archived_at", "last_seq"];
    const statement =
      `SELECT ${selected(schema, "session_transcript_cold_archives", columns, "c")}, ` +
      "length(c.archive_blob) AS blob_bytes FROM session_transcript_cold_archives c WHERE in_time() ORDER BY c.archive_name";
    for (const row of database.iterate(statement)) {
      const record = recordOf(row, "cold", null, asTime(row["archived_at"]));
      if (record !== null) records.push(record);
    }
  }
  return records;
}

function recordOf(
  row: SqliteRow,
  kind: ArchiveRecord["kind"],
  key: string | null,
  createdAt: number | null,
): ArchiveRecord | null {
  const sessionId = asText(row["session_id"]);
  const name = asText(row["archive_name"]);
  // The schema forbids such names; what would lead out of its folder is nothing of this database's.
  if (sessionId === null || name === null || /[\\/]/.test(name) || name === "." || name === "..") return null;
  return {
    kind,
    sessionId,
    generation: asText(row["generation"]) ?? "",
    key,
    name,
    sha256: asText(row["archive_sha256"]) ?? "",
    isZstd: kind === "cold" || row["encoding"] !== "identity",
    createdAt,
    publishedAt: asTime(row["published_at"]),
    blobBytes: asNumber(row["blob_bytes"]),
    lastSeq: asNumber(row["last_seq"]),
  };
}

/** The archive's bytes as the database holds them; undefined when it holds none. */
export function archiveBlob(database: SqliteDatabase, { kind, name }: ArchiveRecord): Uint8Array | undefined {
  const table = kind === "cold" ? "session_transcript_cold_archives" : "session_transcript_archives";
  const blob = database.get(`SELECT archive_blob FROM ${table} WHERE archive_name = ?`, name)?.["archive_blob"];
  return blob instanceof Uint8Array ? blob : undefined;
}
