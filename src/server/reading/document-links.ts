/** `textDocument/documentLink`: files, sessions and fragments that a transcript or a store names. */
import type { Connection, DocumentLink, DocumentLinkParams } from "vscode-languageserver/node";

import { conversationLinks, resolvedLink } from "../conversation/editor-features.ts";
import { newest } from "../answers.ts";
import { placeInHomes } from "../home-places.ts";
import { answering, signalOf } from "./answering.ts";
import { NamedPlaces } from "./named-places.ts";
import type { NamedPlace } from "./named-places.ts";
import type { ReadingContext, TextLine } from "./reading.ts";
import { linesOfText } from "./text-source.ts";

/** More links make an editor slow. */
const MOST_LINKS = 5000;

/** The editor opens the line that a fragment of this form names. */
const targetOf = ({ uri, range: { start } }: NamedPlace["location"]): string =>
  start.line === 0 || !uri.startsWith("file:") ? uri : `${uri}#L${start.line + 1}`;

async function linksIn(texts: AsyncIterable<TextLine>, places: NamedPlaces): Promise<DocumentLink[]> {
  const links: DocumentLink[] = [];
  for await (const { line, text } of texts) {
    for (const { end, location, start } of places.in(text))
      links.push({
        range: { start: { line, character: start }, end: { line, character: end } },
        target: targetOf(location),
      });
    if (links.length >= MOST_LINKS) break;
  }
  return links.slice(0, MOST_LINKS);
}

/** A store names the transcripts of its rows; null for any other document, and for a store that is too large to be kept. */
async function storeLinks(context: ReadingContext, uri: string, signal: AbortSignal): Promise<DocumentLink[] | null> {
  const place = placeInHomes(newest(context.host), uri);
  const document = context.documents.text(uri);
  const isStore = place?.home.agents.some(({ reading }) => reading.store.path === place.path) === true;
  if (place === null || document === undefined || !isStore) return null;
  return linksIn(linesOfText(document, signal), new NamedPlaces(context, { home: place.home, located: null }));
}

export function registerDocumentLinks(connection: Connection, context: () => ReadingContext): void {
  const inTranscript = answering<DocumentLinkParams, DocumentLink[]>(
    context,
    (reading, _params, signal, given) => linksIn(reading.texts(signal), new NamedPlaces(given, reading)),
    (shown, { textDocument }) => conversationLinks(shown, textDocument.uri),
  );
  connection.onDocumentLinks(
    async (params, token) =>
      (await inTranscript(params, token)) ?? storeLinks(context(), params.textDocument.uri, signalOf(token)),
  );
  connection.onDocumentLinkResolve((link) => resolvedLink(context(), link));
}
