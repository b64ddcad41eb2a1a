// How many tests passed and failed: what every stage gives back and the last line of `npm test` sums.
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

export const NOTHING: Tally = { passed: 0, failed: 0 };

export const sum = (tallies: readonly Tally[]): Tally =>
  tallies.reduce((one, two) => ({ passed: one.passed + two.passed, failed: one.failed + two.failed }), NOTHING);

/** Build, lint and type check count as one test each. */
export const asTally = (fine: boolean): Tally => (fine ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });

export const inWords = ({ passed, failed }: Tally): string => `${passed} passed, ${failed} failed`;

/** A run without a single test proves nothing. */
export const isFine = ({ passed, failed }: Tally): boolean => failed === 0 && passed > 0;
