/** The first line must say which session it is: a header, and nothing else. */
import type { TranscriptDamage } from "../../model/damage.ts";
import type { TranscriptEntry } from "../../model/entry.ts";
import { damageAt, type LinePlace } from "./record.ts";

/** The damage of a first line that can be read; null when it is a header. */
export function headerDamage(place: LinePlace, entry: TranscriptEntry): TranscriptDamage | null {
  if (entry.kind !== "header") return badHeader(place, "line 1 is no session header", entry);
  return entry.id === null || entry.id === "" ? badHeader(place, "the header has no id", entry) : null;
}

/** The same of a first line that is broken: whatever broke it, what is lost is the header. */
export function brokenHeader(damage: TranscriptDamage, reason: string): TranscriptDamage {
  return {
    ...damage,
    code: "transcript/bad-header",
    reason,
    message: messageOf(reason),
    evidence: [{ text: damage.message }],
  };
}

/** A transcript without any entry at all, though it has bytes. */
export function noHeader(bytes: number): TranscriptDamage {
  return badHeader({ seq: 0, line: 1, offset: 0, size: bytes }, "nothing but blank lines");
}

function badHeader(place: LinePlace, reason: string, entry?: TranscriptEntry): TranscriptDamage {
  return damageAt(place, { code: "transcript/bad-header", reason, message: messageOf(reason) }, entry);
}

const messageOf = (reason: string): string => `The header can't be read: ${reason}.`;
