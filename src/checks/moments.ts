/** Times in sentences: always absolute, so that a finding reads the same until something really changes. */
import { utc } from "../model/time.ts";

/** "2026-11-21 00:16:38 UTC", or what can be said without a time. */
export function momentText(ms: number | null): string {
  if (ms === null) return "at an unknown time";
  return utc(ms)
    .replace("T", " ")
    .replace(/\.\d+Z$/, " UTC");
}

/** "from … to …", or one moment where both are the same to the second. */
export function spanText(from: number | null, to: number | null): string {
  const [start, end] = [momentText(from), momentText(to)];
  return start === end || to === null ? `of ${start}` : `from ${start} to ${end}`;
}
