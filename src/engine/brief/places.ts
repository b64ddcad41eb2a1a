/** Places as a brief names them: fragments by their number in the chain, as its list at the end has them. */
import { type FragmentPlace, placeId } from "../../model/fragment.ts";
import type { Session } from "../../model/session.ts";
import { placeLabel } from "../present/places.ts";
import { moment } from "../present/times.ts";
import { codeSpan } from "./markdown.ts";
import type { PlacedEntry } from "./recent.ts";

/** "fragment 2"; by its path where it is not of this chain. */
export function fragmentName({ fragments }: Session, place: FragmentPlace): string {
  const at = fragments.findIndex(({ fragment }) => placeId(fragment) === placeId(place));
  return at === -1 ? codeSpan(placeLabel(place)) : `fragment ${at + 1}`;
}

/** "fragment 2, line 7" */
export const entryName = (session: Session, fragment: FragmentPlace, line: number): string =>
  `${fragmentName(session, fragment)}, line ${line}`;

export const whenText = (at: number | null): string => (at === null ? "at an unknown time" : moment(at));

/** "2026-11-21 00:16:20 UTC (fragment 2, line 7)" */
export const stamp = (session: Session, { entry, fragment, line }: PlacedEntry): string =>
  `${whenText(entry.at)} (${entryName(session, fragment.fragment, line)})`;
