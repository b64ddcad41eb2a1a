/** What is read whole at once: the transcripts of an agent, each with the fragments that lie in it. */
import { isPlainFile } from "../../agents/transcripts.ts";
import { type Fragment, placeId } from "../../model/fragment.ts";

/** A transcript: a file, or all windows of one session id in an archive or a database, whose ids belong together. */
export interface Transcript {
  /** Unique inside the home. */
  readonly id: string;
  /** Home-relative path of what holds it. */
  readonly path: string;
  /** Whether it is a file of its own, or the events of something else. */
  readonly isPlain: boolean;
  /** In order. */
  readonly fragments: readonly Fragment[];
}

/** The transcripts that these fragments lie in, among all of the agent's. */
export function transcriptsOf(all: readonly Fragment[], wanted: readonly Fragment[] = all): Transcript[] {
  const ids = wanted === all ? null : new Set(wanted.map(transcriptIdOf));
  const chosen = ids === null ? all : all.filter((one) => ids.has(transcriptIdOf(one)));
  return [...Map.groupBy(chosen, transcriptIdOf)].map(([id, fragments]) => ({
    id,
    path: fragments[0]!.path,
    isPlain: isPlainFile(fragments[0]!),
    fragments: fragments.toSorted((a, b) => (a.window?.fromSeq ?? 0) - (b.window?.fromSeq ?? 0)),
  }));
}

/** Windows of one session id have one transcript. */
function transcriptIdOf({ archive, path, window }: Fragment): string {
  if (window === undefined && archive === undefined) return path;
  return `${path}#${archive === undefined ? "" : `${archive}@`}${window?.sessionId ?? ""}`;
}

/** What a fragment was like when it was read: another one must be read again. */
export function stateOf({ bytes, modifiedAt, window }: Fragment): string {
  return `${bytes}:${modifiedAt}:${window?.toSeq ?? ""}`;
}

/** The fragment that an event lies in, by its place. */
export function holderOf({ fragments }: Transcript, seq: number): string | null {
  const holder = fragments.findLast(({ window }) => window === undefined || window.fromSeq <= seq) ?? fragments[0];
  return holder === undefined ? null : placeId(holder);
}
