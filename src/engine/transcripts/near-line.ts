/** From where on a page of a large plain file has to be read, so that nothing before it is. */
import type { TranscriptRequest } from "../../agents/program.ts";
import type { LineMark } from "../../formats/line-index.ts";
import type { FragmentPlace } from "../../model/fragment.ts";
import { FileError, isInside, pathFrom, realPath } from "../../system/files.ts";
import { timeSlices } from "../time-slices.ts";
import type { OpenTranscripts } from "./open-transcripts.ts";

/** A smaller file is read as quickly as an index of it is looked up. */
const SMALL = 1 << 20;
/** Bytes of a page where the request does not say: at least as many as any reader takes. */
const USUAL_BYTES = 4 << 20;

/** Null where the file is read from its beginning: it is small, packed, a database, or can't be read at all. */
export async function nearLine(
  transcripts: OpenTranscripts,
  home: string,
  { archive, path: relative }: FragmentPlace,
  request: TranscriptRequest,
): Promise<LineMark | null> {
  const isAtBeginning = request.before === undefined && (request.from ?? 0) === 0;
  if (archive !== undefined || isAtBeginning || /\.(?:zst|sqlite)$/.test(relative)) return null;
  const path = pathFrom(home, relative);
  if (!isInside(home, realPath(path) ?? path)) return null;
  try {
    return await lineBefore(transcripts, path, request);
  } catch (error) {
    // Whoever reads the page meets the same trouble, and tells of it.
    if (error instanceof FileError) return null;
    throw error;
  }
}

async function lineBefore(
  transcripts: OpenTranscripts,
  path: string,
  { before, from = 0, mostBytes = USUAL_BYTES }: TranscriptRequest,
): Promise<LineMark | null> {
  const file = transcripts.file(path);
  if (file.size < SMALL) return null;
  const breathe = timeSlices();
  if (before === undefined) {
    await file.indexUntil(({ last }) => last.line >= from, breathe);
    return file.near(from);
  }
  const end = before === Infinity ? null : await file.mark(before, breathe);
  if (end === null) await file.indexAll(breathe);
  return file.nearOffset(Math.max(0, (end?.offset ?? file.size) - mostBytes));
}
