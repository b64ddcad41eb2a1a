/** What lines of a conversation have in common: how it is shown, names and times of its entries, ways to their raw lines. */
import { type EntryPlace, type Fragment, placeOf } from "../../../model/fragment.ts";
import type { ChainEntry } from "../../reading/chain-reader.ts";
import { type Line, span } from "../lines.ts";
import { isPossible } from "../times.ts";
import type { Manner } from "./excerpts.ts";
import type { Part } from "./layout.ts";

/** How a conversation is shown, and how its entries are called. */
export interface View extends Manner {
  /** A name of the entry that is short, and stays while the chain grows. */
  readonly nameOf: (entry: EntryPlace) => string;
  /** Place of the fragment in the chain, counted from 1; undefined for one of another chain. */
  readonly numberOf: (fragment: Fragment | EntryPlace["fragment"]) => number | undefined;
}

export const placeOfEntry = ({ fragment, line }: ChainEntry): EntryPlace => ({
  fragment: placeOf(fragment.fragment),
  line,
});

/** "line 7", or "event 12" of a database: leads to the raw entry. */
export const rawPart = ({ fragment, line, seq }: ChainEntry): Part => ({
  ...span(fragment.fragment.window === undefined ? `line ${line}` : `event ${seq}`, "dim"),
  raw: { fragment: placeOf(fragment.fragment), line },
});

export const dim = (text: string): Line[number] => span(text, "dim");

/** "00:16:38" (UTC) */
export function clock(at: number | null): string {
  return at === null || !isPossible(at) ? "at an unknown time" : new Date(at).toISOString().slice(11, 19);
}

/** Parts with a middle dot between them, those that are there. */
export function joined(parts: readonly (Part | null)[]): Part[] {
  return parts.filter((one) => one !== null).flatMap((one, index) => (index === 0 ? [one] : [dim(" · "), one]));
}
