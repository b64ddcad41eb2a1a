/** The transcripts that lie in files while a database stands beside them, each as the digests of its entries. */
import { type Fragment, type FragmentPlace, placeOf } from "../../../model/fragment.ts";
import type { HomeIdentity } from "../../../model/home.ts";
import type { AgentReading, Companion } from "../../../model/reading.ts";
import { FileError, pathFrom, statThroughLinks } from "../../../system/files.ts";
import type { ReadingContext } from "../../program.ts";
import { fileDigest, type TranscriptDigest } from "./transcript-digest.ts";

/** An agent whose files are compared with the databases of its home. */
export type ComparedAgent = Pick<AgentReading, "name" | "fragments" | "companions" | "store" | "formerStores">;

/** A transcript file, with what was found of its entries so far. */
export interface LeftFile {
  readonly agent: string;
  readonly place: FragmentPlace;
  readonly digest: TranscriptDigest;
  /** Session ids under which the database may have it: by header, file name and the rows that name it. */
  readonly ids: ReadonlySet<string>;
  /** By entry: 1 where the database holds it. */
  readonly held: Uint8Array;
  /** How many of its entries each fragment of the database holds. */
  readonly hits: Map<Fragment, number>;
  changed: number;
  databaseHasMore: boolean;
}

/** A transcript in a file of its own that is no archive of the database's. */
export function isLeftFile({ kind, path, window, archive }: Fragment): boolean {
  return window === undefined && archive === undefined && kind !== "cold" && !path.endsWith(".zst");
}

/** A copy of a transcript that is no fragment: from before a repair of OpenClaw's doctor, or renamed by an import. */
export function isLeftCopy({ path, what }: Companion): boolean {
  return (what === "repair-backup" || what === "migrated") && TRANSCRIPT_COPY.test(path);
}

const TRANSCRIPT_COPY = /([^/]+)\.jsonl\.[^/]+$/;

/** Files that can't be read are left out. */
export async function leftFiles(
  home: HomeIdentity,
  agent: ComparedAgent,
  context: ReadingContext,
): Promise<LeftFile[]> {
  const rowIds = idsByTranscript(agent);
  const files: LeftFile[] = [];
  for (const { place, ids } of [...leftFragments(agent), ...leftCopies(agent)]) {
    await context.breathe();
    const digest = await digestOfFile(home, place.path, context);
    if (digest === null) continue;
    files.push({
      agent: agent.name,
      place,
      digest,
      ids: new Set([...ids, ...(rowIds.get(place.path) ?? [])].filter((id) => id !== null)),
      held: new Uint8Array(digest.contents.length),
      hits: new Map(),
      changed: 0,
      databaseHasMore: false,
    });
  }
  return files;
}

interface LeftPlace {
  readonly place: FragmentPlace;
  readonly ids: readonly (string | null)[];
}

function leftFragments({ fragments }: ComparedAgent): LeftPlace[] {
  return fragments.filter(isLeftFile).map((one) => ({ place: placeOf(one), ids: [one.sessionId, one.fileId] }));
}

function leftCopies({ companions }: ComparedAgent): LeftPlace[] {
  return companions
    .filter(isLeftCopy)
    .map(({ path }) => ({ place: { path }, ids: [TRANSCRIPT_COPY.exec(path)?.[1] ?? null] }));
}

/** An import keeps a transcript under the id of its row, whatever its header says (read in 2026.9.6). */
function idsByTranscript({ formerStores, store }: ComparedAgent): Map<string, string[]> {
  const ids = new Map<string, string[]>();
  for (const { rows } of [store, ...formerStores]) {
    for (const { sessionId, transcriptPath } of rows) {
      if (sessionId === null || transcriptPath === null) continue;
      ids.set(transcriptPath, [...(ids.get(transcriptPath) ?? []), sessionId]);
    }
  }
  return ids;
}

/** Null for a file that can't be read. */
async function digestOfFile(
  home: HomeIdentity,
  path: string,
  context: ReadingContext,
): Promise<TranscriptDigest | null> {
  try {
    const file = statThroughLinks(pathFrom(home.path, path));
    return file?.kind === "file" ? await fileDigest(file, context) : null;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return null;
  }
}
