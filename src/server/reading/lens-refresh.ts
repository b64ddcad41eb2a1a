/** Asks the editor for the lenses again when the chain around an open transcript has become another one, as by a reset. */
import { locateById, locateFragment } from "../../engine/lookup.ts";
import type { LocatedFragment } from "../../engine/lookup.ts";
import { fragmentLabel, linkStanding } from "../../engine/present/sessions.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { addressOf } from "../documents/addresses.ts";
import { placeInHomes } from "../home-places.ts";

export class LensRefresh {
  readonly #refresh: () => void;
  /** What stood around each open document when it was looked at last. */
  #known = new Map<string, string>();

  constructor(refresh: () => void) {
    this.#refresh = refresh;
  }

  /** There is a new snapshot; `uris` are the open documents. */
  look(snapshot: Snapshot, uris: Iterable<string>): void {
    const now = new Map([...uris].map((uri) => [uri, surroundings(locatedBy(snapshot, uri))]));
    // What was opened before anything was known has no lenses yet.
    const isOther = [...now].some(([uri, around]) => (this.#known.get(uri) ?? "") !== around);
    this.#known = now;
    if (isOther) this.#refresh();
  }
}

function locatedBy(snapshot: Snapshot, uri: string): LocatedFragment | undefined {
  const address = addressOf(uri);
  if (address === null) {
    const place = placeInHomes(snapshot, uri);
    return place === null ? undefined : locateFragment(place.home, place.path);
  }
  const home = snapshot.homes.find((one) => one.home.path === address.home);
  return home === undefined || address.what !== "transcript" ? undefined : locateById(home, address.fragment);
}

/** What the lenses tell of: where the fragment stands, and its neighbours. */
function surroundings(located: LocatedFragment | undefined): string {
  if (located === undefined) return "";
  const { linked, position = -1, session } = located.entry;
  const neighbours = [session.fragments[position - 1], session.fragments[position + 1]].map((one) =>
    one === undefined || position === -1 ? "" : `${fragmentLabel(session, one.fragment)} ${linkStanding(one)}`,
  );
  return [position, session.fragments.length, linked === undefined ? "" : linkStanding(linked), ...neighbours].join(
    "\n",
  );
}
