/** How times read: exact ones always in UTC, as in the names of archives, and relative ones beside them. */

import { duration } from "../../model/amounts.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Largest time that a Date can hold (ECMA-262, time values). Files may claim anything. */
const LAST_TIME = 8.64e15;

/** Whether a time from a file can be shown as a date at all. */
export const isPossible = (ms: number): boolean => Number.isFinite(ms) && Math.abs(ms) <= LAST_TIME;

/** ISO 8601 with milliseconds, or null for no time and for an impossible one. */
export function isoTime(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined || !isPossible(ms) ? null : new Date(ms).toISOString();
}

/** "2026-11-21 00:16:38 UTC" */
export function moment(ms: number): string {
  if (!isPossible(ms)) return "an impossible time";
  return `${new Date(ms).toISOString().replace("T", " ").slice(0, -5)} UTC`;
}

/** "2026-11-21 00:16Z": for labels. */
export function shortMoment(ms: number): string {
  if (!isPossible(ms)) return "an impossible time";
  return `${new Date(ms).toISOString().replace("T", " ").slice(0, 16)}Z`;
}

/** "00:16:38Z": where the day stands elsewhere. */
export function clockTime(ms: number): string {
  return isPossible(ms) ? `${new Date(ms).toISOString().slice(11, 19)}Z` : "at an impossible time";
}

/**
 * "2026-11-21 01:16:38 +01:00", in a zone that is `offsetMinutes` ahead of UTC at that moment; null where that is no other time
 * than in UTC.
 */
export function localMoment(ms: number, offsetMinutes: (ms: number) => number): string | null {
  if (!isPossible(ms)) return null;
  const offset = offsetMinutes(ms);
  if (offset === 0 || !isPossible(ms + offset * MINUTE)) return null;
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  const zone = `${offset < 0 ? "-" : "+"}${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
  return `${new Date(ms + offset * MINUTE).toISOString().replace("T", " ").slice(0, 19)} ${zone}`;
}

/** "2026-11-21 00:16:19 to 00:16:25 UTC", with the second date where it differs. */
export function momentRange(from: number | null, to: number | null): string {
  if (from === null && to === null) return "at an unknown time";
  if (from === null) return `until ${moment(to ?? 0)}`;
  if (to === null || to === from) return moment(from);
  const [start, end] = [moment(from), moment(to)];
  const sameDay = start.slice(0, 10) === end.slice(0, 10);
  return `${start.replace(/ UTC$/, "")} to ${sameDay ? end.slice(11) : end}`;
}

/** "4 min ago"; a time that is yet to come is said to lie in the future, for then a clock is wrong. */
export function ago(ms: number, now: number): string {
  const passed = now - ms;
  if (passed < -SECOND) return `${duration(passed)} in the future`;
  if (passed < 10 * SECOND) return "just now";
  return `${duration(passed)} ago`;
}

/** "4 min ago (2026-11-21 00:16:38 UTC)" */
export const momentAgo = (ms: number, now: number): string =>
  isPossible(ms) ? `${ago(ms, now)} (${moment(ms)})` : moment(ms);
