/** The events of a transcript, page by page, for showing it: out of a file, a compressed archive, or a database. */
import type { LineMark } from "../../formats/line-index.ts";
import type { FragmentPlace } from "../../model/fragment.ts";
import type { HomeIdentity } from "../../model/home.ts";
import { FileError, isInside, pathFrom, realPath } from "../../system/files.ts";
import type { TranscriptPage, TranscriptRequest } from "../program.ts";
import { unpackedFile } from "./archive-file.ts";
import type { StoredLine } from "./archived-windows.ts";
import { coldEvents } from "./database/cold-archive.ts";
import { readEventPage } from "./database/event-pages.ts";
import { eventsFrom, pageBefore, pageOf } from "./pages.ts";
import { linesOfTranscript } from "./transcript-lines.ts";

/** One page of the fragment at this place. Rejects with FileError when it is gone or can't be opened. */
export async function readTranscript(
  home: HomeIdentity,
  place: FragmentPlace,
  request: TranscriptRequest,
): Promise<TranscriptPage> {
  const path = pathInside(home, place);
  if (path.endsWith(".sqlite")) return readEventPage(home.path, path, place, request);
  const first = place.window?.fromSeq ?? 0;
  const bounds = { first, last: place.window?.toSeq ?? null };
  const lines = linesAt(path, request.near);
  if (request.before !== undefined) return pageBefore(eventsFrom(lines, first), bounds, request);
  const from = Math.max(first, request.from ?? first);
  return pageOf(eventsFrom(lines, from), bounds, request);
}

/** What a compressed archive of lines unpacks to; null for any other place. Throws FileError. */
export function unpacked(home: HomeIdentity, place: FragmentPlace): Buffer | null {
  const path = pathInside(home, place);
  return path.endsWith(".zst") && !isColdArchive(path) ? unpackedFile(path) : null;
}

/** The absolute path of what holds the fragment. Throws FileError when that lies outside of the home. */
function pathInside(home: HomeIdentity, place: FragmentPlace): string {
  const path = pathFrom(home.path, place.path);
  if (!isInside(home.path, realPath(path) ?? path)) {
    throw new FileError("not-a-file", path, "leads out of the home");
  }
  return path;
}

/** Archives in cold storage keep more than the events. */
function linesAt(path: string, near: LineMark = { line: 0, offset: 0 }): Iterable<StoredLine> {
  return isColdArchive(path)
    ? coldEvents(unpackedFile(path))
    : numbered(linesOfTranscript(path, near.offset), near.line);
}

/** `cold/<SHA-256>.jsonl.zst` (2026.9). */
function isColdArchive(path: string): boolean {
  return /[\\/]cold[\\/][0-9a-f]{64}\.jsonl\.zst$/.test(path);
}

function* numbered(lines: Iterable<Buffer>, first: number): Generator<StoredLine> {
  let seq = first;
  for (const bytes of lines) {
    yield { seq, bytes };
    seq += 1;
  }
}
