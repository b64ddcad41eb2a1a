/** The events of a transcript, page by page, for showing it: out of a file or a compressed archive. */
import type { FragmentPlace } from "../../model/fragment.ts";
import type { HomeIdentity } from "../../model/home.ts";
import { FileError, isInside, pathFrom, realPath } from "../../system/files.ts";
import type { TranscriptEvent, TranscriptPage, TranscriptRequest } from "../program.ts";
import { linesOfTranscript } from "./transcript-lines.ts";

const USUAL_EVENTS = 2000;
const USUAL_BYTES = 1 << 20;

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
  return pageOf(linesOfTranscript(path), place, request);
}

/** Takes from the lines what the request asks for; a window's events are the lines of its extent. */
function pageOf(lines: Iterable<Buffer>, { window }: FragmentPlace, request: TranscriptRequest): TranscriptPage {
  const first = window?.fromSeq ?? 0;
  const end = window === undefined ? Infinity : window.toSeq + 1;
  const from = Math.max(first, request.from ?? first);
  const mostEvents = Math.max(1, request.mostEvents ?? USUAL_EVENTS);
  let bytesLeft = request.mostBytes ?? USUAL_BYTES;
  const events: TranscriptEvent[] = [];
  let seq = -1;
  let next: number | null = null;
  for (const line of lines) {
    seq += 1;
    if (seq < from) continue;
    if (seq >= end) break;
    if (events.length > 0 && (events.length >= mostEvents || line.length > bytesLeft)) {
      next = seq;
      break;
    }
    bytesLeft -= line.length + 1;
    events.push({ seq, text: line.toString("utf8") });
  }
  return { events, next, first, last: window?.toSeq ?? (next === null ? seq : null) };
}
