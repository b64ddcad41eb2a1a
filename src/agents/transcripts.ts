/** Reading a transcript of any home, whichever program wrote it. */
import type { TranscriptEntry } from "../model/entry.ts";
import type { Fragment, FragmentPlace } from "../model/fragment.ts";
import type { HomeIdentity, Program } from "../model/home.ts";
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
