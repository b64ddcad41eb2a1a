/** Lets other work of the process run while a scan goes on, and ends the scan when it is no longer wanted. */

import type { Steps } from "../chains/steps.ts";

/** A scan holds the thread at most this long at a time. */
const SLICE_MS = 12;

/** A `breathe` for ReadingContext. Rejects with the signal's reason once it is aborted. */
export function timeSlices(signal?: AbortSignal): () => Promise<void> {
  let until = performance.now() + SLICE_MS;
  return async () => {
    signal?.throwIfAborted();
    if (performance.now() < until) return;
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    until = performance.now() + SLICE_MS;
  };
}

/** Drives work that yields now and then, and lets others run where it does. */
export async function inSlices<T>(work: Steps<T>, breathe: () => Promise<void>): Promise<T> {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    await breathe();
  }
}
