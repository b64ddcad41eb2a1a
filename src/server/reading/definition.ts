/** `textDocument/definition`: from a line to what it refers to: parent, call, started command, named file, fragment before. */
import type { Connection, Location, Position } from "vscode-languageserver/node";

import { conversationDefinition } from "../conversation/editor-features.ts";
import { answering } from "./answering.ts";
import { execsOfLine, startsOf } from "./exec-relations.ts";
import type { LineEntry } from "./line-entry.ts";
import { lineEntry } from "./line-entry.ts";
import { NamedPlaces } from "./named-places.ts";
import { lineLocation } from "./locations.ts";
import type { Reading, ReadingContext } from "./reading.ts";
import { callOf, entryWithId, stepsOf } from "./relations.ts";
import { callNamed, entryNamed, resultOf, Seeker } from "./seeking.ts";
import { stringAt } from "./string-at.ts";

/** What one request works with. */
interface Line {
  readonly context: ReadingContext;
  readonly reading: Reading;
  readonly own: LineEntry;
  /** Lines of the document before and after it. */
  readonly around: readonly LineEntry[];
  readonly seeker: Seeker;
}

/** The entry with this id: in the document, else in its fragment, else in the fragments before. */
async function entry({ around, own, reading, seeker }: Line, id: string): Promise<Location[]> {
  const near = entryWithId(around, id, own.line);
  if (near !== null) return [lineLocation(reading.uri, near.line)];
  const inOwn = await seeker.own(entryNamed(id));
  return inOwn.length > 0 ? inOwn : seeker.before(entryNamed(id));
}

/** The call that the line, a result, answers. */
async function call({ around, own, reading, seeker }: Line, id: string): Promise<Location[]> {
  const step = callOf(around, own);
  if (step !== null) return [lineLocation(reading.uri, step.caller.line)];
  const inOwn = await seeker.own(callNamed(id));
  return inOwn.length > 0 ? inOwn.slice(-1) : seeker.before(callNamed(id));
}

/** The result of a call in the line. */
async function result({ around, own, reading, seeker }: Line, id: string): Promise<Location[]> {
  const step = stepsOf(around, own).find((one) => one.call.id === id);
  if (step?.result) return [lineLocation(reading.uri, step.result.line)];
  const inOwn = await seeker.own(resultOf(id));
  return inOwn.length > 0 ? inOwn.slice(0, 1) : seeker.after(resultOf(id));
}

/** What the string under the cursor names; null when it names nothing. */
async function ofString(line: Line, value: string): Promise<Location[] | null> {
  const { own } = line;
  if (value === "") return null;
  if (value === own.parentId || value === own.compaction?.firstKeptId) return entry(line, value);
  if (value === own.toolResult?.callId) return call(line, value);
  if (own.toolCalls.some(({ id }) => id === value)) return result(line, value);
  return null;
}

/** What the line as a whole refers to. */
async function ofLine(line: Line): Promise<Location[]> {
  const { context, own, reading, seeker } = line;
  if (own.kind === "header") return seeker.previousEnd();
  const starts = startsOf(await execsOfLine(context, reading, own));
  if (starts.length > 0) return seeker.at(starts);
  if (own.toolResult?.callId) return call(line, own.toolResult.callId);
  return own.parentId === null ? [] : entry(line, own.parentId);
}

async function definition(
  reading: Reading,
  { character, line }: Position,
  signal: AbortSignal,
  context: ReadingContext,
): Promise<Location[]> {
  const text = (await reading.text(line, signal)) ?? "";
  if (text.trim() === "") return [];
  const around = await reading.around(line, signal);
  const own = around.find((one) => one.line === line) ?? lineEntry(line, reading.entry(text));
  const seeker = new Seeker(context, reading, signal);
  const request = { context, reading, own, around, seeker };
  const named = new NamedPlaces(context, reading)
    .in(text)
    .find(({ end, start }) => start <= character && character <= end);
  if (named !== undefined) return [named.location];
  const string = stringAt(text, character);
  return (string === null ? null : await ofString(request, string.value)) ?? ofLine(request);
}

export function registerDefinition(connection: Connection, context: () => ReadingContext): void {
  connection.onDefinition(
    answering(
      context,
      (reading, { position }, signal, given) => definition(reading, position, signal, given),
      (shown, { position, textDocument }, given) => conversationDefinition(given, shown, textDocument.uri, position),
    ),
  );
}
