/** Numbers that a person types after an option. */
import { usageError } from "./exit.ts";

export interface Bounds {
  /** Where the option was not given. */
  readonly usual: number;
  readonly lowest: number;
  readonly highest: number;
}

/** The option's value. Throws ExitError for what is no whole number, or lies outside of its bounds. */
export function wholeNumber(
  option: string,
  value: string | boolean | undefined,
  { highest, lowest, usual }: Bounds,
): number {
  if (value === undefined) return usual;
  const number = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : NaN;
  if (number >= lowest && number <= highest) return number;
  throw usageError(`${option} takes a whole number from ${lowest} to ${highest}, not "${value}".`);
}
