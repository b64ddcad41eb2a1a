/** Reading a transcript of any home, whichever program wrote it. */
import type { TranscriptEntry } from "../model/entry.ts";
import type { Fragment, FragmentPlace, WindowExtent } from "../model/fragment.ts";
import type { HomeIdentity, Program } from "../model/home.ts";
import { FileError, pathFrom } from "../system/files.ts";
import { readEventStretch as readOpenclawStretch } from "./openclaw/database/event-stream.ts";
import { readEntry as readOpenclawEntry } from "./openclaw/entry-reading.ts";
import { readTranscript } from "./openclaw/transcript-pages.ts";
import type { AgentProgram } from "./program.ts";

type TranscriptReader = Pick<AgentProgram, "readEntry" | "readTranscript">;

const READERS: Partial<Readonly<Record<Program, TranscriptReader>>> = {
  openclaw: { readTranscript, readEntry: readOpenclawEntry },
};

/** What one line of a transcript says, whichever program wrote it. Throws for a program whose transcripts can't be read yet. */
export function readEntry(program: Program, line: string): TranscriptEntry {
  const reader = READERS[program];
  if (reader === undefined) throw new Error(`Transcripts of ${program} are not read.`);
  return reader.readEntry(line);
}

type StretchReader = (
  home: string,
  path: string,
  windows: readonly WindowExtent[],
  request: StretchRequest,
) => Promise<EventStretch>;

const STRETCH_READERS: Partial<Readonly<Record<Program, StretchReader>>> = { openclaw: readOpenclawStretch };

const PAGE = { mostEvents: 4096, mostBytes: 4 << 20 } as const;

/** The texts of all events at these places, one place after the other. Rejects with FileError. */
export async function* eventTexts(home: HomeIdentity, places: readonly FragmentPlace[]): AsyncGenerator<string> {
  const reader = READERS[home.program];
  for (const place of reader === undefined ? [] : places) {
    for (let from: number | null = place.window?.fromSeq ?? 0; from !== null;) {
      const { events, next } = await reader!.readTranscript(home, place, { ...PAGE, from });
      for (const { text } of events) yield text;
      from = next;
    }
  }
}

/** Whether the fragment is all that stands at its path, byte for byte as it was written. */
export function isPlainFile({ archive, path, window }: Fragment): boolean {
  return window === undefined && archive === undefined && !path.endsWith(".zst");
}

/** Where a reading through several windows stands: in which of them, and at which event. */
export interface StretchPlace {
  readonly index: number;
  readonly seq: number;
}

/** Which part of the windows to read. */
export interface StretchRequest {
  readonly from: StretchPlace;
  /** Of text that is read; the event that passes it is the last. */
  readonly mostBytes: number;
  /** Which events are given. */
  readonly accepts: (text: string) => boolean;
}

/** What was read, and where the next stretch begins. */
export interface EventStretch {
  readonly events: readonly { readonly index: number; readonly seq: number; readonly text: string }[];
  /** Where to go on; null at the end of the last window. */
  readonly next: StretchPlace | null;
}

/** Whether the fragment stands in the tables of a database: such windows are best read many at a time. */
export function isInTables({ archive, path, window }: FragmentPlace): boolean {
  return window !== undefined && archive === undefined && path.endsWith(".sqlite");
}

/** The events of windows in the tables of one database of this home (home-relative path), a stretch at a time. Rejects with FileError. */
export function readEventStretch(
  home: HomeIdentity,
  path: string,
  windows: readonly WindowExtent[],
  request: StretchRequest,
): Promise<EventStretch> {
  const reader = STRETCH_READERS[home.program];
  const absolute = pathFrom(home.path, path);
  if (reader === undefined) throw new FileError("io", absolute, `databases of ${home.program} are not read`);
  return reader(home.path, absolute, windows, request);
}
