/** How well a database could be read, in plain words. */
import type { DatabaseReading, DatabaseState } from "../../model/database.ts";
import { size } from "../../model/amounts.ts";

const STATES: Readonly<Record<DatabaseState, string>> = {
  ok: "is read",
  "newer-schema": "has a newer schema than is known here, and is read as far as that goes",
  "older-schema": "has an older schema, without the tables that are needed",
  foreign: "is a database, but of another program",
  encrypted: "is no SQLite database, or an encrypted one",
  empty: "is empty",
  corrupt: "is damaged; what could be read of it is shown",
  "wal-missing": "has commits in a write-ahead log that is not there or does not fit",
  busy: "was written so fast that no consistent state of it could be had",
  "no-reader": "can't be read by this version of Node, which has no SQLite",
  "too-large-to-copy": "can't be opened in place, and is too large for a private copy",
  unreadable: "can't be read",
};

/** "is damaged; …: page 12 is malformed": why something of the database is not shown; null when all of it is. */
export function databaseTrouble({ state, trouble }: DatabaseReading): string | null {
  // Archives that it published and that are gone are missing beside it, not in it.
  const damage = trouble.filter(({ kind }) => kind === "damage");
  if (state === "ok" && damage.length === 0) return null;
  const [first, ...others] = damage;
  const what = state === "ok" ? "is read, but not all of it" : STATES[state];
  if (first === undefined) return what;
  const where = first.where === null ? "" : `${first.where}: `;
  return `${what}: ${where}${first.reason}${others.length === 0 ? "" : `; and ${others.length} more`}`;
}

/** "schema 23, written by 2026.9.6, 1.5 MB with a log of 4 MB" */
export function databaseFacts({ schemaVersion, appVersion, bytes, walBytes }: DatabaseReading): string {
  const parts = [
    schemaVersion === null ? "schema unknown" : `schema ${schemaVersion}`,
    ...(appVersion === null ? [] : [`written by ${appVersion}`]),
    `${size(bytes)}${walBytes === null ? "" : ` with a write-ahead log of ${size(walBytes)}`}`,
  ];
  return parts.join(", ");
}
