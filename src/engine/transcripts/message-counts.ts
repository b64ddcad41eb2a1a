/** How many messages of people and of the model a fragment holds: counted once, as long as the fragment stays the same. */
import { readEntry } from "../../agents/transcripts.ts";
import type { Program } from "../../model/home.ts";
import { type Fragment, placeOf } from "../../model/fragment.ts";
import { timeSlices } from "../time-slices.ts";
import type { EventSource } from "./find-lines.ts";

const PAGE = { mostEvents: 1000, mostBytes: 2 << 20 } as const;

/** What was counted, and what is being counted, forgotten with the fragment. */
const COUNTS = new WeakMap<Fragment, Promise<number>>();

/** `home` is the path of the fragment's home. Rejects with FileError when it can't be read. */
export function messageCount(
  source: EventSource,
  home: { readonly path: string; readonly program: Program },
  fragment: Fragment,
): Promise<number> {
  const known = COUNTS.get(fragment) ?? counted(source, home, fragment);
  COUNTS.set(fragment, known);
  known.catch(() => COUNTS.delete(fragment));
  return known;
}

async function counted(
  source: EventSource,
  { path, program }: { readonly path: string; readonly program: Program },
  fragment: Fragment,
): Promise<number> {
  const breathe = timeSlices();
  let messages = 0;
  for (let from: number | null = fragment.window?.fromSeq ?? 0; from !== null;) {
    const { events, next } = await source.readTranscript(path, placeOf(fragment), { ...PAGE, from });
    for (const { text } of events) {
      const { kind, role } = readEntry(program, text);
      if (kind === "message" && (role === "user" || role === "assistant")) messages += 1;
      await breathe();
    }
    from = next;
  }
  return messages;
}
