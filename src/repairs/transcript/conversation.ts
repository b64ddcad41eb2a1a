/**
 * A transcript as OpenClaw reads it (`loadEntriesFromFile`, `SessionManager`, 2026.5.12): lines that don't parse are passed over,
 * the first that does must be the header, the last entry is the leaf, and the conversation is what its parents lead to.
 * Holds ids and places of entries, never what they say.
 */
import { topLevelScalars } from "../../formats/json-prefix.ts";
import { asNumber, asObject, asText, asTime } from "../../formats/json-values.ts";
import type { FileLine, FileLines } from "./file-lines.ts";

/** One entry of a transcript and where it stands. */
export interface Entry {
  /** Counted from 1. */
  readonly line: number;
  /** Byte offset in the file, and length without the newline. */
  readonly offset: number;
  readonly length: number;
  readonly id: string | null;
  readonly parentId: string | null;
  readonly type: string | null;
  /** Of a message: user, assistant, toolResult. */
  readonly role: string | null;
  /** When it was written; milliseconds, UTC. */
  readonly at: number | null;
}

/** The header as far as it can be read, and where it stands. */
export interface Header extends Pick<Entry, "line" | "offset" | "length"> {
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface Conversation {
  /** Null when OpenClaw takes none for valid: it would begin the file anew. */
  readonly header: Header | null;
  /** In the order of the lines; headers left out. */
  readonly entries: readonly Entry[];
  /** The entry that an id means: the last one that bears it. */
  readonly byId: ReadonlyMap<string, Entry>;
  /** From the root to the leaf. */
  readonly path: readonly Entry[];
  /** What cuts the path off at its root: nothing, a parent that is not there, or parents that lead back to the path itself. */
  readonly rootIs: "root" | "broken" | "loop";
}

/** How many messages a turn would be shown the way to, of all that can be read. */
export interface Reach {
  readonly reachable: number;
  readonly messages: number;
}

/** A header that OpenClaw takes for one. */
export function isHeader(value: Readonly<Record<string, unknown>>): boolean {
  return value["type"] === "session" && typeof value["id"] === "string";
}

/** Gathers a conversation line by line. */
export class ConversationReader {
  private readonly entries: Entry[] = [];
  private readonly byId = new Map<string, Entry>();
  private header: Header | null = null;
  private isFirst = true;

  /** Takes the next line that holds a JSON object. */
  add(line: FileLine, value: Readonly<Record<string, unknown>>): void {
    const { number, offset, length } = line;
    if (this.isFirst && isHeader(value)) this.header = { line: number, offset, length, fields: value };
    this.isFirst = false;
    const type = asText(value["type"]);
    if (type === "session") return;
    const id = asText(value["id"]);
    const role = type === "message" ? asText(asObject(value["message"])?.["role"]) : null;
    const parentId = this.knownId(asText(value["parentId"])) || null;
    const at = asTime(value["timestamp"]);
    const entry = { line: number, offset, length, id, parentId, type, role, at };
    this.entries.push(entry);
    if (id !== null) this.byId.set(id, entry);
  }

  /** The same text as the entry's of that id: of millions of entries each id is kept once. */
  private knownId(id: string | null): string | null {
    return id === null ? null : (this.byId.get(id)?.id ?? id);
  }

  end(): Conversation {
    const { header, entries, byId } = this;
    // Before version 2 entries had no ids: each follows the line before it (`migrateV1ToV2`).
    if ((asNumber(header?.fields["version"]) ?? 1) < 2) return { header, entries, byId, path: entries, rootIs: "root" };
    return { header, entries, byId, ...pathOf(entries, byId) };
  }
}

/** What a line says at its top level, as far as it is held; undefined when it is no JSON object. */
export function objectIn({ bytes, isBlank, isWhole }: FileLine): Record<string, unknown> | undefined {
  if (isBlank) return undefined;
  if (!isWhole) {
    const fields = topLevelScalars(bytes);
    return fields.size === 0 ? undefined : Object.fromEntries(fields);
  }
  try {
    return asObject(JSON.parse(bytes.toString("utf8")));
  } catch {
    return undefined;
  }
}

/** The conversation of these lines; what can't be read is only told. */
export async function conversationIn(
  lines: FileLines,
  unreadable: (line: FileLine) => void = () => {},
): Promise<Conversation> {
  const reader = new ConversationReader();
  for await (const stretch of lines) {
    for (const line of stretch) {
      const value = objectIn(line);
      if (value !== undefined) reader.add(line, value);
      else if (!line.isBlank) unreadable(line);
    }
  }
  return reader.end();
}

/** What can be reached: nothing where OpenClaw would begin the file anew, or go round in circles for ever. */
export function reachOf({ header, entries, path, rootIs }: Conversation): Reach {
  const isRead = header !== null && rootIs !== "loop";
  return { reachable: isRead ? messagesIn(path) : 0, messages: messagesIn(entries) };
}

/** "12 of 230 messages before, 230 after" */
export function reachText(before: Reach, after: Reach): string {
  const total = before.messages === after.messages ? "" : ` of ${after.messages}`;
  return `${before.reachable} of ${before.messages} messages before, ${after.reachable}${total} after`;
}

function messagesIn(entries: readonly Entry[]): number {
  return entries.reduce((sum, { type }) => sum + (type === "message" ? 1 : 0), 0);
}

function pathOf(entries: readonly Entry[], byId: ReadonlyMap<string, Entry>): Pick<Conversation, "path" | "rootIs"> {
  const path: Entry[] = [];
  const seen = new Set<Entry>();
  let current = entries.at(-1);
  for (; current !== undefined; current = current.parentId === null ? undefined : byId.get(current.parentId)) {
    if (seen.has(current)) return { path: path.toReversed(), rootIs: "loop" };
    seen.add(current);
    path.push(current);
  }
  const parent = path.at(-1)?.parentId ?? null;
  return { path: path.toReversed(), rootIs: parent === null ? "root" : "broken" };
}
