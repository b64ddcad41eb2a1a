/** What a command was started on: the row, file or selection that its argument stands for, or else what the person picks. */
import * as vscode from "vscode";

import { CONVERSATION_SCHEME } from "../../protocol/conversation.ts";
import type { FindingItem } from "../../protocol/findings.ts";
import type { FileTarget } from "../../protocol/items.ts";
import { Method } from "../../protocol/methods.ts";
import type { SessionItem } from "../../protocol/sessions.ts";
import type { Catalogue } from "../catalogue.ts";
import type { FindingsNode } from "../views/findings/nodes.ts";
import type { SearchNode } from "../views/search/nodes.ts";
import type { SessionsNode } from "../views/sessions/nodes.ts";
import { subjectOf } from "../conversations/conversation-uri.ts";
import { pickFinding, pickSession } from "./picks.ts";
import type { Services } from "./services.ts";

export type Row = SessionsNode | FindingsNode | SearchNode;

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

const isRow = (value: unknown): value is Row => isObject(value) && "kind" in value && "id" in value;

/** Keybindings of package.json pass this: VS Code does not tell them which row has the focus. */
const meansSelection = (value: unknown): boolean => isObject(value) && "from" in value && value.from === "selection";

export function rowOf(argument: unknown, { sessionsView }: Services): Row | undefined {
  if (isRow(argument)) return argument;
  return meansSelection(argument) ? sessionsView.tree.selection[0] : undefined;
}

/** Whether a lens means the end of its document. */
export const isEndOf = (argument: unknown): boolean =>
  isObject(argument) && "line" in argument && argument.line === "end";

/** What a lens of the server passes; undefined for anything else. */
export function lensPlace(argument: unknown): Place | undefined {
  if (!isObject(argument) || !("uri" in argument) || typeof argument.uri !== "string") return undefined;
  const line = "line" in argument && typeof argument.line === "number" ? argument.line : null;
  const uri = vscode.Uri.parse(argument.uri);
  return { uri, file: uri, line };
}

/** The session that a row stands for or below. */
async function sessionOfRow(catalogue: Catalogue, row: Row | undefined): Promise<SessionItem | undefined> {
  for (let node = row; node !== undefined; node = node.parent) {
    if (node.kind === "session") return node.session;
    if (node.kind === "foundSession") return catalogue.ask(Method.session, { session: node.gathered.session.ref });
    if (node.kind === "finding" && node.finding.session !== null)
      return catalogue.ask(Method.session, { session: node.finding.session });
  }
  return undefined;
}

async function sessionOfFile(catalogue: Catalogue, uri: vscode.Uri): Promise<SessionItem | undefined> {
  const shown = uri.scheme === CONVERSATION_SCHEME ? subjectOf(uri) : undefined;
  if (shown !== undefined) return catalogue.ask(Method.session, { session: shown.session });
  const located = await catalogue.ask(Method.locate, { uri: uri.toString() });
  return located?.session ? catalogue.ask(Method.session, { session: located.session }) : undefined;
}

/** The session that the argument means; without one the person is asked. Undefined when they leave. */
export async function sessionFor(
  services: Services,
  argument: unknown,
  title: string,
): Promise<SessionItem | undefined> {
  const { catalogue } = services;
  const document = argument instanceof vscode.Uri ? argument : lensPlace(argument)?.uri;
  const meant =
    document !== undefined
      ? await sessionOfFile(catalogue, document)
      : await sessionOfRow(catalogue, rowOf(argument, services));
  return meant ?? pickSession(catalogue, title);
}

/** The finding that the argument means; without one the person is asked. */
export async function findingFor(
  services: Services,
  argument: unknown,
  title: string,
): Promise<FindingItem | undefined> {
  return findingOfRow(rowOf(argument, services)) ?? pickFinding(services.catalogue, title);
}

/** The finding that a row stands for or below. */
export function findingOfRow(row: Row | undefined): FindingItem | undefined {
  for (let node = row; node !== undefined; node = node.parent) if (node.kind === "finding") return node.finding;
  return undefined;
}

export interface Place {
  /** What opens. */
  readonly uri: vscode.Uri;
  /** The file or folder on disk: for a window of a database, the database. */
  readonly file: vscode.Uri;
  /** Counted from 1. */
  readonly line: number | null;
}

export const placeOf = ({ path, uri }: FileTarget, line: number | null = null): Place => ({
  uri: vscode.Uri.parse(uri),
  file: vscode.Uri.file(path),
  line,
});

const placeOfFile = (file: vscode.Uri): Place => ({ uri: file, file, line: null });

function placeOfRow(row: Row): Place | undefined {
  switch (row.kind) {
    case "environment":
      return placeOf(row.warning.home);
    case "home":
      return placeOf(row.home);
    case "agent":
    case "unattributed":
      return placeOf(row.agent.folder);
    case "session":
      return row.session.newest === null ? undefined : placeOf(row.session.newest);
    case "fragment":
      return placeOf(row.fragment.file);
    case "trouble":
      return placeOf(row.trouble.file);
    case "finding":
      return placeOf(row.finding.file, row.finding.line);
    case "place":
      return placeOf(row.file, row.line);
    case "foundLine":
      return placeOf(row.line.file, row.line.line);
    case "unsearched":
      return placeOf(row.item.file);
    case "skipped":
      return placeOfFile(vscode.Uri.file(row.path));
    case "checkpoints":
    case "more":
    case "severity":
    case "pending":
    case "healthy":
    case "checked":
    case "skippedGroup":
    case "moreFindings":
    case "foundSession":
    case "foundName":
    case "moreFound":
    case "unsearchedGroup":
      return undefined;
  }
}

/** The file or folder that the argument means; without one the newest transcript of the session that the person picks. */
export async function placeFor(services: Services, argument: unknown, title: string): Promise<Place | undefined> {
  if (argument instanceof vscode.Uri) return placeOfFile(argument);
  const row = rowOf(argument, services);
  const place = row === undefined ? undefined : placeOfRow(row);
  if (place !== undefined) return place;
  const session = await pickSession(services.catalogue, title, ({ newest }) => newest !== null);
  return session?.newest ? placeOf(session.newest) : undefined;
}
