/** Waiting for what may take long, no longer than whoever hovers does. */
import { setTimeout as sleep } from "node:timers/promises";

const PATIENCE_MS = 300;

/** What the work gives, or "late": then it goes on, for the next time, and a failure has nobody to tell. */
export async function inTime<T>(work: Promise<T>): Promise<T | "late"> {
  const patience = new AbortController();
  const late = sleep(PATIENCE_MS, "late" as const, { signal: patience.signal }).catch(() => "late" as const);
  work.catch(() => undefined);
  return await Promise.race([work, late]).finally(() => patience.abort());
}
