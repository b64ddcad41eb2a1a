/** Work that takes long, in steps: it yields now and then, so that whoever drives it can let others run in between. */
export type Steps<T> = Generator<void, T>;

/** Drives all steps without a pause. */
export function finished<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
