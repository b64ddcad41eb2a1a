/** Places of entries and fragments as JSON documents and sentences name them. */
import type { ExecPlace } from "../../model/exec.ts";
import { type FragmentPlace, placeId, type WindowExtent } from "../../model/fragment.ts";

/** Path relative to the home, and the window where several fragments lie there. */
export interface PlaceDocument {
  readonly path: string;
  readonly window?: WindowExtent;
}

/** The place as documents name it. */
export function placeDocument({ path, window }: FragmentPlace): PlaceDocument {
  return window === undefined ? { path } : { path, window };
}

/** Names one entry among all of a home. */
export function entryKey(fragment: FragmentPlace, line: number): string {
  return `${placeId(fragment)}:${line}`;
}

/** The same of an entry that exec provenance names. */
export function execKey({ fragment, line }: ExecPlace): string {
  return entryKey(fragment, line);
}
