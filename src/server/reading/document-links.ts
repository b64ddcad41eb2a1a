/** `textDocument/documentLink`: files, sessions and fragments that a transcript or a store names. */
import type { Connection, DocumentLink } from "vscode-languageserver/node";

import { conversationLinks, resolvedLink } from "../conversation/editor-features.ts";
import { answering } from "./answering.ts";
import { NamedPlaces } from "./named-places.ts";
import type { NamedPlace } from "./named-places.ts";
import type { Reading, ReadingContext } from "./reading.ts";

/** More links make an editor slow. */
const MOST_LINKS = 5000;

/** The editor opens the line that a fragment of this form names. */
const targetOf = ({ uri, range: { start } }: NamedPlace["location"]): string =>
  start.line === 0 || !uri.startsWith("file:") ? uri : `${uri}#L${start.line + 1}`;

export async function documentLinks(
  reading: Reading,
  context: ReadingContext,
  signal: AbortSignal,
): Promise<DocumentLink[]> {
  const places = new NamedPlaces(context, reading);
  const links: DocumentLink[] = [];
  for await (const { line, text } of reading.texts(signal)) {
    for (const { end, location, start } of places.in(text))
      links.push({
        range: { start: { line, character: start }, end: { line, character: end } },
        target: targetOf(location),
      });
    if (links.length >= MOST_LINKS) break;
  }
  return links.slice(0, MOST_LINKS);
}

export function registerDocumentLinks(connection: Connection, context: () => ReadingContext): void {
  connection.onDocumentLinks(
    answering(
      context,
      (reading, _params, signal, given) => documentLinks(reading, given, signal),
      (shown, { textDocument }) => conversationLinks(shown, textDocument.uri),
    ),
  );
  connection.onDocumentLinkResolve((link) => resolvedLink(context(), link));
}
