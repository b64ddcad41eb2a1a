/** Counts how often the server died, to know when starting it again is of no use. */

export const MAX_CRASHES = 5;
export const CRASH_WINDOW_MS = 3 * 60_000;

export interface CrashCounter {
  /** Notes a crash at this moment (ms); false when it was one too many within the window. */
  mayRestart(now: number): boolean;
  /** A person asked for a restart: count from zero. */
  reset(): void;
}

export function crashCounter(): CrashCounter {
  let crashes: number[] = [];
  return {
    mayRestart: (now) => {
      crashes = [...crashes.filter((at) => now - at < CRASH_WINDOW_MS), now];
      return crashes.length < MAX_CRASHES;
    },
    reset: () => {
      crashes = [];
    },
  };
}
