/** Finds what the databases of a home hold of its transcript files: by the files' own session ids, then wherever else it stands. */
import type { Fragment } from "../../../model/fragment.ts";
import type { ReadingContext } from "../../program.ts";
import { EntryHolders } from "./entry-holders.ts";
import { matchSession, readSession, sessionIdOf, type DigestReader } from "./held-sessions.ts";
import type { LeftFile } from "./left-files.ts";

/** Beyond the sessions of the same id, databases are searched for left entries only up to this many bytes of events. */
const MOST_SEARCHED_BYTES = 1 << 28;

type Sessions = ReadonlyMap<string, readonly Fragment[]>;

/** Marks in each file what the databases hold. Returns whether all that could hold something was searched. */
export async function matchFiles(
  files: readonly LeftFile[],
  sessions: Sessions,
  read: DigestReader,
  context: ReadingContext,
): Promise<boolean> {
  const own = files.flatMap((file) => [...file.ids].map((id) => ({ id, file })));
  await matchSessions(own, sessions, read, context);
  const lacking = files.filter(({ held }) => held.includes(0));
  return lacking.length === 0 || searchEverywhere(lacking, sessions, read, context);
}

/** Looks files up in sessions; each session is read once. */
async function matchSessions(
  pairs: readonly { readonly id: string; readonly file: LeftFile }[],
  sessions: Sessions,
  read: DigestReader,
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
async function searchEverywhere(
  lacking: readonly LeftFile[],
  sessions: Sessions,
  read: DigestReader,
  context: ReadingContext,
): Promise<boolean> {
  const wanted = new EntryHolders();
  for (const { digest, held } of lacking) {
    digest.contents.forEach((content, at) => {
      if (held[at] === 0) wanted.add(content, 0);
    });
  }
  const fragments = [...sessions.values()].flat();
  const found = new EntryHolders();
  let left = MOST_SEARCHED_BYTES;
  for (const [at, fragment] of fragments.entries()) {
    if (fragment.bytes > left) continue;
    left -= fragment.bytes;
    await context.breathe();
    for (const { contents } of await read(fragment)) {
      for (const content of contents) if (wanted.has(content)) found.add(content, at);
    }
  }
  const elsewhere: { id: string; file: LeftFile }[] = [];
  for (const file of lacking) {
    const isStranger = file.hits.size === 0;
    const holders = markFound(file, found);
    const ids = new Set([...holders].map((at) => sessionIdOf(fragments[at]!)));
    if (isStranger) elsewhere.push(...[...ids].map((id) => ({ id, file })));
  }
  await matchSessions(elsewhere, sessions, read, context);
  return fragments.reduce((sum, { bytes }) => sum + bytes, 0) <= MOST_SEARCHED_BYTES;
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
