/** What an import put away: transcripts with what stood beside them, and the stores that listed them. */
import { dirname, join } from "node:path";

import type { Fragment } from "../../../model/fragment.ts";
import type { Companion, KeyClaim, Skipped } from "../../../model/reading.ts";
import type { Store } from "../../../model/store.ts";
import {
  FileError,
  isInside,
  pathFrom,
  pathWithin,
  realPath,
  statThroughLinks,
  troubleText,
} from "../../../system/files.ts";
import type { ReadingContext } from "../../program.ts";
import type { AgentPlace } from "../layout.ts";
import { readFolder, type FolderEntries } from "../sessions-folder.ts";
import { readStore } from "../store.ts";

/** Beside the sessions folder of an agent (read in 2026.9.6). */
const ARCHIVE_FOLDER = "session-sqlite-import-archive";

/** One agent's archive, with what is kept to read it again cheaply. */
export interface ImportArchive {
  readonly entries: ReadonlyMap<string, FolderEntries>;
  readonly fragments: readonly Fragment[];
  readonly companions: readonly Companion[];
  readonly claims: readonly KeyClaim[];
  readonly stores: readonly Store[];
  readonly skipped: readonly Skipped[];
}

/** Absolute paths of the folders in which an agent's archive may lie. */
export function archiveFolders({ sessionsFolder }: AgentPlace): string[] {
  return [join(dirname(sessionsFolder), ARCHIVE_FOLDER), join(sessionsFolder, ARCHIVE_FOLDER)];
}

/** Reads what is new or changed in the archive; the same object as before when nothing is. */
export async function readImportArchive(
  home: string,
  place: AgentPlace,
  context: ReadingContext,
  before: ImportArchive | undefined,
): Promise<ImportArchive> {
  const entries = new Map<string, FolderEntries>();
  const skipped: Skipped[] = [];
  for (const folder of archiveFolders(place)) {
    try {
      if (leadsOut(home, folder))
        throw new FileError("not-a-folder", folder, "a symbolic link that leads out of the home");
      const archive = { home, folder, sessionsPath: pathWithin(home, folder), storeName: "sessions.json" };
      entries.set(folder, (await readFolder(archive, context, before?.entries.get(folder))).entries);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      if (error.trouble !== "gone") skipped.push({ path: error.path, reason: troubleText(error) });
    }
  }
  if (before !== undefined && isSame(before.entries, entries) && sameSkipped(before.skipped, skipped)) return before;
  return assembled(home, entries, skipped, context);
}

/** OpenClaw itself refuses an archive that is reached through a link (read in 2026.9.6). */
export function leadsOut(home: string, folder: string): boolean {
  const real = realPath(folder);
  return real !== undefined && !isInside(realPath(home) ?? home, real);
}

function isSame(before: ReadonlyMap<string, FolderEntries>, after: ReadonlyMap<string, FolderEntries>): boolean {
  return before.size === after.size && [...after].every(([folder, entries]) => before.get(folder) === entries);
}

function sameSkipped(before: readonly Skipped[], after: readonly Skipped[]): boolean {
  return after.every(({ path, reason }) => before.some((one) => one.path === path && one.reason === reason));
}

async function assembled(
  home: string,
  entries: ReadonlyMap<string, FolderEntries>,
  skipped: Skipped[],
  context: ReadingContext,
): Promise<ImportArchive> {
  const items = [...entries.values()].flatMap((folder) => [...folder.values()].map(({ item }) => item));
  const companions = items.flatMap((item) => (item.what === "companion" ? [item.companion] : []));
  const stores = await formerStores(home, companions, context);
  return {
    entries,
    fragments: items.flatMap((item) =>
      item.what === "fragment" ? [item.fragment] : item.what === "archive" ? item.fragments : [],
    ),
    companions,
    claims: [...items.flatMap((item) => (item.what === "companion" ? item.claims : [])), ...stores.flatMap(claimsOf)],
    stores,
    skipped: [...skipped, ...items.flatMap((item) => (item.what === "skipped" ? [item.skipped] : []))],
  };
}

/** `legacy-store.sessions.json.imported-<ms>`, or `sessions.json.migrated` of the first releases that imported. */
const FORMER_STORE = /(?:^|\/)(?:legacy-store\.)?sessions\.json\.(?:imported-\d+|migrated)(?:\.\d+)?$/;

/** The stores among what was put away, as far as they can be read. */
export async function formerStores(
  home: string,
  companions: readonly Companion[],
  context: ReadingContext,
): Promise<Store[]> {
  const stores: Store[] = [];
  for (const { path } of companions) {
    if (!FORMER_STORE.test(path)) continue;
    try {
      const file = statThroughLinks(pathFrom(home, path));
      if (file?.kind !== "file") continue;
      const { damage, rows, state } = await readStore(file, context);
      stores.push({
        path,
        kind: "file",
        state,
        bytes: file.size,
        modifiedAt: file.mtimeMs,
        rows: rows.map((row) => ({ ...row, transcriptPath: null, transcriptBy: "none" })),
        damage,
      });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
    }
  }
  return stores;
}

/** The rows of a store that is in use no more still say whose each session id was. */
export function claimsOf({ path, rows }: Store): KeyClaim[] {
  return rows.flatMap(({ key, line, sessionId, updatedAt }) =>
    sessionId === null
      ? []
      : [{ key, sessionId, fileId: null, runId: null, at: updatedAt, source: "former-store", path, line }],
  );
}
