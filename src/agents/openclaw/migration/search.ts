/** Finds what the databases of a home hold of its transcript files: by the files' own session ids, then wherever else it stands. */
import type { Fragment } from "../../../model/fragment.ts";
import type { ReadingContext } from "../../program.ts";
import { EntryHolders } from "./entry-holders.ts";
import type { HeldEvents } from "./held-digest.ts";
import { matchSession, readSession, sessionIdOf, type DigestReader } from "./held-sessions.ts";
import type { LeftFile } from "./left-files.ts";
import { idsOf } from "./transcript-digest.ts";

/** For entries without an id, databases are searched only up to this many bytes of events. */
const MOST_SEARCHED_BYTES = 1 << 26;

/** What the databases of a home hold, and the ways to look into it. */
export interface Held {
  /** By session id. */
  readonly sessions: ReadonlyMap<string, readonly Fragment[]>;
  readonly read: DigestReader;
  readonly events: HeldEvents;
}

/** Marks in each file what the databases hold. Returns whether all that could hold something was searched. */
export async function matchFiles(files: readonly LeftFile[], held: Held, context: ReadingContext): Promise<boolean> {
  const own = files.flatMap((file) => [...file.ids].map((id) => ({ id, file })));
  await matchSessions(own, held, context);
  const lacking = files.filter(isLacking);
  return lacking.length === 0 || searchEverywhere(lacking, held, context);
}

function isLacking({ held }: LeftFile): boolean {
  return held.includes(0);
}

/** Looks files up in sessions; each session is read once. */
async function matchSessions(
  pairs: readonly { readonly id: string; readonly file: LeftFile }[],
  { read, sessions }: Held,
  context: ReadingContext,
): Promise<void> {
  for (const [id, members] of Map.groupBy(pairs, (pair) => pair.id)) {
    const fragments = sessions.get(id);
    if (fragments === undefined) continue;
    await context.breathe();
    const files = members.map(({ file }) => file);
    matchSession(files, await readSession(fragments, read));
  }
}

/** An entry may stand in a session of another id: in a fork, or where an import gave the transcript a new one. */
async function searchEverywhere(lacking: readonly LeftFile[], held: Held, context: ReadingContext): Promise<boolean> {
  const { fragments, isWhole } = fragmentsToSearch(lacking, held);
  if (fragments.length === 0) return isWhole;
  const wanted = new EntryHolders();
  for (const file of lacking) {
    file.digest.contents.forEach((content, at) => {
      if (file.held[at] === 0) wanted.add(content, 0);
    });
  }
  const found = new EntryHolders();
  for (const [at, fragment] of fragments.entries()) {
    await context.breathe();
    for (const { contents } of await held.read(fragment)) {
      for (const content of contents) if (wanted.has(content)) found.add(content, at);
    }
  }
  const elsewhere: { id: string; file: LeftFile }[] = [];
  for (const file of lacking) {
    const isStranger = file.hits.size === 0;
    const ids = new Set([...markFound(file, found)].map((at) => sessionIdOf(fragments[at]!)));
    if (isStranger) elsewhere.push(...[...ids].map((id) => ({ id, file })));
  }
  await matchSessions(elsewhere, held, context);
  return isWhole;
}

/**
 * Where something of it may stand: what a database says by the ids of its events, and what lies in archives. Where ids don't
 * tell, everything, as far as it is not too much.
 */
function fragmentsToSearch(
  lacking: readonly LeftFile[],
  { events, sessions }: Held,
): { readonly fragments: readonly Fragment[]; readonly isWhole: boolean } {
  const { ids, areAll } = missingIds(lacking);
  const byPath = Map.groupBy([...sessions.values()].flat(), ({ path }) => path);
  const chosen: Fragment[] = [];
  let left = MOST_SEARCHED_BYTES;
  let isWhole = true;
  for (const [path, fragments] of byPath) {
    const isPacked = fragments.some(({ archive }) => archive !== undefined) || path.endsWith(".zst");
    const telling = areAll && !isPacked ? events.sessionsWith(path, ids) : null;
    const named = telling === null ? null : new Set(telling);
    for (const fragment of fragments) {
      if (named !== null && !named.has(sessionIdOf(fragment))) continue;
      if (named === null && fragment.bytes > left) isWhole = false;
      else {
        if (named === null) left -= fragment.bytes;
        chosen.push(fragment);
      }
    }
  }
  return { fragments: chosen, isWhole };
}

/** Ids of the entries that are still missing, and whether all of these have one. */
function missingIds(lacking: readonly LeftFile[]): { readonly ids: readonly string[]; readonly areAll: boolean } {
  const ids = new Set<string>();
  let areAll = true;
  for (const { digest, held } of lacking) {
    idsOf(digest).forEach((id, at) => {
      if (held[at] !== 0) return;
      if (id === "") areAll = false;
      else ids.add(id);
    });
  }
  return { ids: [...ids], areAll };
}

/** Marks what was found; returns the places of the fragments that alone hold some of it. */
function markFound({ digest, held }: LeftFile, found: EntryHolders): Set<number> {
  const holders = new Set<number>();
  digest.contents.forEach((content, at) => {
    const holder = held[at] === 1 ? undefined : found.get(content);
    if (holder === undefined) return;
    held[at] = 1;
    if (holder >= 0) holders.add(holder);
  });
  return holders;
}
