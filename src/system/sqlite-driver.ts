/** SQLite as the running Node has it (node:sqlite), behind a port that only reads and never lets a hostile file act. */
import type * as Sqlite from "node:sqlite";
import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";

/** What a statement may be given. */
export type SqliteValue = null | number | string | Uint8Array;
/** By column; a bigint never arrives. */
export type SqliteRow = Readonly<Record<string, SQLOutputValue>>;

/** `corrupt`: SQLite calls the file malformed; `schema`: a table or column is not there; `late`: it took too long. */
export type SqliteTrouble = "corrupt" | "busy" | "schema" | "late" | "other";

/** The only error that reading a database throws. */
export class SqliteError extends Error {
  readonly trouble: SqliteTrouble;
  /** Absolute path of the database as it was asked for. */
  readonly path: string;

  constructor(trouble: SqliteTrouble, path: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "SqliteError";
    this.trouble = trouble;
    this.path = path;
  }
}

/**
 * A database as it is asked. Each statement sees one committed state; two statements may see two. Statements should be
 * short: while one runs, the log of the writer can't begin anew. Integers beyond 2^53 arrive rounded.
 *
 * One that may pass over many rows without giving any must say `WHERE in_time()`, which ends it after `statementMs`:
 * in a malformed file a tree may lead to the same page again and again. In a join it is given a column of the innermost
 * table, or it would be asked for rows of the outermost alone. All methods throw SqliteError.
 */
export interface SqliteDatabase {
  all(statement: string, ...parameters: readonly SqliteValue[]): SqliteRow[];
  /** The first row. */
  get(statement: string, ...parameters: readonly SqliteValue[]): SqliteRow | undefined;
  iterate(statement: string, ...parameters: readonly SqliteValue[]): Generator<SqliteRow, void>;
}

export interface ConnectionLimits {
  /** Milliseconds after which `in_time()` ends a statement. */
  readonly statementMs: number;
  /** Rows that no statement on a sound file gives; more of them are taken for a malformed one. */
  readonly rows: number;
}

/** Statements that are kept ready. */
const MOST_KEPT = 64;

/** Whether this runtime has SQLite: Node 22.15 and later, and so VS Code 1.101 and later. */
export function hasSqlite(): boolean {
  return driver() !== undefined;
}

let loaded: { readonly module: typeof Sqlite | undefined } | undefined;

/** Asked for at run time: an import would end the program where there is none. */
function driver(): typeof Sqlite | undefined {
  loaded ??= { module: withoutExperimentalWarning(() => process.getBuiltinModule("node:sqlite")) };
  return loaded.module;
}

/** Node 22 calls SQLite experimental on stderr when it is first loaded; all other warnings stay. */
function withoutExperimentalWarning<T>(load: () => T): T {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = (warning: string | Error, ...rest: unknown[]): void => {
    if (rest[0] === "ExperimentalWarning" && String(warning).includes("SQLite")) return;
    Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** One connection. Nothing is read, and no file but the database itself opened, before the first statement. */
export class SqliteConnection implements SqliteDatabase {
  private readonly database: DatabaseSync;
  private readonly path: string;
  private readonly limits: ConnectionLimits;
  private readonly kept = new Map<string, StatementSync>();
  private deadline = 0;

  /** `url` is what SQLite opens; `path` what errors name. Throws SqliteError. */
  constructor(url: string, path: string, limits: ConnectionLimits) {
    const { DatabaseSync } = driver()!;
    this.path = path;
    this.limits = limits;
    this.database = this.guarded(
      () => new DatabaseSync(url, { allowExtension: false, enableForeignKeyConstraints: false }),
    );
    this.guarded(() => this.harden());
  }

  all(statement: string, ...parameters: readonly SqliteValue[]): SqliteRow[] {
    return [...this.iterate(statement, ...parameters)];
  }

  get(statement: string, ...parameters: readonly SqliteValue[]): SqliteRow | undefined {
    return this.guarded(() => {
      this.begin();
      const prepared = this.prepared(statement);
      try {
        return prepared.get(...parameters);
      } catch (error) {
        if (!isOutOfRange(error)) throw error;
        const row = this.rounding(statement).get(...parameters);
        return row === undefined ? undefined : rounded(row);
      }
    });
  }

  *iterate(statement: string, ...parameters: readonly SqliteValue[]): Generator<SqliteRow, void> {
    let given = 0;
    try {
      this.begin();
      // A statement of its own: asking a kept one anew would end a loop over its rows that is still going on.
      for (const row of this.database.prepare(statement).iterate(...parameters)) {
        this.count(++given);
        yield row;
      }
    } catch (error) {
      if (!isOutOfRange(error)) throw this.translated(error);
      yield* this.rest(statement, parameters, given);
    }
  }

  close(): void {
    this.database.close();
  }

  /** The rows from number `given` on, with integers rounded. */
  private *rest(statement: string, parameters: readonly SqliteValue[], given: number): Generator<SqliteRow, void> {
    try {
      this.begin();
      let number = 0;
      for (const row of this.rounding(statement).iterate(...parameters)) {
        this.count(++number);
        if (number > given) yield rounded(row);
      }
    } catch (error) {
      throw this.translated(error);
    }
  }

  private rounding(statement: string): StatementSync {
    const prepared = this.database.prepare(statement);
    prepared.setReadBigInts(true);
    return prepared;
  }

  private prepared(statement: string): StatementSync {
    const known = this.kept.get(statement);
    if (known !== undefined) return known;
    const prepared = this.database.prepare(statement);
    if (this.kept.size < MOST_KEPT) this.kept.set(statement, prepared);
    return prepared;
  }

  private begin(): void {
    this.deadline = performance.now() + this.limits.statementMs;
  }

  private count(rows: number): void {
    if (rows > this.limits.rows)
      throw new SqliteError("corrupt", this.path, "malformed: it gives more rows than its size allows");
  }

  /** None of these looks into the file. */
  private harden(): void {
    const { database } = this;
    // The schema is the file's, not ours: its views and triggers may call nothing, and nothing may be written through it.
    database.exec(
      "PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0",
    );
    // What a statement sorts or gathers stays in memory: no temporary file that would hold transcripts.
    database.exec("PRAGMA temp_store = MEMORY");
    database.function("in_time", { directOnly: true, deterministic: false, varargs: true }, () => {
      if (performance.now() > this.deadline)
        throw new SqliteError("late", this.path, `a statement took longer than ${this.limits.statementMs} ms`);
      return 1;
    });
  }

  private guarded<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw this.translated(error);
    }
  }

  private translated(error: unknown): SqliteError {
    if (error instanceof SqliteError) return error;
    const message = error instanceof Error ? error.message : String(error);
    return new SqliteError(troubleOf(error, message), this.path, message, error);
  }
}

/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html). */
const BUSY_CODES: ReadonlySet<number> = new Set([5, 6]);
const CORRUPT_CODES: ReadonlySet<number> = new Set([11, 26]);

/**
 * SQLITE_READONLY with a reason (https://www.sqlite.org/rescode.html#readonly_recovery): the index of the log is being written,
 * or would have to be made anew, which a reader can't do. Without a reason it is a statement that writes.
 */
export function isIndexTrouble(error: unknown): boolean {
  const code = error instanceof Error && "errcode" in error ? Number(error.errcode) : 0;
  return (code & 0xff) === 8 && code > 0xff;
}

function troubleOf(error: unknown, message: string): SqliteTrouble {
  const code = error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : 0;
  if (isIndexTrouble(error)) return "busy";
  if (CORRUPT_CODES.has(code) || message.startsWith("malformed")) return "corrupt";
  if (BUSY_CODES.has(code)) return "busy";
  return code === 1 && /^no such (table|column|function)/.test(message) ? "schema" : "other";
}

function isOutOfRange(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_OUT_OF_RANGE";
}

function rounded(row: Record<string, SQLOutputValue>): SqliteRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === "bigint" ? Number(value) : value]),
  );
}
