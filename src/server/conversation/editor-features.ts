/** What an editor asks about the lines of a conversation: folds, outline, links, and where an entry really stands. */
import { FoldingRangeKind, SymbolKind } from "vscode-languageserver/node";
import type { DocumentLink, DocumentSymbol, FoldingRange, Location, Position } from "vscode-languageserver/node";

import { locateById } from "../../engine/lookup.ts";
import type { LinkTarget, OutlineKind, OutlineNode, PlacedLink } from "../../engine/present/conversation/layout.ts";
import { type EntryPlace, entryPlaceId, placeId } from "../../model/fragment.ts";
import { newest } from "../answers.ts";
import { LINE_END } from "../ranges.ts";
import { eventLocation, lineLocation } from "../reading/locations.ts";
import type { ReadingContext } from "../reading/reading.ts";
import { referenceTarget } from "../targets.ts";
import type { ShownConversation } from "./conversations.ts";

/** `most`: how many the client takes. */
export const conversationFolds = ({ layout }: ShownConversation, most: number): FoldingRange[] =>
  layout.folds.slice(0, most).map(({ end, name, start }) => ({
    startLine: start,
    endLine: end,
    ...(name === null ? {} : { kind: FoldingRangeKind.Region }),
  }));

/** Editors have an icon for each kind; these differ most. */
const KINDS: Readonly<Record<OutlineKind, SymbolKind>> = {
  fragment: SymbolKind.Namespace,
  user: SymbolKind.Class,
  assistant: SymbolKind.String,
  work: SymbolKind.Function,
  event: SymbolKind.Property,
  trouble: SymbolKind.Event,
};

/** No name may be empty: clients refuse the whole outline then. */
const symbolOf = ({ children, detail, end, kind, name, start }: OutlineNode): DocumentSymbol => ({
  name: name === "" ? "…" : name,
  detail,
  kind: KINDS[kind],
  range: { start: { line: start, character: 0 }, end: { line: end, character: LINE_END } },
  selectionRange: { start: { line: start, character: 0 }, end: { line: start, character: 0 } },
  children: children.map(symbolOf),
});

export const conversationSymbols = ({ layout }: ShownConversation): DocumentSymbol[] => layout.outline.map(symbolOf);

/** The raw line of an entry; null where it is gone, or can't be opened. */
async function rawLocation(
  context: ReadingContext,
  { subject: { home } }: ShownConversation,
  { fragment, line }: EntryPlace,
): Promise<Location | null> {
  const current = newest(context.host).homes.find((one) => one.home.path === home.home.path);
  const located = current === undefined ? undefined : locateById(current, placeId(fragment));
  if (current === undefined || located === undefined) return null;
  return eventLocation(context, current, located, line - 1 + (fragment.window?.fromSeq ?? 0));
}

/** Where a link leads: to the entry in the document itself, where it is loaded. */
async function locationOf(
  context: ReadingContext,
  shown: ShownConversation,
  uri: string,
  target: LinkTarget,
): Promise<Location | null> {
  if (target.to === "file") {
    const { line, uri: file } = referenceTarget(newest(context.host), target.file);
    return lineLocation(file, (line ?? 1) - 1);
  }
  const here = target.to === "shown" ? shown.layout.lineOf.get(entryPlaceId(target.entry)) : undefined;
  return here === undefined ? rawLocation(context, shown, target.entry) : lineLocation(uri, here);
}

/** More links make an editor slow. */
const MOST_LINKS = 5000;

/** What a link keeps until someone follows it. */
interface Unresolved {
  readonly uri: string;
  readonly line: number;
  readonly start: number;
}

/** Their targets are looked up when someone points at them: to find a line of a huge file means reading it. */
export const conversationLinks = ({ layout }: ShownConversation, uri: string): DocumentLink[] =>
  layout.links.slice(0, MOST_LINKS).map(({ end, line, start, target }) => {
    const data: Unresolved = { uri, line, start };
    return {
      range: { start: { line, character: start }, end: { line, character: end } },
      tooltip: TOOLTIPS[target.to],
      data,
    };
  });

const TOOLTIPS: Readonly<Record<LinkTarget["to"], string>> = {
  file: "Open the file",
  raw: "Open the line in its transcript",
  shown: "Go to it",
};

function isUnresolved(data: unknown): data is Unresolved {
  if (typeof data !== "object" || data === null || !("uri" in data && "line" in data && "start" in data)) return false;
  return typeof data.uri === "string" && typeof data.line === "number" && typeof data.start === "number";
}

/** The link with its target; as it came where it is none of ours, or leads nowhere any more. */
export async function resolvedLink(context: ReadingContext, link: DocumentLink): Promise<DocumentLink> {
  const data: unknown = link.data;
  if (!isUnresolved(data)) return link;
  const shown = context.conversations.shown(data.uri, context.documents.text(data.uri)?.getText());
  const found = shown?.layout.links.find(({ line, start }) => line === data.line && start === data.start);
  if (shown === undefined || found === undefined) return link;
  const location = await locationOf(context, shown, data.uri, found.target);
  return location === null ? link : { ...link, target: `${location.uri}#L${location.range.start.line + 1}` };
}

const linkAt = ({ links }: ShownConversation["layout"], { character, line }: Position): PlacedLink | undefined =>
  links.find((one) => one.line === line && one.start <= character && character <= one.end);

/** The innermost entry that shows at the line. */
function entryAt({ entries }: ShownConversation["layout"], line: number): EntryPlace | undefined {
  return entries.findLast(({ end, start }) => start <= line && line <= end)?.entry;
}

/** From a link to what it names; from anywhere else to the raw line of the entry. */
export async function conversationDefinition(
  context: ReadingContext,
  shown: ShownConversation,
  uri: string,
  position: Position,
): Promise<Location[]> {
  const link = linkAt(shown.layout, position);
  const entry = entryAt(shown.layout, position.line);
  const location =
    link !== undefined
      ? await locationOf(context, shown, uri, link.target)
      : entry === undefined
        ? null
        : await rawLocation(context, shown, entry);
  return location === null ? [] : [location];
}
