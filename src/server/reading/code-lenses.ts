/** `textDocument/codeLens`: at the top and at the end of a transcript the ways along its chain, and what lies before it. */
import type { CodeLens, Command, Connection } from "vscode-languageserver/node";

import type { LocatedFragment } from "../../engine/lookup.ts";
import { fragmentLabel, linkStanding } from "../../engine/present/sessions.ts";
import { messageCount } from "../../engine/transcripts/message-counts.ts";
import { count, size } from "../../model/amounts.ts";
import type { Fragment } from "../../model/fragment.ts";
import { LensCommand } from "../../protocol/lenses.ts";
import type { DocumentPlace } from "../../protocol/lenses.ts";
import type { HomeSnapshot } from "../../model/snapshot.ts";
import { FileError, pathFrom } from "../../system/files.ts";
import { lastBlocks } from "../../engine/transcripts/file-blocks.ts";
import { isLong } from "../documents/parts.ts";
import { newest } from "../answers.ts";
import { uriOf } from "../paths.ts";
import { isTooLarge, needsDocument, transcriptUri } from "../targets.ts";
import { transcriptAt } from "../transcript-at.ts";
import type { ShownTranscript } from "../transcript-at.ts";
import { answering } from "./answering.ts";
import type { Reading, ReadingContext } from "./reading.ts";

/** Archives of more bytes are not read only to be counted. */
const MOST_COUNTED = 64 << 20;

/** What a lens keeps until it is shown. */
interface Unresolved {
  readonly uri: string;
}

const lensAt = (line: number, lens: Omit<CodeLens, "range">): CodeLens => ({
  range: { start: { line, character: 0 }, end: { line, character: 0 } },
  ...lens,
});

/** Whether the document shows the fragment's beginning, and its end. */
function shown({ address, located }: Reading): { readonly beginning: boolean; readonly end: boolean } {
  const fragment = located?.entry.fragment;
  if (address === null || fragment === undefined) return { beginning: true, end: true };
  const { part } = address;
  const isShort = isTooLarge(fragment) ? lastBlocks(fragment.bytes) === 0 : !isLong(fragment);
  return {
    beginning: isShort || part === "start" || part === "whole",
    end: isShort || part === "end" || part === "whole",
  };
}

const placeArgument = (uri: string, line: DocumentPlace["line"]): DocumentPlace => ({ uri, line });

interface Neighbour {
  readonly reading: Reading;
  readonly fragment: Fragment;
  /** "↑ Previous", "↓ Next" */
  readonly word: string;
  /** How sure it is that the two belong together. */
  readonly standing: string;
  /** Where it is to be read on: of what came before its end, of what came after its beginning. */
  readonly at: "beginning" | "end";
}

/** What opens; null where the client can't open it. */
function neighbourUri(
  context: ReadingContext,
  home: HomeSnapshot,
  located: LocatedFragment,
  at: Neighbour["at"],
): string | null {
  const { fragment } = located.entry;
  if (needsDocument(fragment) && !context.ownDocuments) return null;
  if (!needsDocument(fragment) && !(isTooLarge(fragment) && context.ownDocuments))
    return uriOf(pathFrom(home.home.path, fragment.path));
  return transcriptUri(home, located, at === "end" && isLong(fragment) ? "end" : "start");
}

/** Undefined where the client can't open it. */
function neighbourCommand(
  context: ReadingContext,
  { at, fragment, reading: { home, located }, standing, word }: Neighbour,
): Command | undefined {
  if (home === null || located === null) return undefined;
  const { session } = located.entry;
  const uri = neighbourUri(context, home, { agent: located.agent, entry: { session, fragment } }, at);
  if (uri === null) return undefined;
  return {
    title: `${word} fragment: ${fragmentLabel(session, fragment)} · link ${standing}`,
    command: LensCommand.openPlace,
    arguments: [placeArgument(uri, at === "end" ? "end" : null)],
  };
}

/** The fragment before this one, with how its link stands; where none could be named, what is known of it. */
function previousLens(context: ReadingContext, reading: Reading): CodeLens[] {
  const { linked, position = 0, session } = reading.located!.entry;
  if (linked !== undefined && linked.link === null && linked.open !== null) {
    const command = { title: "Previous fragment: open", command: LensCommand.evidence };
    return [lensAt(0, { command: { ...command, arguments: [placeArgument(reading.uri, null)] } })];
  }
  const fragment = session.fragments[position - 1]?.fragment;
  if (fragment === undefined || linked === undefined || linked.link === null) return [];
  const { certainty: standing } = linked.link;
  const command = neighbourCommand(context, { reading, fragment, word: "↑ Previous", standing, at: "end" });
  return command === undefined ? [] : [lensAt(0, { command })];
}

function nextLens(context: ReadingContext, reading: Reading, line: number): CodeLens[] {
  const { position, session } = reading.located!.entry;
  const next = position === undefined ? undefined : session.fragments[position + 1];
  if (next === undefined) return [];
  const { fragment } = next;
  const standing = linkStanding(next);
  const command = neighbourCommand(context, { reading, fragment, word: "↓ Next", standing, at: "beginning" });
  return command === undefined ? [] : [lensAt(line, { command })];
}

/** The lens that leads to the whole session; it stands in every part. */
function chainLens({ located, uri }: Reading): CodeLens[] {
  const { session } = located!.entry;
  const fragments = count(session.fragments.length, "fragment");
  return [
    lensAt(0, {
      command: {
        title: `Whole chain: ${fragments}`,
        command: LensCommand.chain,
        arguments: [placeArgument(uri, null)],
      },
    }),
  ];
}

/** Told when it is to be shown: the archives are read for it. */
function archivedLens({ located, uri }: Reading): CodeLens[] {
  const data: Unresolved = { uri };
  return (located?.entry.position ?? 0) > 0 ? [lensAt(0, { data })] : [];
}

async function codeLenses(reading: Reading, context: ReadingContext): Promise<CodeLens[]> {
  if (reading.located === null) return [];
  const { beginning, end } = shown(reading);
  const last = end ? await reading.lastLine() : null;
  return [
    ...(beginning ? previousLens(context, reading) : []),
    ...chainLens(reading),
    ...(beginning ? archivedLens(reading) : []),
    ...(last === null ? [] : nextLens(context, reading, last)),
  ];
}

/** "12 archived messages before this one, in 2 fragments" */
async function archivedTitle({ host }: ReadingContext, { home, located }: ShownTranscript): Promise<string> {
  const { position = 0, session } = located.entry;
  const before = session.fragments.slice(0, position).map(({ fragment }) => fragment);
  const bytes = before.reduce((sum, fragment) => sum + fragment.bytes, 0);
  const fragments = count(before.length, "fragment");
  if (bytes > MOST_COUNTED) return `${fragments} (${size(bytes)}) before this one`;
  let messages = 0;
  try {
    for (const fragment of before) messages += await messageCount(host, home.home, fragment);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return `${fragments} (${size(bytes)}) before this one, not all of which can be read`;
  }
  return `${count(messages, "archived message")} before this one, in ${fragments}`;
}

/** Undefined for what is no lens of ours: any client may send anything. */
function unresolvedUri(data: unknown): string | undefined {
  const isObject = typeof data === "object" && data !== null && "uri" in data;
  return isObject && typeof data.uri === "string" ? data.uri : undefined;
}

async function resolved(context: ReadingContext, lens: CodeLens): Promise<CodeLens> {
  const uri = unresolvedUri(lens.data) ?? "";
  const transcript = transcriptAt(newest(context.host), uri);
  // It was closed, or is gone.
  if (transcript === undefined) return { ...lens, command: { title: "", command: "" } };
  const title = await archivedTitle(context, transcript);
  return { ...lens, command: { title, command: LensCommand.chain, arguments: [placeArgument(uri, null)] } };
}

export function registerCodeLenses(connection: Connection, context: () => ReadingContext): void {
  connection.onCodeLens(answering(context, (reading, _params, _signal, given) => codeLenses(reading, given)));
  connection.onCodeLensResolve((lens) => resolved(context(), lens));
}
