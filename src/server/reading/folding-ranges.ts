/** `textDocument/foldingRange`: turns, calls of tools with their results, long runs. */
import type { Connection, FoldingRange } from "vscode-languageserver/node";

import { conversationFolds } from "../conversation/editor-features.ts";
import { answering } from "./answering.ts";
import { foldsOf } from "./folds.ts";
import type { Lines, ReadingContext } from "./reading.ts";

const foldingRanges = ({ stretches }: Lines, most: number): FoldingRange[] =>
  stretches
    .flatMap(foldsOf)
    .slice(0, most)
    .map(({ first, last }) => ({ startLine: first, endLine: last }));

/** `most`: how many the client takes. */
export function registerFoldingRanges(connection: Connection, context: () => ReadingContext, most: () => number): void {
  connection.onFoldingRanges(
    answering(
      context,
      async (reading, _params, signal) => foldingRanges(await reading.lines(signal), most()),
      (shown) => conversationFolds(shown, most()),
    ),
  );
}
