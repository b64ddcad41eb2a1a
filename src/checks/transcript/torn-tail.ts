/** A last line without newline that is no whole entry. */
import { count } from "../../model/amounts.ts";
import type { TranscriptDamage } from "../../model/damage.ts";
import { damageAt, type RawLine } from "./record.ts";

/** Why such a line can't be read; a plain sentence part. */
function tornReason(hasNul: boolean): string {
  return hasNul ? "NUL bytes stand at the end" : "the last line is cut: it has no newline and is no JSON";
}

/** The damage of the line; `damage` is what it would be in the middle of the transcript. */
export function tornTail(last: RawLine, damage: TranscriptDamage): TranscriptDamage {
  const { bytes, offset, records } = damage;
  // Whole entries before the cut stay out of it.
  const isCutAtEnd = records.length > 0 && offset + bytes === last.offset + last.size;
  const range = isCutAtEnd ? { offset, bytes } : { offset: last.offset, bytes: last.size };
  const reason = tornReason(last.bytes.includes(0));
  return damageAt(last, {
    code: "transcript/torn-tail",
    ...range,
    records,
    reason,
    message: `The transcript breaks off (${reason}; ${count(range.bytes, "byte")}).`,
  });
}
