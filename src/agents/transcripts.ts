/** Reading a transcript of any home, whichever program wrote it. */
import type { Fragment, FragmentPlace } from "../model/fragment.ts";
import type { HomeIdentity, Program } from "../model/home.ts";
import { readTranscript } from "./openclaw/transcript-pages.ts";
import type { AgentProgram } from "./program.ts";

const READERS: Partial<Readonly<Record<Program, AgentProgram["readTranscript"]>>> = { openclaw: readTranscript };

const PAGE = { mostEvents: 4096, mostBytes: 4 << 20 } as const;

/** The texts of all events at these places, one place after the other. Rejects with FileError. */
export async function* eventTexts(home: HomeIdentity, places: readonly FragmentPlace[]): AsyncGenerator<string> {
  const read = READERS[home.program];
  for (const place of read === undefined ? [] : places) {
    for (let from: number | null = place.window?.fromSeq ?? 0; from !== null;) {
      const { events, next } = await read!(home, place, { ...PAGE, from });
      for (const { text } of events) yield text;
      from = next;
    }
  }
}

/** Whether the fragment is all that stands at its path, byte for byte as it was written. */
export function isPlainFile({ archive, path, window }: Fragment): boolean {
  return window === undefined && archive === undefined && !path.endsWith(".zst");
}
