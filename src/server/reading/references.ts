/** `textDocument/references`: what refers to a line: entries that follow it, results of its calls, the end of what it started. */
import type { Connection, Location, ReferenceParams } from "vscode-languageserver/node";

import { pathFrom } from "../../system/files.ts";
import { uriOf } from "../paths.ts";
import { answering } from "./answering.ts";
import { endsOf, execsOfLine } from "./exec-relations.ts";
import { lineEntry } from "./line-entry.ts";
import type { LineEntry } from "./line-entry.ts";
import { lineLocation } from "./locations.ts";
import type { Lines, Reading, ReadingContext } from "./reading.ts";
import { childrenOf, stepsOf } from "./relations.ts";
import { childOf, Seeker } from "./seeking.ts";

/** The row of the store that names the fragment. */
function rowOf({ home, located }: Reading): Location[] {
  const row = located?.entry.session.row;
  const store = located?.agent.reading.store;
  if (home === null || located === null || row === null || row === undefined || row.line === null) return [];
  if (store === undefined || store.kind !== "file" || row.sessionId !== located.entry.fragment.sessionId) return [];
  return [lineLocation(uriOf(pathFrom(home.home.path, store.path)), row.line - 1)];
}

/** Whether the document shows all of its fragment, so that nothing has to be looked for elsewhere in it. */
const isWhole = ({ address }: Reading, { gap, rest }: Lines): boolean =>
  address === null && gap === null && rest === null;

async function followers(reading: Reading, own: LineEntry, seeker: Seeker, signal: AbortSignal): Promise<Location[]> {
  if (own.id === null) return [];
  const lines = await reading.lines(signal);
  const near = childrenOf(lines.stretches.flat(), own).map(({ line }) => lineLocation(reading.uri, line));
  const inOwn = near.length > 0 || isWhole(reading, lines) ? near : await seeker.own(childOf(own.id));
  // Where a reset divides a conversation the first entry behind it follows the last one before it.
  return [...inOwn, ...(await seeker.after(childOf(own.id)))];
}

async function references(
  reading: Reading,
  { context: { includeDeclaration }, position: { line } }: ReferenceParams,
  signal: AbortSignal,
  context: ReadingContext,
): Promise<Location[]> {
  const text = (await reading.text(line, signal)) ?? "";
  if (text.trim() === "") return [];
  const around = await reading.around(line, signal);
  const own = around.find((one) => one.line === line) ?? lineEntry(line, reading.entry(text));
  const seeker = new Seeker(context, reading, signal);
  const self = includeDeclaration ? [lineLocation(reading.uri, line)] : [];
  if (own.kind === "header") return unique([...self, ...rowOf(reading), ...(await seeker.nextBeginning())]);
  const results = stepsOf(around, own).flatMap(({ result }) =>
    result === null ? [] : [lineLocation(reading.uri, result.line)],
  );
  const ends = await seeker.at(endsOf(await execsOfLine(context, reading, own)));
  return unique([...self, ...(await followers(reading, own, seeker, signal)), ...results, ...ends]);
}

/** A result often follows its call as well. */
function unique(locations: readonly Location[]): Location[] {
  return [...new Map(locations.map((one) => [`${one.uri}#${one.range.start.line}`, one])).values()];
}

export function registerReferences(connection: Connection, context: () => ReadingContext): void {
  connection.onReferences(answering(context, references));
}
