/** A part of a transcript that is too large for an editor: the lines that begin in one block of the file, read without the others. */
import type { LocatedFragment } from "../../engine/lookup.ts";
import { escaped } from "../../engine/present/names.ts";
import { partName, sessionLabel } from "../../engine/present/sessions.ts";
import { type FilePart, lastBlocks, readBlock } from "../../engine/transcripts/file-blocks.ts";
import type { OpenTranscripts } from "../../engine/transcripts/open-transcripts.ts";
import { size } from "../../model/amounts.ts";
import type { HomeSnapshot } from "../../model/snapshot.ts";
import type { DocumentContents } from "../../protocol/documents.ts";
import { FileError, isInside, pathFrom, realPath } from "../../system/files.ts";
import { transcriptUri } from "../targets.ts";
import { blockOf, blockPart } from "./addresses.ts";
import type { Part } from "./addresses.ts";
import { oneLine } from "./parts.ts";

/** Throws FileError when the file can't be read any more. */
export function blockDocument(
  transcripts: OpenTranscripts,
  home: HomeSnapshot,
  located: LocatedFragment,
  part: Part,
): Omit<DocumentContents, "version"> {
  const path = pathFrom(home.home.path, located.entry.fragment.path);
  if (!isInside(home.home.path, realPath(path) ?? path))
    throw new FileError("not-a-file", path, "leads out of the home");
  const file = transcripts.file(path);
  const isEnd = part === "end";
  const shown = readBlock(path, isEnd ? lastBlocks(file.size) : (blockOf(part) ?? 0), isEnd);
  const uriOf = (block: number | null): string | null =>
    block === null ? null : transcriptUri(home, located, blockPart(block));
  const isShort = shown.older === null && shown.newer === null;
  return {
    text: shown.lines.map(({ text }) => `${oneLine(text)}\n`).join(""),
    summary: summaryOf(located, shown, linesBefore(transcripts, path, shown)),
    older: uriOf(shown.older),
    newer: uriOf(shown.newer),
    newest: isShort || isEnd ? null : transcriptUri(home, located, "end"),
    notes: notesOf(shown),
  };
}

/** Lines of the file before the part, where they are counted already: nobody waits for that. */
function linesBefore(transcripts: OpenTranscripts, path: string, { start }: FilePart): number | null {
  return transcripts.file(path).countedBefore(start);
}

/** "incident · live · 4 MB to 6 MB of 1 GB · lines 1201 to 1873" */
function summaryOf({ agent, entry }: LocatedFragment, part: FilePart, before: number | null): string {
  const { end, lines, older, newer, start } = part;
  const extent =
    older === null && newer === null ? size(part.size) : `${size(start)} to ${size(end)} of ${size(part.size)}`;
  const numbers = before === null || lines.length === 0 ? [] : [`lines ${before + 1} to ${before + lines.length}`];
  const what = partName(entry.session, entry.fragment);
  return escaped([sessionLabel(entry.session, agent.reading.name), what, extent, ...numbers].join(" · "));
}

function notesOf({ lines }: FilePart): DocumentContents["notes"] {
  return lines.flatMap(({ bytes, text }, line) => {
    const shown = Buffer.byteLength(text);
    return shown >= bytes ? [] : [{ line, text: `This line has ${size(bytes)}, of which ${size(shown)} are shown` }];
  });
}
