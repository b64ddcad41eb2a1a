/** Where an entry opens: the line of the file it lies in, or of the document that shows the part of it. */
import type { Location } from "vscode-languageserver/node";

import { ANSWER_SLICE_MS, timeSlices } from "../../engine/time-slices.ts";
import type { LocatedFragment } from "../../engine/lookup.ts";
import { placeInBlocks } from "../../engine/transcripts/file-blocks.ts";
import type { HomeSnapshot } from "../../model/snapshot.ts";
import { pathFrom } from "../../system/files.ts";
import { blockPart } from "../documents/addresses.ts";
import { uriOf } from "../paths.ts";
import { LINE_END } from "../ranges.ts";
import { eventTarget, isTooLarge, needsDocument, transcriptUri } from "../targets.ts";
import type { ReadingContext } from "./reading.ts";

/** A line from 0, as a whole. */
export const lineLocation = (uri: string, line: number): Location => ({
  uri,
  range: { start: { line, character: 0 }, end: { line, character: LINE_END } },
});

/** The event of a fragment with this number; null where only a document of ours could show it and the client opens none. */
export async function eventLocation(
  { host, ownDocuments }: ReadingContext,
  home: HomeSnapshot,
  located: LocatedFragment,
  seq: number,
  signal?: AbortSignal,
): Promise<Location | null> {
  const { fragment } = located.entry;
  const path = pathFrom(home.home.path, fragment.path);
  if (needsDocument(fragment)) {
    if (!ownDocuments) return null;
    const { line, uri } = eventTarget(home, located, seq);
    return lineLocation(uri, (line ?? 1) - 1);
  }
  if (!ownDocuments || !isTooLarge(fragment)) return lineLocation(uriOf(path), seq);
  const mark = await host.transcripts.file(path).mark(seq, timeSlices(signal, ANSWER_SLICE_MS));
  const { block, line } = placeInBlocks(path, mark?.offset ?? 0);
  return lineLocation(transcriptUri(home, located, blockPart(block)), line);
}
