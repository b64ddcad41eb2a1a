/** Databases that hold sessions: what they are, and how well each could be read. */

export type DatabaseState =
  | "ok"
  | "newer-schema" // read as far as the tables and columns that are known go
  | "older-schema" // a table that this reader needs is not there yet
  | "foreign" // a database, but not one of this program
  | "encrypted" // no header of SQLite, and no text either
  | "empty" // a file of zero bytes, or without any table
  | "corrupt" // SQLite says that it is malformed; what could be read was
  | "wal-missing" // commits stand in a write-ahead log that is not there or does not fit
  | "busy" // written so fast that no consistent state of it could be had
  | "no-reader" // this runtime has no SQLite
  | "too-large-to-copy" // it can't be opened in place, and is too large for a private copy
  | "unreadable"; // rights, a device, a folder, an error of the disk

/**
 * damage: a part that SQLite or the reader could not make sense of; archive-missing: a file that the database published is
 * gone, and the database still holds its content; archive-lost: it does not; archive-differs: the file has other content.
 */
export type DatabaseTroubleKind = "damage" | "archive-missing" | "archive-lost" | "archive-differs";

/** Trouble with a part of a database. */
export interface DatabaseTrouble {
  readonly kind: DatabaseTroubleKind;
  /** A plain sentence part, without a final stop. */
  readonly reason: string;
  /** The table, archive or session in which it was met; null for the database as a whole. */
  readonly where: string | null;
}

export interface DatabaseReading {
  /** Home-relative path. */
  readonly path: string;
  readonly state: DatabaseState;
  /** Version that the database names; null where it could not be read. */
  readonly schemaVersion: number | null;
  /** The newest version that this reader knows. */
  readonly knownSchemaVersion: number;
  /** Release that wrote it, as it says itself. */
  readonly appVersion: string | null;
  /** Size of the database file itself. */
  readonly bytes: number;
  /** Size of its write-ahead log; null where none stands beside it. */
  readonly walBytes: number | null;
  readonly modifiedAt: number | null;
  /** What could not be read, most telling first; empty when all could. */
  readonly trouble: readonly DatabaseTrouble[];
}

/** Whether sessions can be read from a database in this state, be it in part. */
export function isReadable({ state }: DatabaseReading): boolean {
  return state === "ok" || state === "newer-schema" || state === "corrupt" || state === "wal-missing";
}
