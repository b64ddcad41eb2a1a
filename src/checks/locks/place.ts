/**
 * Whether a home was written under the path where it lies now. A lock says nothing about its machine ({pid, createdAt,
 * starttime}), so this is the best hint at whether its pid is a number of this machine at all.
 *
 * A home whose rows name transcripts below another root was copied, restored, moved, or is seen through a mount of another
 * container or host. In none of these cases does a pid mean anything here, and they can't be told apart by the files alone.
 */
import type { LockFile } from "../../model/lock.ts";
import type { HomeReading } from "../../model/reading.ts";
import type { StoreRow } from "../../model/store.ts";

export interface Place {
  /** Under another path than the one where it lies: a copy, or seen through a mount. */
  readonly isElsewhere: boolean;
  /** The path under which it was written, when that is another. */
  readonly writtenAt: string | null;
}

const ABSOLUTE = /^(?:\/|[A-Za-z]:[\\/]|\\\\)/;

/** A home without any absolute path has nothing that speaks against the machine that it lies on. */
const HERE: Place = { isElsewhere: false, writtenAt: null };

/** Judges by the lock's own payload, else by its own row, else by the row written last. */
export function placeOf(reading: Pick<HomeReading, "home" | "agents">, lock: LockFile): Place {
  if (reading.home.role === "backup") return { isElsewhere: true, writtenAt: null };
  if (lock.stateDir === reading.home.path) return HERE;
  const witnesses = reading.agents.map(({ store }) => witnessesIn(store.rows));
  const own = witnesses.map(({ byTranscript }) => byTranscript.get(lock.target)).find((row) => row !== undefined);
  const witness = own ?? newest(witnesses.map((one) => one.newest).filter((row) => row !== undefined));
  if (witness !== undefined) {
    if (witness.transcriptBy === "as-written") return HERE;
    return { isElsewhere: true, writtenAt: rootOf(witness.sessionFile ?? "") };
  }
  return lock.stateDir === null ? HERE : { isElsewhere: true, writtenAt: lock.stateDir };
}

/** The rows of one store that tell where it was written. */
interface Witnesses {
  /** Of several rows of one transcript the first. */
  readonly byTranscript: ReadonlyMap<string | null, StoreRow>;
  readonly newest: StoreRow | undefined;
}

/** Locks are judged after every change, rows change seldom. */
const WITNESSES = new WeakMap<readonly StoreRow[], Witnesses>();

function witnessesIn(rows: readonly StoreRow[]): Witnesses {
  const known = WITNESSES.get(rows);
  if (known !== undefined) return known;
  const telling = rows.filter(tellsPlace);
  const byTranscript = new Map(telling.toReversed().map((row) => [row.transcriptPath, row]));
  const found = { byTranscript, newest: newest(telling) };
  WITNESSES.set(rows, found);
  return found;
}

function tellsPlace(row: StoreRow): boolean {
  if (row.sessionFile === null || !ABSOLUTE.test(row.sessionFile)) return false;
  return row.transcriptBy === "as-written" || row.transcriptBy === "moved";
}

function newest(rows: readonly StoreRow[]): StoreRow | undefined {
  let found: StoreRow | undefined;
  for (const row of rows) {
    if (found === undefined || (row.updatedAt ?? -Infinity) > (found.updatedAt ?? -Infinity)) found = row;
  }
  return found;
}

/** What stands before `agents/<name>/sessions/…` in a transcript's path; the folder of the file where that is not its shape. */
function rootOf(sessionFile: string): string {
  const parts = sessionFile.split(/[\\/]/);
  const agents = parts.lastIndexOf("agents");
  const kept = parts.slice(0, agents > 0 ? agents : -1).join("/");
  return kept === "" ? sessionFile : kept;
}
