/** Lets other work of the process run while a scan goes on, and ends the scan when it is no longer wanted. */

import type { Steps } from "../chains/steps.ts";

/** A scan holds the thread at most this long at a time. */
const SLICE_MS = 12;

/**
 * For the answer to a request that somebody waits for: work in the background, which goes on in slices between its own, then
 * takes the smaller part of the time. Milliseconds.
 */
export const ANSWER_SLICE_MS = 50;

/** A `breathe` for ReadingContext. Rejects with the signal's reason once it is aborted. */
export function timeSlices(signal?: AbortSignal, sliceMs = SLICE_MS): () => Promise<void> {
  let until = performance.now() + sliceMs;
  return async () => {
    signal?.throwIfAborted();
    if (performance.now() < until) return;
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    until = performance.now() + sliceMs;
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
