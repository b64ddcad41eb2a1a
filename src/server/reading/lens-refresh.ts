/** Asks the editor for the lenses again when the chain around an open transcript has become another one, as by a reset. */
import type { LocatedFragment } from "../../engine/lookup.ts";
import { fragmentLabel, linkStanding } from "../../engine/present/sessions.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { transcriptAt } from "../transcript-at.ts";

export class LensRefresh {
  readonly #refresh: () => void;
  /** What stood around each open document when it was looked at last. */
  #known = new Map<string, string>();

  constructor(refresh: () => void) {
    this.#refresh = refresh;
  }

  /** There is a new snapshot; `uris` are the open documents. */
  look(snapshot: Snapshot, uris: Iterable<string>): void {
    const now = new Map([...uris].map((uri) => [uri, surroundings(transcriptAt(snapshot, uri)?.located)]));
    // What was opened before anything was known has no lenses yet.
    const isOther = [...now].some(([uri, around]) => (this.#known.get(uri) ?? "") !== around);
    this.#known = now;
    if (isOther) this.#refresh();
  }
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
