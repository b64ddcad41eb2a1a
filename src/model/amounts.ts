/** How numbers of things, bytes and lengths of time read in a sentence. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const PLURALS: Readonly<Record<string, string>> = { entry: "entries", copy: "copies" };

/** "1 fragment", "2 fragments", "3 further entries" */
export function count(number: number, noun: string): string {
  if (number === 1) return `1 ${noun}`;
  const last = noun.lastIndexOf(" ") + 1;
  const word = noun.slice(last);
  return `${number} ${noun.slice(0, last)}${PLURALS[word] ?? `${word}s`}`;
}

/** "149 bytes", "10 kB", "1.5 MB" (decimal units, at most one digit after the point) */
export function size(bytes: number): string {
  if (bytes < 1000) return count(bytes, "byte");
  const units = ["kB", "MB", "GB", "TB", "PB"];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 9.95 ? value.toFixed(1).replace(/\.0$/, "") : Math.round(value)} ${units[unit]}`;
}

/** "a", "a and b", "a, b and c" */
export function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

/** "6 s", "4 min", "3 h 5 min", "2 days": a length of time in milliseconds, always positive. */
export function duration(ms: number): string {
  const length = Math.abs(ms);
  if (length < SECOND) return `${Math.round(length)} ms`;
  if (length < MINUTE) return `${Math.floor(length / SECOND)} s`;
  if (length < HOUR) return `${Math.floor(length / MINUTE)} min`;
  if (length < DAY) {
    const minutes = Math.floor((length % HOUR) / MINUTE);
    return `${Math.floor(length / HOUR)} h${minutes === 0 ? "" : ` ${minutes} min`}`;
  }
  const days = Math.floor(length / DAY);
  return days === 1 ? "1 day" : `${days} days`;
}
