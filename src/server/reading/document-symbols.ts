/** `textDocument/documentSymbol`: the outline of a transcript, for breadcrumbs as well. */
import { SymbolKind } from "vscode-languageserver/node";
import type { Connection, DocumentSymbol, DocumentSymbolParams, SymbolInformation } from "vscode-languageserver/node";

import { LINE_END } from "../ranges.ts";
import { conversationSymbols } from "../conversation/editor-features.ts";
import { answering } from "./answering.ts";
import { bounded, gapNode, outlineOf, restNode } from "./outline.ts";
import type { OutlineKind, OutlineNode } from "./outline.ts";
import type { Lines, ReadingContext } from "./reading.ts";

/** More symbols make an editor slow. */
const MOST_SYMBOLS = 10_000;

/** Editors have an icon for each kind; these differ most. */
const KINDS: Readonly<Record<OutlineKind, SymbolKind>> = {
  header: SymbolKind.File,
  turn: SymbolKind.Class,
  "machine-turn": SymbolKind.Interface,
  call: SymbolKind.Function,
  answer: SymbolKind.String,
  compaction: SymbolKind.Package,
  reset: SymbolKind.Namespace,
  error: SymbolKind.Event,
  notice: SymbolKind.Property,
  gap: SymbolKind.Null,
};

export const symbolOf = ({ children, detail, first, kind, last, name }: OutlineNode): DocumentSymbol => ({
  name,
  detail,
  kind: KINDS[kind],
  range: { start: { line: first, character: 0 }, end: { line: last, character: LINE_END } },
  selectionRange: { start: { line: first, character: 0 }, end: { line: first, character: 0 } },
  children: children.map(symbolOf),
});

/** All that is read of the document, and what lies between. */
export function outlineOfLines({ gap, rest, stretches: [first = [], last = []] }: Lines): OutlineNode[] {
  const nodes = [
    ...outlineOf(first),
    ...(gap === null ? [] : [gapNode(gap.first, gap.last, gap.bytes)]),
    ...outlineOf(last),
    ...(rest === null ? [] : [restNode(rest.line, rest.bytes)]),
  ];
  return bounded(nodes, MOST_SYMBOLS);
}

/** For clients that know no tree: the same as a list, each with the name of what it stands below. */
function flat(nodes: readonly OutlineNode[], uri: string, containerName?: string): SymbolInformation[] {
  return nodes.flatMap((node) => {
    const { kind, name, range } = symbolOf(node);
    const own = { name, kind, location: { uri, range }, ...(containerName === undefined ? {} : { containerName }) };
    return [own, ...flat(node.children, uri, name)];
  });
}

export function registerDocumentSymbols(
  connection: Connection,
  context: () => ReadingContext,
  hierarchical: () => boolean,
): void {
  connection.onDocumentSymbol(
    answering<DocumentSymbolParams, DocumentSymbol[] | SymbolInformation[]>(
      context,
      async (reading, _params, signal) => {
        const nodes = outlineOfLines(await reading.lines(signal));
        return hierarchical() ? nodes.map(symbolOf) : flat(nodes, reading.uri);
      },
      (shown) => (hierarchical() ? conversationSymbols(shown) : null),
    ),
  );
}
