/** The URIs of documents that the server makes of what is no text file: a window of a database, a packed archive, a store. */
import { URI } from "vscode-uri";

import { escaped } from "../../engine/present/names.ts";
import { DOCUMENT_SCHEME } from "../../protocol/documents.ts";

/**
 * Where a part of a transcript begins: at its own beginning, or at this event, or in a large file in the block with this byte. end:
 * its newest events, whichever they are. whole: all windows of its session id that lie in the same place, one after the other.
 */
export type Part = "start" | "end" | "whole" | number | BlockPart;

/** A block of a large file, by its first byte. */
export type BlockPart = `@${number}`;

export const blockPart = (offset: number): Part => (offset === 0 ? "start" : `@${offset}`);

/** The first byte of the block; null for a part of another kind. */
export function blockOf(part: Part): number | null {
  return typeof part === "string" && part.startsWith("@") ? Number(part.slice(1)) : null;
}

/** What such a document shows. `home` and `file` are absolute paths. */
export type Address =
  | {
      readonly what: "transcript";
      readonly home: string;
      readonly file: string;
      readonly fragment: string;
      readonly part: Part;
    }
  | { readonly what: "store"; readonly home: string; readonly file: string };

const LONGEST_TITLE = 100;

/** What `escaped` makes of a character that could do more than be seen; in the name of a tab nobody needs to know which. */
const ESCAPES = /\\(?:u\{[0-9a-f]+\}|x[0-9a-f]{2}|[nrt])/g;

/** A title may hold anything; a slash would end it early. */
const asName = (title: string): string =>
  escaped(title)
    .replaceAll(ESCAPES, " ")
    .replaceAll(/[/\\]+/g, " ∕ ")
    .slice(0, LONGEST_TITLE);

/** `title` becomes the name of the tab, and says nothing else: the same document always has to get the same one. */
export function addressUri(address: Address, title: string): string {
  const extension = address.what === "store" ? "json" : "jsonl";
  const query = new URLSearchParams({ home: address.home, file: address.file });
  if (address.what === "transcript") {
    query.set("fragment", address.fragment);
    if (address.part !== "start") query.set("part", String(address.part));
  }
  const path = `${URI.file(address.file).path}/${asName(title)}.${extension}`;
  return URI.from({ scheme: DOCUMENT_SCHEME, path, query: query.toString() }).toString();
}

/** Null for any other URI, and for one that says nothing sensible: anyone may type one. */
export function addressOf(uri: string): Address | null {
  const query = queryOf(uri);
  const [home, file, fragment, part] = ["home", "file", "fragment", "part"].map((name) => query?.get(name) ?? null);
  if (!home || !file) return null;
  if (!fragment) return { what: "store", home, file };
  return { what: "transcript", home, file, fragment, part: partOf(part ?? null) };
}

function queryOf(uri: string): URLSearchParams | null {
  if (!uri.startsWith(`${DOCUMENT_SCHEME}:`)) return null;
  try {
    return new URLSearchParams(URI.parse(uri, true).query);
  } catch {
    // vscode-uri throws for a text that is no URI; nothing else can fail here.
    return null;
  }
}

function partOf(text: string | null): Part {
  if (text === "end" || text === "whole") return text;
  if (text !== null && /^@\d{1,15}$/.test(text)) return blockPart(Number(text.slice(1)));
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : "start";
}
