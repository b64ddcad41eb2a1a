/** How two transcripts stand to each other by their events, read side by side: for those that are no plain files. */
import type { ShadowRelation } from "../model/shadow.ts";

/** Compares event by event, up to the first that differs. */
export async function eventRelation(
  shadow: AsyncIterable<string>,
  canonical: AsyncIterable<string>,
  breathe: () => Promise<void>,
): Promise<ShadowRelation> {
  const left = shadow[Symbol.asyncIterator]();
  const right = canonical[Symbol.asyncIterator]();
  try {
    for (let compared = 0; ; compared += 1) {
      if (compared % 256 === 0) await breathe();
      const [mine, theirs] = [await left.next(), await right.next()];
      if (mine.done === true && theirs.done === true) return "identical";
      if (mine.done === true) return "shadow-is-prefix";
      if (theirs.done === true) return "canonical-is-prefix";
      if (mine.value !== theirs.value) return "diverged";
    }
  } finally {
    await left.return?.();
    await right.return?.();
  }
}
