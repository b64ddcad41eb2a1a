/** How the place of a fragment reads: a file, or a window of a database or archive by its extent. */
import type { FragmentPlace, WindowExtent } from "../../model/fragment.ts";
import { pathFrom } from "../../system/files.ts";
import { fileSpan } from "./lines.ts";
import type { Span } from "./lines.ts";

/** "events 8 to 14" */
export function extentText({ fromSeq, toSeq }: WindowExtent): string {
  return fromSeq === toSeq ? `event ${fromSeq}` : `events ${fromSeq} to ${toSeq}`;
}

/** "events 8-14": where room is short. */
export function shortExtent({ fromSeq, toSeq }: WindowExtent): string {
  return fromSeq === toSeq ? `event ${fromSeq}` : `events ${fromSeq}-${toSeq}`;
}

function placeText(place: FragmentPlace, path: string): string {
  const { archive, window } = place;
  const inside = [
    ...(archive === undefined ? [] : [`archive ${archive}`]),
    ...(window === undefined ? [] : [extentText(window)]),
  ];
  return [path, ...inside].join(", ");
}

function placeSpanAs(home: string, place: FragmentPlace, path: string): Span {
  const { archive, window } = place;
  const isPart = archive !== undefined || window !== undefined;
  const part = { ...(archive === undefined ? {} : { archive }), ...(window === undefined ? {} : { window }) };
  return fileSpan(placeText(place, path), { path: pathFrom(home, place.path), ...(isPart ? { part } : {}) });
}

/** "agents/main/agent/openclaw-agent.sqlite, events 8 to 14"; `home` is the absolute path of the home. */
export const placeSpan = (home: string, place: FragmentPlace): Span => placeSpanAs(home, place, place.path);

/** "openclaw-agent.sqlite, events 8 to 14" */
export const placeName = (home: string, place: FragmentPlace): Span =>
  placeSpanAs(home, place, place.path.replace(/^.*\//, ""));

/** The same without a link. */
export const placeLabel = (place: FragmentPlace): string => placeText(place, place.path);
