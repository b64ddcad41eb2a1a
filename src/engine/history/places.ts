/** Places of fragments as JSON documents name them. */
import type { FragmentPlace, WindowExtent } from "../../model/fragment.ts";

/** Path relative to the home, and the window where several fragments lie there. */
export interface PlaceDocument {
  readonly path: string;
  readonly window?: WindowExtent;
}

/** The place as documents name it. */
export function placeDocument({ path, window }: FragmentPlace): PlaceDocument {
  return window === undefined ? { path } : { path, window };
}
