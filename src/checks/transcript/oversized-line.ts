/** Lines that are larger than what OpenClaw's database takes as one event. */
import type { TranscriptDamage } from "../../model/damage.ts";
import type { TranscriptEntry } from "../../model/entry.ts";
import { size } from "../../model/amounts.ts";
import { damageAt, type LinePlace } from "./record.ts";

/** `event_utf8_bytes BETWEEN 1 AND 4194304` (2026.9, transcript_events). */
export const MOST_EVENT_BYTES = 4_194_304;
/** A larger line is not parsed: it would take several times its size in memory. */
export const MOST_PARSED_BYTES = 16 << 20;

/** The damage of a line of more than `MOST_EVENT_BYTES`. */
export function oversizedLine(place: LinePlace, entry?: TranscriptEntry): TranscriptDamage {
  const isUnread = place.size > MOST_PARSED_BYTES;
  return damageAt(
    place,
    {
      code: "transcript/oversized-line",
      ...(isUnread ? { severity: "warning" } : {}),
      message:
        `This line has ${size(place.size)}; a database of OpenClaw takes events of at most ${size(MOST_EVENT_BYTES)}.` +
        (isUnread ? " It is too long to be looked at here: whether it is whole is not known." : ""),
    },
    entry,
  );
}
