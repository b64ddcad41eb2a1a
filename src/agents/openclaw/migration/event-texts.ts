/** The events of a place in a database as text, one after the other. */
import type { HomeIdentity } from "../../../model/home.ts";
import { readTranscript } from "../transcript-pages.ts";
import type { EventTexts } from "./held-digest.ts";

/** A block of events is one page, unless it is larger than this. */
const PAGE = { mostEvents: 4096, mostBytes: 16 << 20 } as const;

export function eventTexts(home: HomeIdentity): EventTexts {
  return async function* texts(place) {
    for (let from = place.window?.fromSeq ?? 0; ;) {
      const { events, next } = await readTranscript(home, place, { ...PAGE, from });
      for (const { text } of events) if (text !== "") yield text;
      if (next === null) return;
      from = next;
    }
  };
}
