/** Which fragment a document is, or shows a part of. */
import { locateById, locateFragment } from "../engine/lookup.ts";
import type { LocatedFragment } from "../engine/lookup.ts";
import type { HomeSnapshot, Snapshot } from "../model/snapshot.ts";
import { addressOf } from "./documents/addresses.ts";
import { placeInHomes } from "./home-places.ts";

export interface ShownTranscript {
  readonly home: HomeSnapshot;
  readonly located: LocatedFragment;
}

/** By the URI of a file, or of a document of ours; undefined for what is no fragment of any session. */
export function transcriptAt(snapshot: Snapshot, uri: string): ShownTranscript | undefined {
  const address = addressOf(uri);
  if (address !== null) {
    const home = snapshot.homes.find((one) => one.home.path === address.home);
    const located =
      home === undefined || address.what !== "transcript" ? undefined : locateById(home, address.fragment);
    return home === undefined || located === undefined ? undefined : { home, located };
  }
  const place = placeInHomes(snapshot, uri);
  const located = place === null ? undefined : locateFragment(place.home, place.path);
  return place === null || located === undefined ? undefined : { home: place.home, located };
}
