/** What is said of a home in which nothing is wrong: that it is so, and what that rests on. */
import { count, listed } from "../model/amounts.ts";
import { isReadable } from "../model/database.ts";
import { type HomeSnapshot, isPending } from "../model/snapshot.ts";

/**
 * One or two sentences; null when something is wrong or at risk, or when that can't be known because a lock can't be judged
 * or no agent could be read, or while it is not known as a whole. Other notes (severity info) do not count as wrong.
 */
export function healthySummary(home: HomeSnapshot): string | null {
  if (isPending(home)) return null;
  if (home.findings.some(({ severity, code }) => severity !== "info" || code === "lock/unknown")) return null;
  const readings = home.agents.map(({ reading }) => reading);
  if (readings.length === 0 && home.skipped.length > 0) return null;
  if (readings.some(({ databases }) => databases.some((database) => !isReadable(database)))) return null;
  const stores = readings.filter(({ store }) => store.state === "ok");
  const rows = stores.reduce((sum, { store }) => sum + store.rows.length, 0);
  const fragments = readings.reduce((sum, reading) => sum + reading.fragments.length, 0);
  const parts = [
    `${count(stores.length, "store")} with ${count(rows, "row")}`,
    `beginning and end of ${count(fragments, "transcript")}`,
    home.locks.length === 0 ? "no locks" : count(home.locks.length, "lock"),
    ...(home.comparison === undefined ? [] : ["the comparison with the canonical home"]),
  ];
  const skipped = home.skipped.length === 0 ? "" : ` ${count(home.skipped.length, "file")} could not be read.`;
  const notes = home.findings.length === 0 ? "" : ` (${count(home.findings.length, "note")})`;
  return `Nothing is wrong here${notes}. Checked: ${listed(parts)} of ${count(readings.length, "agent")}.${skipped}`;
}
