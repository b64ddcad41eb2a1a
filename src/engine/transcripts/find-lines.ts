/** Lines of a fragment that hold a text, whatever it lies in: other lines are not parsed, and in a file not even looked at. */
import type { TranscriptPage, TranscriptRequest } from "../../agents/program.ts";
import { isPlainFile } from "../../agents/transcripts.ts";
import { MatchingLines } from "../../formats/matching-lines.ts";
import { type Fragment, type FragmentPlace, placeOf } from "../../model/fragment.ts";
import { chunksOf, FileError, isInside, pathFrom, realPath } from "../../system/files.ts";
import type { Breathe } from "./file-lines.ts";

/** A line that holds one of the texts. */
export interface FoundLine {
  /** Number of the event, as `TranscriptEvent` counts. */
  readonly seq: number;
  readonly text: string;
}

/** Whoever gives the events of a fragment: an engine, or a host of one. */
export interface EventSource {
  readTranscript(home: string, place: FragmentPlace, request: TranscriptRequest): Promise<TranscriptPage>;
}

const PAGE = { mostEvents: 500, mostBytes: 2 << 20 } as const;

/** In order, one after the other as they are found. `home` is the path of the fragment's home. Throws FileError. */
export async function* linesHolding(
  source: EventSource,
  home: string,
  fragment: Fragment,
  texts: readonly string[],
  breathe: Breathe,
): AsyncGenerator<FoundLine> {
  if (!isPlainFile(fragment) || fragment.path.endsWith(".sqlite")) {
    yield* eventsHolding(source, home, fragment, texts, breathe);
    return;
  }
  const path = pathFrom(home, fragment.path);
  if (!isInside(home, realPath(path) ?? path)) throw new FileError("not-a-file", path, "leads out of the home");
  const matching = new MatchingLines(texts);
  for (const { bytes } of chunksOf(path)) {
    for (const { bytes: line, number } of matching.take(bytes)) yield { seq: number - 1, text: line.toString("utf8") };
    await breathe();
  }
  for (const { bytes: line, number } of matching.end()) yield { seq: number - 1, text: line.toString("utf8") };
}

async function* eventsHolding(
  source: EventSource,
  home: string,
  fragment: Fragment,
  texts: readonly string[],
  breathe: Breathe,
): AsyncGenerator<FoundLine> {
  for (let from: number | null = fragment.window?.fromSeq ?? 0; from !== null;) {
    const { events, next } = await source.readTranscript(home, placeOf(fragment), { ...PAGE, from });
    for (const { seq, text } of events) if (texts.some((one) => text.includes(one))) yield { seq, text };
    await breathe();
    from = next;
  }
}
