/**
 * Entries in the place of lost ones: an entry that followed a lost one names it as its parent, so OpenClaw's way to the beginning
 * would end there. One without words under the lost id leads on, and no other line has to change.
 */
import type { ByteEdit } from "../../model/plan.ts";
import { asTime } from "../../formats/json-values.ts";
import type { Conversation, Entry } from "./conversation.ts";
import type { Gap, LineMending, Mending } from "./mending.ts";
import { lostEntry } from "./new-entry.ts";

export interface Bridge {
  /** Id of the lost entry. */
  readonly id: string;
  /** Line that it stood in, counted from 1. */
  readonly line: number;
  readonly gap: Gap;
  /** The entry, as a line without its newline. */
  readonly text: string;
}

const WHY = "What stood here could not be read.";

/**
 * The bridges over what was lost; `mended` is the transcript with the edits of the mending. Each missing parent is looked for in
 * the nearest gap above, whoever mends that. None where a compaction may be lost: what it summed up would come back.
 */
export function bridgesOver({ edits, lines, others }: Mending, mended: Conversation, now: number): Bridge[] {
  const own = lines.flatMap(({ gap, line }) => (gap === null ? [] : [{ gap, line, isOurs: true }]));
  const gaps = [...own, ...others.gaps.map((one) => ({ ...one, isOurs: false }))]
    .toSorted((a, b) => a.gap.offset - b.gap.offset)
    .map((one) => ({ ...one, at: shifted(one.gap.offset, edits) }));
  const bridges: Bridge[] = [];
  const missing = new Set<string>();
  for (const entry of own.length === 0 ? [] : mended.entries) {
    const id = entry.parentId;
    if (id === null || id === entry.id || mended.byId.has(id) || others.ids.has(id) || missing.has(id)) continue;
    missing.add(id);
    const above = gaps.filter(({ at }) => at <= entry.offset);
    const named = above.findLast(({ gap }) => gap.text.includes(`"id":"${id}"`)) ?? above.at(-1);
    if (named === undefined || named.gap.text.includes('"compaction"')) continue;
    gaps.splice(gaps.indexOf(named), 1);
    if (!named.isOurs) continue;
    const text = bridgeText(id, named.gap, named.at, mended, entry.at ?? now);
    if (text !== null) bridges.push({ id, line: named.line, gap: named.gap, text });
  }
  return bridges;
}

/** Null when nothing stands above. */
function bridgeText(
  id: string,
  { text }: Gap,
  at: number,
  { entries, byId }: Conversation,
  latest: number,
): string | null {
  const above = entries.findLast(({ offset, id: own }) => offset < at && own !== null && own !== id);
  const written = byId.get(/"parentId":"([^"\\]+)"/.exec(text)?.[1] ?? "");
  const parent: Entry | undefined = written !== undefined && written.offset < at ? written : above;
  if (parent === undefined) return null;
  const time = asTime(/"timestamp":"([^"\\]+)"/.exec(text)?.[1]) ?? above?.at ?? latest;
  return lostEntry(WHY, { id, parentId: parent.id, at: time });
}

/** The edits of the mending with the bridges in them. */
export function withBridges({ edits, lines }: Mending, bridges: readonly Bridge[]): readonly ByteEdit[] {
  const all = [...edits];
  const added: ByteEdit[] = [];
  for (const bridge of bridges) {
    if (!bridge.gap.isSure) {
      added.push({ offset: bridge.gap.offset, length: 0, text: `\n${bridge.text}` });
      continue;
    }
    const line = lines.find(({ gap }) => gap === bridge.gap);
    const at = edits.findIndex((edit) => covers(edit, bridge.gap.offset));
    if (line !== undefined && at !== -1) all[at] = { ...edits[at]!, text: bridged(edits[at]!, line, bridge) };
  }
  return [...all, ...added].toSorted((a, b) => a.offset - b.offset);
}

function covers({ length, offset }: ByteEdit, at: number): boolean {
  return offset <= at && at < offset + length;
}

/** The entry on a line of its own, whatever of its line stays before and behind it. */
function bridged({ length, offset, text }: ByteEdit, line: LineMending, { text: entry }: Bridge): string {
  const before = text !== "" || offset === line.offset ? text : "\n";
  const isLast = offset + length === line.offset + line.length;
  return `${before}${entry}${isLast ? "" : "\n"}`;
}

/** Where a place of the file stands once the edits before it are done. */
function shifted(offset: number, edits: readonly ByteEdit[]): number {
  let by = 0;
  for (const edit of edits) {
    if (edit.offset >= offset) break;
    by += Buffer.byteLength(edit.text) - Math.min(edit.length, offset - edit.offset);
  }
  return offset + by;
}
