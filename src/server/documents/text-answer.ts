/** Lines as the answer to a request for a readable document: the text, and the places in it that name files. */
import type { Line } from "../../engine/present/lines.ts";
import { plainText } from "../../engine/present/lines.ts";
import { escaped } from "../../engine/present/names.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import type { TextDocumentAnswer, TextLink } from "../../protocol/documents.ts";
import { referenceTarget } from "../targets.ts";

export const textAnswer = (snapshot: Snapshot, title: string, lines: readonly Line[]): TextDocumentAnswer => ({
  revision: snapshot.revision,
  title: escaped(title),
  text: `${plainText(lines)}\n`,
  links: lines.flatMap((line, index) => linksOf(snapshot, line, index)),
});

function linksOf(snapshot: Snapshot, content: Line, line: number): TextLink[] {
  const links: TextLink[] = [];
  let start = 0;
  for (const { text, file } of content) {
    const end = start + text.length;
    if (file !== undefined) {
      const target = referenceTarget(snapshot, file);
      links.push({ line, start, end, uri: target.uri, targetLine: target.line });
    }
    start = end;
  }
  return links;
}
