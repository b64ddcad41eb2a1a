/** Digests of what lies in a database: block by block, so that a window that grows is never read again from its beginning. */
import { type Fragment, type FragmentPlace, placeOf } from "../../../model/fragment.ts";
import type { HomeIdentity } from "../../../model/home.ts";
import { pathFrom, type FileStat } from "../../../system/files.ts";
import type { ReadingContext } from "../../program.ts";
import { keptOrRead } from "../memo.ts";
import { DigestBuilder, type TranscriptDigest } from "./transcript-digest.ts";

/** What a comparison asks of the databases of a home. */
export interface HeldEvents {
  /** The events of a place, oldest first, as text. Rejects with FileError when they can't be had. */
  texts(place: FragmentPlace): AsyncIterable<string>;
  /** Ids of the sessions, in the database at this home-relative path, with an event of one of these ids; null where that can't be asked. */
  sessionsWith(path: string, eventIds: readonly string[]): readonly string[] | null;
}

const BLOCK_EVENTS = 2048;
const EVENTS_BETWEEN_BREATHS = 64;

/** The digests of a fragment's blocks, in order. Rejects with FileError. */
export async function heldDigests(
  home: HomeIdentity,
  fragment: Fragment,
  events: HeldEvents,
  context: ReadingContext,
): Promise<TranscriptDigest[]> {
  const digests: TranscriptDigest[] = [];
  for (const block of blocksOf(fragment)) {
    digests.push(
      await keptOrRead(context.memo, stateOf(home, fragment, block), "openclaw/digest/3", () =>
        readBlock(block, events, context),
      ),
    );
  }
  return digests;
}

async function readBlock(place: FragmentPlace, events: HeldEvents, context: ReadingContext): Promise<TranscriptDigest> {
  const digest = new DigestBuilder();
  let count = 0;
  for await (const text of events.texts(place)) {
    digest.add(text);
    count += 1;
    if (count % EVENTS_BETWEEN_BREATHS === 0) await context.breathe();
  }
  return digest.done();
}

/** Windows are read in blocks that begin at fixed numbers; an archive is one block, as it never grows. */
function blocksOf(fragment: Fragment): FragmentPlace[] {
  const { archive, path, window } = fragment;
  if (window === undefined || archive !== undefined) return [placeOf(fragment)];
  const blocks: FragmentPlace[] = [];
  for (let from = window.fromSeq; from <= window.toSeq;) {
    const next = (Math.floor(from / BLOCK_EVENTS) + 1) * BLOCK_EVENTS;
    const toSeq = Math.min(next - 1, window.toSeq);
    blocks.push({ path, window: { sessionId: window.sessionId, fromSeq: from, toSeq } });
    from = next;
  }
  return blocks;
}

/**
 * What the block is kept by. Events are only ever appended, so a block that another one follows stays as it is; the last one
 * is known by the size and the last time of its window, which a rewrite changes as well.
 */
function stateOf(home: HomeIdentity, fragment: Fragment, block: FragmentPlace): FileStat {
  const isLast = block.window === undefined || block.window.toSeq === fragment.window?.toSeq;
  const inside = `${block.archive ?? ""}@${block.window?.sessionId ?? ""}:${block.window?.fromSeq ?? 0}`;
  return {
    path: `${pathFrom(home.path, block.path)}#${inside}`,
    kind: "file",
    size: isLast ? fragment.bytes : BLOCK_EVENTS,
    mtimeMs: isLast ? fragment.modifiedAt : 0,
    ino: block.window?.toSeq ?? 0,
    dev: 0,
    mode: 0,
  };
}
