/** The lines of a hover on any line of a transcript: read where it stands, whatever it lies in. */
import type { Line } from "../../engine/present/lines.ts";
import type { TranscriptEntry } from "../../model/entry.ts";
import { FileError } from "../../system/files.ts";
import type { HoverView } from "../hovers/parts.ts";
import { lineHover } from "./line-hover.ts";
import { openReading } from "./reading.ts";
import type { ReadingContext } from "./reading.ts";

/** Bookkeeping without a name or a time. */
const saysNothing = ({ at, id, kind }: TranscriptEntry): boolean => kind === "other" && id === null && at === null;

/** None for a document that is no transcript or can't be read, and for a line of which there is nothing to say. */
export async function entryLines(
  context: ReadingContext,
  uri: string,
  line: number,
  view: HoverView,
  signal: AbortSignal,
): Promise<readonly Line[]> {
  try {
    const reading = await openReading(context, uri);
    const text = (await reading?.text(line, signal)) ?? "";
    if (reading === null || text.trim() === "") return [];
    const entry = reading.entry(text);
    // The whole fragment is told of by its header; see headerHover.
    if (saysNothing(entry) || (entry.kind === "header" && reading.located !== null)) return [];
    return lineHover(entry, line, await reading.around(line, signal), view);
  } catch (error) {
    if (error instanceof FileError) return [];
    throw error;
  }
}
