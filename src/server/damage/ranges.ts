/** Where damage shows in a document: from bytes of a file, or of an event's line, to lines and UTF-16 units. */
import type { Range } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";

import type { ByteRange, TranscriptDamage } from "../../model/damage.ts";
import { LINE_END } from "../ranges.ts";

/** Reads a stretch of the file that the damage lies in; null when it can't be read. */
export type ReadBytes = (range: ByteRange) => Buffer | null;

/** A longer line is not read only to count its characters. */
const LONGEST_READ = 4 << 20;

/**
 * In a document that begins with the transcript's own first line. Without its text, which editors don't send of huge files, the line
 * is read from disk.
 */
export function rangeInFile(damage: TranscriptDamage, document: TextDocument | undefined, read: ReadBytes): Range {
  const line = Math.max(0, (damage.line ?? 1) - 1);
  if (document === undefined) return rangeInLine(line, read, damage);
  const text = lineText(document, line);
  if (Buffer.byteLength(text) === damage.within.bytes) return inText(line, Buffer.from(text), damage);
  return rangeByOffset(damage, document, read) ?? wholeLine(line);
}

/** In a line (from 0) of a document that shows a part of the transcript. */
export function rangeInPart(damage: TranscriptDamage, document: TextDocument, line: number): Range {
  const text = Buffer.from(lineText(document, line));
  return text.length === damage.within.bytes ? inText(line, text, damage) : wholeLine(line);
}

/** The line (from 0) of a part of the transcript that shows the damage; null when none does. `guess` is where it should stand. */
export function lineInPart(damage: TranscriptDamage, document: TextDocument, guess: number | null): number | null {
  if (guess !== null && guess >= 0 && guess < document.lineCount && isLineOf(damage, lineText(document, guess)))
    return guess;
  if (damage.entryId === null) return null;
  for (let line = 0; line < document.lineCount; line += 1) if (isLineOf(damage, lineText(document, line))) return line;
  return null;
}

function isLineOf({ entryId, within }: TranscriptDamage, text: string): boolean {
  return Buffer.byteLength(text) === within.bytes && (entryId === null || text.includes(JSON.stringify(entryId)));
}

/** The text of a line (from 0) without its end. */
function lineText(document: TextDocument, line: number): string {
  const range = { start: { line, character: 0 }, end: { line: line + 1, character: 0 } };
  return document.getText(range).replace(/[\r\n]+$/, "");
}

function rangeInLine(line: number, read: ReadBytes, damage: TranscriptDamage): Range {
  const text = damage.within.bytes > LONGEST_READ ? null : read(damage.within);
  return text === null ? wholeLine(line) : inText(line, text, damage);
}

function inText(line: number, text: Buffer, { bytes, offset, within }: TranscriptDamage): Range {
  const from = offset - within.offset;
  const start = unitsIn(text, from);
  const end = unitsIn(text, from + bytes);
  // An empty place at the very end would be invisible.
  return { start: { line, character: start === end && start > 0 ? start - 1 : start }, end: { line, character: end } };
}

/** Carriage returns and broken entries make other lines of a text than its newlines do: then the bytes before it are counted. */
function rangeByOffset(
  { bytes, offset, within }: TranscriptDamage,
  document: TextDocument,
  read: ReadBytes,
): Range | null {
  const text = Buffer.from(document.getText());
  const onDisk = within.bytes > LONGEST_READ ? null : read(within);
  // What is in the editor is not what was read.
  if (onDisk?.equals(text.subarray(within.offset, within.offset + within.bytes)) !== true) return null;
  const start = unitsIn(text, offset);
  const end = start + text.toString("utf8", offset, offset + bytes).length;
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

const unitsIn = (text: Buffer, bytes: number): number => text.toString("utf8", 0, bytes).length;

const wholeLine = (line: number): Range => ({
  start: { line, character: 0 },
  end: { line, character: LINE_END },
});
