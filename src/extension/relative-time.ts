/** Times as people say them: "4 min ago". */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Beyond this a date says more than a count of days. */
const DATE_AFTER = 60 * DAY;

/** Largest time that a Date can hold; files may claim anything. */
const LAST_TIME = 8.64e15;

/** How often a shown time is brought up to date. */
export const FRESHEN_MS = 30_000;

/** Both in milliseconds since the epoch. A time in the future (clocks differ between machines) is given as a date. */
export function ago(at: number, now: number): string {
  const past = now - at;
  if (!(Math.abs(at) <= LAST_TIME)) return "at an impossible time";
  if (past < -MINUTE || past >= DATE_AFTER) return new Date(at).toISOString().slice(0, 10);
  if (past < MINUTE) return "just now";
  if (past < HOUR) return `${Math.floor(past / MINUTE)} min ago`;
  if (past < DAY) return `${Math.floor(past / HOUR)} h ago`;
  const days = Math.floor(past / DAY);
  return days === 1 ? "1 day ago" : `${days} days ago`;
}
