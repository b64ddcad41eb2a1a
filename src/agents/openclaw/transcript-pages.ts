/** The events of a transcript, page by page, for showing it: out of a file, a compressed archive, or a database. */
import type { FragmentPlace } from "../../model/fragment.ts";
import type { HomeIdentity } from "../../model/home.ts";
import { FileError, isInside, pathFrom, realPath } from "../../system/files.ts";
import type { TranscriptEvent, TranscriptPage, TranscriptRequest } from "../program.ts";
import { readEventPage } from "./database/event-pages.ts";
import { pageOf } from "./pages.ts";
import { linesOfTranscript } from "./transcript-lines.ts";

/** One page of the fragment at this place. Rejects with FileError when it is gone or can't be opened. */
export async function readTranscript(
  home: HomeIdentity,
  place: FragmentPlace,
  request: TranscriptRequest,
): Promise<TranscriptPage> {
  const path = pathFrom(home.path, place.path);
  if (!isInside(home.path, realPath(path) ?? path)) {
    throw new FileError("not-a-file", path, "leads out of the home");
  }
  if (path.endsWith(".sqlite")) return readEventPage(home.path, path, place, request);
  const first = place.window?.fromSeq ?? 0;
  const from = Math.max(first, request.from ?? first);
  return pageOf(eventsFrom(path, from), { first, last: place.window?.toSeq ?? null }, request);
}

/** The lines from this one on, counted from 0. */
function* eventsFrom(path: string, from: number): Generator<TranscriptEvent> {
  let seq = -1;
  for (const line of linesOfTranscript(path)) {
    seq += 1;
    if (seq >= from) yield { seq, text: line.toString("utf8") };
  }
}
