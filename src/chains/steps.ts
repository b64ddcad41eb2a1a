/** Work that takes long, in steps: it yields now and then, so that whoever drives it can let others run in between. */
export type Steps<T> = Generator<void, T>;

/** So many items are worked through between two steps. */
const ITEMS_PER_STEP = 100;

/** `work` done for each item, with a step now and then. */
export function* inSteps<T, R>(items: readonly T[], work: (item: T) => R): Steps<R[]> {
  const results: R[] = [];
  for (const item of items) {
    results.push(work(item));
    if (results.length % ITEMS_PER_STEP === 0) yield;
  }
  return results;
}

/** Drives all steps without a pause. */
export function finished<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
