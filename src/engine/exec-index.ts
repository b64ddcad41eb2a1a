/** Background execs by the entries that they stand in: what an entry started, saw end, or tells the end of. */
import type { ExecNotice, ExecPlace, ExecProvenance, ExecRecord } from "../model/exec.ts";
import { entryPlaceId, type FragmentPlace, placeId } from "../model/fragment.ts";

/** An entry of a fragment, by its line (from 1), or by its id where its line is not known. */
export interface ExecEntry {
  readonly fragment: FragmentPlace;
  readonly line?: number;
  readonly entryId?: string | null;
}

/** What is known of execs, without what could not be read. */
export type KnownExecs = Pick<ExecProvenance, "execs" | "notices">;

type ByEntry<T> = ReadonlyMap<string, readonly T[]>;

const idKey = (fragment: FragmentPlace, entryId: string): string => `${placeId(fragment)}\n#${entryId}`;

/** What the entry is looked up by; null for one of which nothing is known. */
function keyOf({ entryId, fragment, line }: ExecEntry): string | null {
  if (line !== undefined) return entryPlaceId({ fragment, line });
  return entryId === undefined || entryId === null ? null : idKey(fragment, entryId);
}

/** Everything that a place can be looked up by. */
const keysOf = (place: ExecPlace): string[] => [
  entryPlaceId(place),
  ...(place.entryId === null ? [] : [idKey(place.fragment, place.entryId)]),
];

function byEntry<T>(all: readonly T[], placeOf: (one: T) => ExecPlace | undefined): ByEntry<T> {
  const found = new Map<string, T[]>();
  for (const one of all) {
    const place = placeOf(one);
    for (const key of place === undefined ? [] : keysOf(place)) {
      const there = found.get(key);
      if (there === undefined) found.set(key, [one]);
      else there.push(one);
    }
  }
  return found;
}

function at<T>(index: ByEntry<T>, entry: ExecEntry): readonly T[] {
  const key = keyOf(entry);
  return key === null ? [] : (index.get(key) ?? []);
}

/** Gives each entry what is known of its execs, in the order of the provenance. */
export class ExecIndex {
  readonly #started: ByEntry<ExecRecord>;
  readonly #ended: ByEntry<ExecRecord>;
  readonly #told: ByEntry<ExecNotice>;

  constructor({ execs, notices }: KnownExecs) {
    this.#started = byEntry(execs, ({ start }) => start);
    this.#ended = byEntry(execs, ({ ended }) => ended?.place);
    this.#told = byEntry(notices, ({ place }) => place);
  }

  /** The execs that the entry, a tool's result, started, with their deliveries. */
  startedAt(entry: ExecEntry): readonly ExecRecord[] {
    return at(this.#started, entry);
  }

  /** The execs of which the entry, a result of the process tool, shows that they have ended. */
  endedAt(entry: ExecEntry): readonly ExecRecord[] {
    return at(this.#ended, entry);
  }

  /** The notices that the entry holds, with the origin of each: several, where several execs had ended. */
  toldAt(entry: ExecEntry): readonly ExecNotice[] {
    return at(this.#told, entry);
  }
}

/** Provenance is kept while its snapshot is, and asked for entry by entry. */
const known = new WeakMap<KnownExecs, ExecIndex>();

/** The index of this provenance, made once. */
export function execIndex(provenance: KnownExecs): ExecIndex {
  const index = known.get(provenance) ?? new ExecIndex(provenance);
  known.set(provenance, index);
  return index;
}
