/**
 * Ids of their own for entries that bear the id of one above them. OpenClaw keeps entries by id and the last one wins
 * (`_buildIndex`, 2026.5.12): the first one, and what hangs on it, is lost. Who names an id means the nearest entry above that
 * bears it.
 */
import { createHash } from "node:crypto";

import { propertyEdits } from "../../formats/json-edits.ts";
import { asText } from "../../formats/json-values.ts";
import type { ByteEdit } from "../../model/plan.ts";
import { type Conversation, type Entry, objectIn } from "./conversation.ts";
import type { FileLine, FileLines } from "./file-lines.ts";
import { newId } from "./new-entry.ts";

/** An entry that gets another id. */
export interface RenamedEntry {
  readonly entry: Entry;
  /** Line of the entry above that has the id, from 1. */
  readonly first: number;
  readonly id: string;
  /** Whether the next entry names this id, and no entry bears it: then it was probably this one's. */
  readonly isNamed: boolean;
}

/** An entry that stands there a second time, byte for byte, behind the same one. */
export interface CopiedEntry {
  readonly entry: Entry;
  /** Line where it stands already, from 1. */
  readonly first: number;
}

export interface OwnIds {
  readonly renamed: readonly RenamedEntry[];
  /** Left out: the same entry was written twice. */
  readonly copies: readonly CopiedEntry[];
  /** How many entries name a renamed one by its new id. */
  readonly redirected: number;
  /** How many keep the id of another one, because there are too many. */
  readonly left: number;
  /** In ascending order. */
  readonly edits: readonly ByteEdit[];
}

/** More places than these are not mended in one go: the plan is data, and is shown. */
export const MOST_PLACES = 5000;

/** Properties that hold ids of other entries, by the type of the entry (2026.5.12 to 2026.9.6); any entry has a `parentId`. */
const REFERENCES: ReadonlyMap<string | null, readonly string[]> = new Map([
  ["compaction", ["firstKeptEntryId"]],
  ["branch_summary", ["fromId"]],
  ["label", ["targetId"]],
  ["leaf", ["targetId", "appendParentId"]],
]);

/**
 * What gives every entry an id of its own; `lines` are those of the conversation once more. The line number of one that takes
 * part and is too long to be changed, if there is one.
 */
export async function ownIds(
  conversation: Conversation,
  lines: FileLines,
  most: number = MOST_PLACES,
): Promise<OwnIds | number> {
  const walk = new Walk(conversation, most);
  for await (const stretch of lines) {
    for (const line of stretch) if (!walk.take(line)) return line.number;
  }
  return walk.end();
}

/** One way down the lines. */
class Walk {
  private readonly conversation: Conversation;
  private readonly most: number;
  /** Ids that several entries bear. */
  private readonly repeated: ReadonlySet<string>;
  /** Ids that are named as parents, and that no entry bears. */
  private readonly missing: ReadonlySet<string>;
  /** Those of them that were named so far, or have an entry again. */
  private readonly named = new Set<string>();
  private readonly given = new Set<string>();
  /** Line of the first entry with one of the repeated ids. */
  private readonly firsts = new Map<string, number>();
  /** What the repeated ids mean here. */
  private readonly meant = new Map<string, string>();
  /** Entries with repeated ids by what they say. */
  private readonly said = new Map<string, { readonly id: string; readonly line: number }>();
  private next = 0;
  private readonly renamed: RenamedEntry[] = [];
  private readonly copies: CopiedEntry[] = [];
  private redirected = 0;
  private left = 0;
  private readonly edits: ByteEdit[] = [];

  constructor(conversation: Conversation, most: number) {
    const { entries, byId } = conversation;
    this.conversation = conversation;
    this.most = most;
    this.repeated = new Set(entries.flatMap((entry) => (byId.get(entry.id ?? "") === entry ? [] : (entry.id ?? []))));
    this.missing = new Set(entries.flatMap(({ parentId }) => (byId.has(parentId ?? "") ? [] : (parentId ?? []))));
  }

  /** False when the line takes part and can't be looked at. */
  take(line: FileLine): boolean {
    const entry = this.conversation.entries[this.next];
    if (entry?.offset !== line.offset) return true;
    this.next += 1;
    if (this.takesPart(entry)) {
      if (!line.isWhole) return false;
      this.takeEntry(line, entry, objectIn(line) ?? {});
    }
    if (entry.parentId !== null && this.missing.has(entry.parentId)) this.named.add(entry.parentId);
    return true;
  }

  end(): OwnIds {
    const { renamed, copies, redirected, left, edits } = this;
    return { renamed, copies, redirected, left, edits };
  }

  private takesPart({ id, parentId, type }: Entry): boolean {
    return this.repeated.has(id ?? "") || this.repeated.has(parentId ?? "") || REFERENCES.has(type);
  }

  private takeEntry(line: FileLine, entry: Entry, value: Readonly<Record<string, unknown>>): void {
    const references = this.referencesIn(entry, value);
    const set: Record<string, string> = Object.fromEntries(references.filter(([name, id]) => value[name] !== id));
    const { id } = entry;
    if (id !== null && this.repeated.has(id)) {
      const hash = hashOf(line, references);
      const same = this.said.get(hash);
      if (same !== undefined && this.leftOut(entry, id, same)) return;
      const own = this.idFor(entry, id);
      if (own !== id) set["id"] = own;
      this.meant.set(id, own);
      this.said.set(hash, { id: own, line: entry.line });
    }
    if (Object.keys(set).some((name) => name !== "id")) this.redirected += 1;
    for (const edit of propertyEdits(line.bytes, line.offset, set, "") ?? []) this.edits.push(edit);
  }

  /** The ids that the entry names, each as what it means. */
  private referencesIn({ type }: Entry, value: Readonly<Record<string, unknown>>): [name: string, id: string][] {
    const names = ["parentId", ...(REFERENCES.get(type) ?? [])];
    return names.flatMap((name) => {
      const id = asText(value[name]);
      // To OpenClaw an empty text is none.
      return id === null || id === "" ? [] : [[name, this.meant.get(id) ?? id]];
    });
  }

  /** The id that the entry has from now on. */
  private idFor(entry: Entry, id: string): string {
    const first = this.firsts.get(id);
    if (first === undefined) {
      this.firsts.set(id, entry.line);
      return id;
    }
    if (this.edits.length >= this.most) {
      this.left += 1;
      return id;
    }
    const named = this.namedBehind(entry);
    const own = named ?? this.freshId(id, entry);
    this.given.add(own);
    this.renamed.push({ entry, first, id: own, isNamed: named !== null });
    return own;
  }

  /** The id by which the very next line names the one above it, if nothing else can be meant. */
  private namedBehind({ line }: Entry): string | null {
    const behind = this.conversation.entries[this.next];
    const id = behind?.line === line + 1 ? behind.parentId : null;
    return id !== null && this.missing.has(id) && !this.named.has(id) && !this.given.has(id) ? id : null;
  }

  private freshId(id: string, { offset }: Entry): string {
    const has = (one: string): boolean =>
      this.conversation.byId.has(one) || this.missing.has(one) || this.given.has(one);
    return newId({ byId: { has } }, "duplicate", id, offset);
  }

  /** Leaves a copy out, with the line break before it: the last line may have none behind. False when it has to stay. */
  private leftOut(entry: Entry, id: string, same: { readonly id: string; readonly line: number }): boolean {
    const { offset, length } = entry;
    const last = this.edits.at(-1);
    if (last !== undefined && last.text === "" && last.offset + last.length === offset - 1) {
      this.edits[this.edits.length - 1] = { ...last, length: last.length + length + 1 };
    } else if (this.edits.length < this.most) this.edits.push({ offset: offset - 1, length: length + 1, text: "" });
    else return false;
    this.copies.push({ entry, first: same.line });
    this.meant.set(id, same.id);
    return true;
  }
}

/** What an entry says and what it names: two with the same hash are the same entry. */
function hashOf({ bytes }: FileLine, references: readonly (readonly [string, string])[]): string {
  return createHash("sha256").update(JSON.stringify(references)).update("\0").update(bytes).digest("base64");
}
