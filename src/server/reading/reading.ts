/** A document that is read as a transcript: whose it is, and its lines, from the editor's text or from the file itself. */
import { TextDocument } from "vscode-languageserver-textdocument";

import { readEntry } from "../../agents/transcripts.ts";
import { locateById, locateFragment } from "../../engine/lookup.ts";
import type { LocatedFragment } from "../../engine/lookup.ts";
import type { TranscriptEntry } from "../../model/entry.ts";
import type { Program } from "../../model/home.ts";
import type { HomeSnapshot } from "../../model/snapshot.ts";
import { pathFrom } from "../../system/files.ts";
import { newest } from "../answers.ts";
import type { Conversations } from "../conversation/conversations.ts";
import { addressOf } from "../documents/addresses.ts";
import type { Address } from "../documents/addresses.ts";
import { transcriptDocument } from "../documents/transcript.ts";
import type { EngineHost } from "../engine-host.ts";
import { placeInHomes } from "../home-places.ts";
import type { OpenDocuments } from "../open-documents.ts";
import { pathOf } from "../paths.ts";
import { fileSource } from "./file-source.ts";
import type { LineEntry } from "./line-entry.ts";
import { textSource } from "./text-source.ts";

/** A stretch of a file that nobody has read. */
export interface Gap {
  /** Lines from 0; both belong to it. */
  readonly first: number;
  readonly last: number;
  readonly bytes: number;
}

/** The lines of a document, as far as they are read: all of them, or beginning and end of a large file. */
export interface Lines {
  /** One or two lists that stand one behind the other, without blank lines. */
  readonly stretches: readonly (readonly LineEntry[])[];
  /** What lies between two stretches. */
  readonly gap: Gap | null;
  /** What lies behind the last stretch, as long as its lines are not counted: the line that it begins at, and its bytes. */
  readonly rest: { readonly line: number; readonly bytes: number } | null;
}

/** Where lines come from. All reject with FileError, and with the signal's reason once it is aborted. */
export interface LineSource {
  /** The text of a line, from 0, cut where it is huge; null when there is no such line. */
  text(line: number, signal?: AbortSignal): Promise<string | null>;
  /** The lines before and after this one: all, or in a large file as many as a few turns have. */
  around(line: number, signal?: AbortSignal): Promise<readonly LineEntry[]>;
  lines(signal?: AbortSignal): Promise<Lines>;
  /** The last line of the document, from 0; null as long as the lines are not counted. */
  lastLine(signal?: AbortSignal): Promise<number | null>;
  /** The texts of the same lines. */
  texts(signal?: AbortSignal): AsyncIterable<TextLine>;
}

/** A line of a document, from 0. */
export interface TextLine {
  readonly line: number;
  readonly text: string;
}

export interface Reading extends LineSource {
  readonly uri: string;
  /** What a line says. */
  readonly entry: (line: string) => TranscriptEntry;
  /** The file on disk, absolute; of a window the database. */
  readonly path: string;
  readonly program: Program;
  /** Null for a file that lies in no home that is known. */
  readonly home: HomeSnapshot | null;
  /** Null for a file that is no fragment of any session. */
  readonly located: LocatedFragment | null;
  readonly address: Extract<Address, { what: "transcript" }> | null;
}

export interface ReadingContext {
  readonly host: EngineHost;
  readonly documents: OpenDocuments;
  readonly conversations: Conversations;
  /** The client opens documents of the scheme `DOCUMENT_SCHEME`. */
  readonly ownDocuments: boolean;
}

/** The document as a transcript; null when it is none. Rejects with FileError when it can't be read. */
export async function openReading(context: ReadingContext, uri: string): Promise<Reading | null> {
  const address = addressOf(uri);
  if (address !== null) return address.what === "transcript" ? readingOfPart(context, uri, address) : null;
  const path = pathOf(uri);
  return path === null || !/\.jsonl(?!.*\.(?:lock|zst)$)/.test(path) ? null : readingOfFile(context, uri, path);
}

async function readingOfPart(
  { documents, host }: ReadingContext,
  uri: string,
  address: Extract<Address, { what: "transcript" }>,
): Promise<Reading | null> {
  const home = newest(host).homes.find((one) => one.home.path === address.home);
  const located = home === undefined ? undefined : locateById(home, address.fragment);
  if (home === undefined || located === undefined) return null;
  const program = home.home.program;
  const document =
    documents.text(uri) ??
    TextDocument.create(uri, "jsonl", 0, (await transcriptDocument(host, home, located, address.part)).text);
  const path = pathFrom(home.home.path, located.entry.fragment.path);
  const entry = (line: string): TranscriptEntry => readEntry(program, line);
  return { uri, path, program, home, located, address, entry, ...textSource(document, entry) };
}

async function readingOfFile({ documents, host }: ReadingContext, uri: string, path: string): Promise<Reading | null> {
  const place = placeInHomes(newest(host), uri);
  const located = place === null ? undefined : locateFragment(place.home, place.path);
  const home = place?.home ?? null;
  const program = home?.home.program ?? "openclaw";
  const document = documents.text(uri);
  const entry = (line: string): TranscriptEntry => readEntry(program, line);
  const source = document === undefined ? fileSource(host.transcripts.file(path), entry) : textSource(document, entry);
  const reading = { uri, path, program, home, located: located ?? null, address: null, entry, ...source };
  // Other files have similar names: a transcript that no session has is known by its header.
  if (located === undefined && entry((await reading.text(0)) ?? "").kind !== "header") return null;
  return reading;
}
