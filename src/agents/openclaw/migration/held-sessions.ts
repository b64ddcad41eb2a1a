/** What the databases of a home hold, session by session, and looking the entries of files up in it. */
import type { Fragment } from "../../../model/fragment.ts";
import { EntryHolders } from "./entry-holders.ts";
import { isLeftFile, type ComparedAgent, type LeftFile } from "./left-files.ts";
import { idsOf, type TranscriptDigest } from "./transcript-digest.ts";

/** The digests of a fragment of a database; none where it can't be read. */
export type DigestReader = (fragment: Fragment) => Promise<readonly TranscriptDigest[]>;

/** What lies in databases, in their cold storage and in the archives that they published, by session id. */
export function heldSessions(agents: readonly ComparedAgent[]): Map<string, Fragment[]> {
  const held = agents.flatMap(({ fragments }) => fragments.filter((fragment) => !isLeftFile(fragment)));
  return Map.groupBy(held, sessionIdOf);
}

/** The session that a fragment of a database belongs to. */
export function sessionIdOf({ sessionId, window }: Fragment): string {
  return window?.sessionId ?? sessionId ?? "";
}

/** One session of a database, ready for looking entries up. */
export interface HeldSession {
  readonly fragments: readonly Fragment[];
  /** Fragment by content of an entry, as its place in the list. */
  readonly contents: EntryHolders;
  readonly ids: ReadonlySet<string>;
  /** Different entries. */
  readonly size: number;
}

export async function readSession(fragments: readonly Fragment[], read: DigestReader): Promise<HeldSession> {
  const contents = new EntryHolders();
  const ids = new Set<string>();
  for (const [at, fragment] of fragments.entries()) {
    for (const digest of await read(fragment)) {
      for (const content of digest.contents) contents.add(content, at);
      for (const id of idsOf(digest)) if (id !== "") ids.add(id);
    }
  }
  return { fragments, contents, ids, size: contents.size };
}

/** Marks what the session holds of these files. */
export function matchSession(files: readonly LeftFile[], session: HeldSession): void {
  for (const file of files) {
    const { digest, held, hits } = file;
    const found = new Set<bigint>();
    const ids = idsOf(digest);
    digest.contents.forEach((content, at) => {
      const holder = session.contents.get(content);
      if (holder !== undefined) {
        held[at] = 1;
        found.add(content);
        const fragment = session.fragments[holder];
        if (fragment !== undefined) hits.set(fragment, (hits.get(fragment) ?? 0) + 1);
      } else if (session.ids.has(ids[at]!)) file.changed += 1;
    });
    if (found.size > 0 && session.size > found.size) file.databaseHasMore = true;
  }
}
