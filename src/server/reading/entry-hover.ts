/** The lines of a hover on any line of a transcript: read where it stands, whatever it lies in. */
import { execLines, noticeLines } from "../../engine/present/execs.ts";
import { EMPTY, line as textLine } from "../../engine/present/lines.ts";
import type { Line } from "../../engine/present/lines.ts";
import type { TranscriptEntry } from "../../model/entry.ts";
import { FileError } from "../../system/files.ts";
import type { HoverView } from "../hovers/parts.ts";
import { execsOfLine, NO_EXECS } from "./exec-relations.ts";
import type { LineExecs } from "./exec-relations.ts";
import { lineEntry } from "./line-entry.ts";
import type { LineEntry } from "./line-entry.ts";
import { lineHover } from "./line-hover.ts";
import { inTime } from "./patience.ts";
import { openReading } from "./reading.ts";
import type { Reading, ReadingContext } from "./reading.ts";

/** Bookkeeping without a name or a time. */
const saysNothing = ({ at, id, kind }: TranscriptEntry): boolean => kind === "other" && id === null && at === null;

/** Where the background commands come from that the line tells of, and what came of the one that it started: whole transcripts are read for it. */
async function execTexts(context: ReadingContext, reading: Reading, line: LineEntry): Promise<Line[]> {
  const execs = execsOfLine(context, reading, line).catch((error: unknown) => {
    if (error instanceof FileError) return NO_EXECS;
    throw error;
  });
  const known = await inTime(execs);
  if (known === "late") return [textLine("Its background command is still being looked for.", "dim")];
  const { home } = reading;
  return home === null ? [] : textsOf(home.home.path, known);
}

function textsOf(home: string, { notices, polled, started }: LineExecs): Line[] {
  const texts = [
    ...(started === null ? [] : [execLines(home, started)]),
    ...notices.map((notice) => noticeLines(home, notice)),
    ...polled.map((record) => execLines(home, record)),
  ];
  return texts.flatMap((lines, index) => (index === 0 ? lines : [EMPTY, ...lines]));
}

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
    const around = await reading.around(line, signal);
    return lineHover(entry, line, around, view, await execTexts(context, reading, lineEntry(line, entry)));
  } catch (error) {
    if (error instanceof FileError) return [];
    throw error;
  }
}
