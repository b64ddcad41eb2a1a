/** Lines of a document whose text is at hand. What was read of it is kept, and what was added is read. */
import type { TextDocument } from "vscode-languageserver-textdocument";

import { ANSWER_SLICE_MS, timeSlices } from "../../engine/time-slices.ts";
import type { TranscriptEntry } from "../../model/entry.ts";
import { lineEntry } from "./line-entry.ts";
import type { LineEntry } from "./line-entry.ts";
import type { LineSource, TextLine } from "./reading.ts";

interface Known {
  readonly text: string;
  /** Lines of the text, the last one without an end included. */
  readonly count: number;
  readonly lines: readonly LineEntry[];
}

/** Forgotten with the document, which stays the same object while it is open. */
const KNOWN = new WeakMap<TextDocument, Known>();

export function textSource(document: TextDocument, read: (line: string) => TranscriptEntry): LineSource {
  return {
    text: (line) => Promise.resolve(line < 0 || line >= document.lineCount ? null : textOfLine(document, line)),
    around: (_line, signal) => linesOf(document, read, signal),
    lines: async (signal) => ({ stretches: [await linesOf(document, read, signal)], gap: null, rest: null }),
    lastLine: () => Promise.resolve(document.lineCount - 1),
    texts: (signal) => linesOfText(document, signal),
  };
}

/** Its lines one after the other; rejects with the signal's reason once it is aborted. */
export async function* linesOfText(document: TextDocument, signal?: AbortSignal): AsyncGenerator<TextLine> {
  const breathe = timeSlices(signal, ANSWER_SLICE_MS);
  for (const [line, text] of document.getText().split(LINE_ENDS).entries()) {
    yield { line, text };
    await breathe();
  }
}

function textOfLine(document: TextDocument, line: number): string {
  const range = { start: { line, character: 0 }, end: { line: line + 1, character: 0 } };
  return document.getText(range).replace(/[\r\n]+$/, "");
}

/** As editors see them: they end a line at a carriage return as well. */
const LINE_ENDS = /\r\n|\n|\r/;

async function linesOf(
  document: TextDocument,
  read: (line: string) => TranscriptEntry,
  signal: AbortSignal | undefined,
): Promise<readonly LineEntry[]> {
  const text = document.getText();
  const known = KNOWN.get(document);
  if (known?.text === text) return known.lines;
  // Transcripts are added to, at their end.
  const kept = known !== undefined && known.text.endsWith("\n") && text.startsWith(known.text) ? known : undefined;
  const breathe = timeSlices(signal, ANSWER_SLICE_MS);
  const lines = [...(kept?.lines ?? [])];
  const first = kept === undefined ? 0 : kept.count - 1;
  const added = text.slice(kept?.text.length ?? 0).split(LINE_ENDS);
  for (const [index, line] of added.entries()) {
    if (line.trim() !== "") lines.push(lineEntry(first + index, read(line)));
    await breathe();
  }
  KNOWN.set(document, { text, count: first + added.length, lines });
  return lines;
}
