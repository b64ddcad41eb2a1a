/** Which transcript a store row means: its written path may come from another machine, or lead into another home. */
import { basename, dirname, isAbsolute, resolve, sep } from "node:path";

import type { StoreRow } from "../../model/store.ts";
import type { BareRow } from "./store.ts";

/** The folder that the rows' transcripts stand in. */
export interface RowPlace {
  /** Absolute path of the home. */
  readonly home: string;
  readonly agent: string;
  /** Absolute, and as seen from the home. */
  readonly folder: string;
  readonly sessionsPath: string;
  /** Names of live transcripts in the folder: whether one stands there, and which belong to a session id. */
  readonly hasLive: (name: string) => boolean;
  readonly liveNamesOf: (sessionId: string) => readonly string[];
  /** Whether another absolute path leads to the same folder through links, as when `~/.openclaw` is a link. */
  readonly leadsHere: (folder: string) => boolean;
}

type Meaning = Pick<StoreRow, "transcriptPath" | "transcriptBy">;

const FOREIGN: Meaning = { transcriptPath: null, transcriptBy: "foreign" };
/** `…/agents/<agent>/sessions/<file>`, on any system. */
const STORED_PATH = /^(.*?)[\\/]?agents[\\/]([^\\/]+)[\\/]sessions[\\/]([^\\/]+)$/;
/** A state tree below an agent's folder, as an isolated HOME makes it. */
const BELOW_AGENT = /[\\/]agents[\\/][^\\/]+[\\/]agent[\\/].+$/;

/** Rows with the transcript that each means. */
export function withTranscripts(rows: readonly BareRow[], place: RowPlace): StoreRow[] {
  const roots = new Map<string, number>();
  for (const row of rows) {
    const root = storedRoot(row);
    if (root !== null) roots.set(root, (roots.get(root) ?? 0) + 1);
  }
  const mostUsed = Math.max(0, ...roots.values());
  const usual = (root: string): boolean => roots.get(root) === mostUsed;
  return rows.map((row) => ({ ...row, ...meaningOf(row, place, usual) }));
}

function meaningOf(row: BareRow, place: RowPlace, usualRoot: (root: string) => boolean): Meaning {
  const written = row.sessionFile?.trim() ?? "";
  if (written === "") return bySessionId(row, place);
  if (!isAbsolute(written)) {
    if (isAbsoluteElsewhere(written)) return movedMeaning(written, place, usualRoot);
    const inside = ownName(place.folder, resolve(place.folder, written));
    return inside === null ? FOREIGN : here(place, inside, "as-written");
  }
  const own = ownName(place.folder, resolve(written));
  if (own !== null) return here(place, own, "as-written");
  // A network path from a file is not looked at: on Windows that alone would sign in to the server that it names.
  const isLocal = !/^[\\/]{2}/.test(written);
  if (isLocal && place.leadsHere(dirname(written))) return here(place, basename(written), "as-written");
  return movedMeaning(written, place, usualRoot);
}

/** The name of a direct child of the folder; null when the path leads elsewhere. */
function ownName(folder: string, path: string): string | null {
  if (path.startsWith(folder) && path[folder.length] === sep) {
    const name = path.slice(folder.length + 1);
    return name !== "" && name !== ".." && name === basename(name) ? name : null;
  }
  return null;
}

/**
 * A home keeps its absolute paths when it is moved or restored: then the end of the path still fits this store. A path
 * into another agent's folder, or into (or out of) a state tree below an agent's folder, belongs to another store.
 */
function movedMeaning(written: string, place: RowPlace, usualRoot: (root: string) => boolean): Meaning {
  const stored = STORED_PATH.exec(written);
  const name = written.split(/[\\/]/).at(-1) ?? "";
  if (stored === null) return place.hasLive(name) ? here(place, name, "moved") : FOREIGN;
  const [, root = "", agent = "", file = ""] = stored;
  if (agent.toLowerCase() !== place.agent.toLowerCase()) return FOREIGN;
  const own = belowAgent(place.home);
  if (belowAgent(root) !== own && (own !== "" || !usualRoot(root))) return FOREIGN;
  return place.hasLive(file) || usualRoot(root) ? here(place, file, "moved") : FOREIGN;
}

/** The part of a home's path that lies below an agent's folder of another home, with "/" separators; "" when none does. */
function belowAgent(root: string): string {
  return (BELOW_AGENT.exec(root)?.[0] ?? "").replaceAll("\\", "/");
}

/** Cron rows, and rows whose first turn has not come, name no file: then the session id does. */
function bySessionId(row: BareRow, place: RowPlace): Meaning {
  if (row.sessionId === null || /[\\/]/.test(row.sessionId)) return { transcriptPath: null, transcriptBy: "none" };
  const plain = `${row.sessionId}.jsonl`;
  const topic = /:(?:topic|thread):([^:]+)$/.exec(row.key)?.[1];
  const withTopic = topic === undefined ? null : `${row.sessionId}-topic-${encodeURIComponent(topic)}.jsonl`;
  if (withTopic !== null && place.hasLive(withTopic)) return here(place, withTopic, "session-id");
  const named = place.hasLive(plain) ? plain : (place.liveNamesOf(row.sessionId)[0] ?? plain);
  return here(place, named, "session-id");
}

function here(place: RowPlace, name: string, transcriptBy: StoreRow["transcriptBy"]): Meaning {
  return { transcriptPath: `${place.sessionsPath}/${name}`, transcriptBy };
}

function storedRoot(row: BareRow): string | null {
  return row.sessionFile === null ? null : (STORED_PATH.exec(row.sessionFile)?.[1] ?? null);
}

/** Absolute on another system (`C:\…`, `\\server\…`, `/…`). */
function isAbsoluteElsewhere(path: string): boolean {
  return path.startsWith("/") || path.startsWith("\\\\") || /^[A-Za-z]:[\\/]/.test(path);
}
