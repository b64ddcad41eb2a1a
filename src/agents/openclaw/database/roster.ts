/** Records by name, as plain data. Another one with a few changed costs a copy of pointers and what changed, whatever their number. */

/** Records by name. Never changed: another state is another roster. */
export interface Roster<T> {
  /** In the order in which they became known. */
  readonly names: readonly string[];
  readonly records: readonly T[];
  /** Where each name stands; shared by all that came of one another, so what it says of other names than these is void. */
  readonly places: Map<string, number>;
}

export function emptyRoster<T>(): Roster<T> {
  return { names: [], records: [], places: new Map() };
}

/** The record of that name. */
export function recordIn<T>({ names, places, records }: Roster<T>, name: string): T | undefined {
  const place = places.get(name);
  return place !== undefined && names[place] === name ? records[place] : undefined;
}

/** The roster with other or further records; those that are null are taken out. The same one where none are given. */
export function withRecords<T>(roster: Roster<T>, changes: ReadonlyMap<string, T | null>): Roster<T> {
  if (changes.size === 0) return roster;
  if ([...changes.values()].includes(null)) return rebuilt(roster, changes);
  const { places } = roster;
  const names = roster.names.slice();
  const records = roster.records.slice();
  for (const [name, record] of changes) {
    const place = places.get(name);
    if (place !== undefined && names[place] === name) {
      records[place] = record!;
    } else {
      places.set(name, names.length);
      names.push(name);
      records.push(record!);
    }
  }
  return { names, records, places };
}

/** With places of its own: what stood behind those that are taken out moves up. */
function rebuilt<T>({ names, records }: Roster<T>, changes: ReadonlyMap<string, T | null>): Roster<T> {
  const all = new Map(names.map((name, place): [string, T] => [name, records[place]!]));
  for (const [name, record] of changes) {
    if (record === null) all.delete(name);
    else all.set(name, record);
  }
  const left = [...all.keys()];
  return { names: left, records: [...all.values()], places: new Map(left.map((name, place) => [name, place])) };
}
