/** What a brief is made from: the newest stretch of the chain, its first request, its execs, and what is doubtful. */
import type { ExecProvenance } from "../../model/exec.ts";
import { FileError } from "../../system/files.ts";
import { archivedMessages, type HistorySource } from "../history/document.ts";
import { historyWarnings } from "../history/warnings.ts";
import type { SessionHit } from "../query.ts";
import { firstRequest, isRequest, type PlacedEntry, recentEntries, type RecentEntries } from "./recent.ts";

/** All that the sections of a brief are made of. */
export interface Material extends RecentEntries {
  readonly hit: SessionHit;
  readonly first: PlacedEntry | null;
  readonly execs: ExecProvenance;
  readonly archivedMessagesAvailable: boolean;
  readonly warnings: readonly string[];
}

async function execsOf(source: HistorySource, { agent, home, session }: SessionHit): Promise<ExecProvenance> {
  try {
    return await source.execs(home.home.path, agent.reading.name, session.id);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return { execs: [], notices: [], unread: session.fragments.map(({ fragment }) => fragment) };
  }
}

/** Reads what a brief of the session needs. Rejects with the signal's reason. */
export async function materialOf(
  source: HistorySource,
  hit: SessionHit,
  now: number,
  signal?: AbortSignal,
): Promise<Material> {
  const recent = await recentEntries(source, hit, signal);
  const first = recent.isWhole ? (recent.entries.find(isRequest) ?? null) : await firstRequest(source, hit);
  const execs = await execsOf(source, hit);
  const warnings = historyWarnings(hit, { unread: recent.unread, unreadForExecs: execs.unread }, now);
  const { archivedMessagesAvailable } = await archivedMessages(source, hit, signal);
  return { ...recent, hit, first, execs, archivedMessagesAvailable, warnings };
}
