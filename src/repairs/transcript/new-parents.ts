/** Parents for entries whose own is not there, or that lead back to themselves: the nearest entry above that may come before. */
import type { Conversation, Entry } from "./conversation.ts";

/** An entry with the parent that it gets; null makes it the first of the conversation. */
export interface NewParent {
  readonly entry: Entry;
  readonly parent: Entry | null;
}

export interface NewParents {
  readonly found: readonly NewParent[];
  /** Entries for which none may be taken. */
  readonly left: readonly Entry[];
}

/** More are not mended in one go. */
const MOST_PARENTS = 5000;

/**
 * New parents, in the order of the lines. A compaction is a boundary: what follows it may follow the compaction itself, but
 * nothing above it; `boundaries` are offsets of further ones, such as of a line that can't be read and may have been one.
 */
export function newParents(conversation: Conversation, boundaries: readonly number[]): NewParents {
  const { entries } = conversation;
  const broken = brokenIn(conversation);
  const isUpward = leadsUpward(conversation);
  const given = new Map<Entry, Entry | null>();
  const left: Entry[] = [];
  for (const [index, entry] of entries.entries()) {
    if (!broken.has(entry) || given.size >= MOST_PARENTS) continue;
    const parent = nearest(conversation, index, boundaries, isUpward ? null : given);
    if (parent === undefined) left.push(entry);
    else given.set(entry, parent);
  }
  return { found: [...given].map(([entry, parent]) => ({ entry, parent })), left };
}

/** Entries whose parent is not there, and of a loop the one that closes it. */
function brokenIn({ entries, byId, path, rootIs }: Conversation): Set<Entry> {
  const broken = new Set(entries.filter(({ parentId }) => parentId !== null && !byId.has(parentId)));
  for (const entry of entries) if (entry.parentId !== null && entry.parentId === entry.id) broken.add(entry);
  if (rootIs === "loop") broken.add(path[0]!);
  return broken;
}

/** Null where nothing stands above that may; undefined where a compaction forbids to look further. */
function nearest(
  conversation: Conversation,
  index: number,
  boundaries: readonly number[],
  given: ReadonlyMap<Entry, Entry | null> | null,
): Entry | null | undefined {
  const { entries, byId } = conversation;
  const entry = entries[index]!;
  const boundary = boundaries.findLast((offset) => offset < entry.offset) ?? -1;
  for (let at = index - 1; at >= 0; at -= 1) {
    const candidate = entries[at]!;
    if (candidate.offset < boundary) return undefined;
    // Of entries with one id only the last one is meant.
    const isMeant = candidate.id !== null && byId.get(candidate.id) === candidate;
    if (isMeant && (given === null || !leadsTo(conversation, candidate, entry, given))) return candidate;
    if (candidate.type === "compaction") return undefined;
  }
  return boundary === -1 ? null : undefined;
}

/** Whether no entry names one that stands below it: then what stands above an entry can't come after it. */
function leadsUpward({ entries, byId }: Conversation): boolean {
  return entries.every(
    ({ offset, parentId }) => ((parentId === null ? undefined : byId.get(parentId))?.offset ?? -1) < offset,
  );
}

/** Whether the way up from an entry passes another one: then it comes after it. */
function leadsTo({ byId }: Conversation, from: Entry, wanted: Entry, given: ReadonlyMap<Entry, Entry | null>): boolean {
  const seen = new Set<Entry>();
  for (let at: Entry | null | undefined = from; at !== null && at !== undefined && !seen.has(at);) {
    if (at === wanted || (at.id !== null && at.id === wanted.id)) return true;
    seen.add(at);
    const parent = given.get(at);
    at = parent === undefined && at.parentId !== null ? byId.get(at.parentId) : parent;
  }
  return false;
}
