/** Commands that open something: transcripts, stores, places of findings, chains, explanations, the guide. */
import * as vscode from "vscode";

import { DOCUMENT_SCHEME } from "../../protocol/documents.ts";
import { Method } from "../../protocol/methods.ts";
import type { Way } from "../documents/virtual-documents.ts";
import type { Place } from "./targets.ts";
import { findingFor, isEndOf, lensPlace, placeFor, placeOf, rowOf, sessionFor } from "./targets.ts";
import { pickAgent } from "./picks.ts";
import { revealPlace } from "./reveal.ts";
import type { Handler, Services } from "./services.ts";

const NO_PART: Readonly<Record<Way, string>> = {
  older: "The editor shows no part of a transcript that has older events.",
  newer: "The editor shows no part of a transcript that has newer events.",
  newest: "The editor shows no part of a transcript that has newer events.",
};

const NO_TRANSCRIPT = "This is no transcript of a home that is known here.";

async function typeOf(uri: vscode.Uri): Promise<vscode.FileType | undefined> {
  try {
    return (await vscode.workspace.fs.stat(uri)).type;
  } catch {
    return undefined;
  }
}

/** A part of a transcript that has others before it and none after it is opened for what happened last. */
async function openDocument(services: Services, { uri, line }: Pick<Place, "line" | "uri">): Promise<void> {
  const { documents } = services;
  await vscode.commands.executeCommand("vscode.open", uri, { preview: true, ...selectionOf(line) });
  const isEnd = documents.partOf(uri, "older") !== undefined && documents.partOf(uri, "newer") === undefined;
  if (line === null && isEnd) revealEnd(uri);
}

function revealEnd(uri: vscode.Uri): void {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.uri.toString() !== uri.toString()) return;
  // Behind the last event stands an empty line.
  const last = new vscode.Position(Math.max(0, editor.document.lineCount - 2), 0);
  editor.selection = new vscode.Selection(last, last);
  editor.revealRange(new vscode.Range(last, last));
}

const selectionOf = (line: number | null): { selection?: vscode.Range } =>
  line === null ? {} : { selection: new vscode.Range(line - 1, 0, line - 1, 0) };

/** Through the workbench and not as a document of this extension: VS Code gives extensions no file beyond 50 MB. */
export async function openPlace(services: Services, { uri, line }: Pick<Place, "line" | "uri">): Promise<void> {
  if (uri.scheme === DOCUMENT_SCHEME) return openDocument(services, { uri, line });
  const type = await typeOf(uri);
  if (type === undefined)
    return void vscode.window.showWarningMessage(`${uri.fsPath} is not there any more, or can't be read.`);
  if (type & vscode.FileType.Directory) return revealPlace(uri);
  await vscode.commands.executeCommand("vscode.open", uri, { preview: true, ...selectionOf(line) });
}

export const openTranscript =
  (services: Services): Handler =>
  async (argument) => {
    const place = await placeFor(services, argument, "Open Transcript");
    if (place !== undefined) await openPlace(services, place);
  };

/** In parts, however large it is: an editor opens no file of a gigabyte, and tells extensions nothing of one beyond 50 MB. */
export const openAsParts =
  (services: Services): Handler =>
  async (argument) => {
    const editor = vscode.window.activeTextEditor?.document.uri;
    const place = await placeFor(services, argument ?? editor, "Open as Readable Parts");
    if (place === undefined) return;
    const parts = await services.catalogue.ask(Method.readableParts, { uri: place.uri.toString() });
    if (parts === null) return void vscode.window.showInformationMessage(NO_TRANSCRIPT);
    await openPlace(services, placeOf(parts));
  };

/** The place that a lens of the server leads to. */
export const openLensPlace =
  (services: Services): Handler =>
  async (argument) => {
    const place = lensPlace(argument);
    if (place === undefined) return;
    await openPlace(services, place);
    if (isEndOf(argument)) revealEnd(place.uri);
  };

export const openFindingPlace =
  (services: Services): Handler =>
  async (argument) => {
    const row = rowOf(argument, services);
    if (row?.kind === "place") return openPlace(services, placeOf(row.file, row.line));
    const finding = await findingFor(services, argument, "Open Place of Finding");
    if (finding !== undefined) await openPlace(services, placeOf(finding.file, finding.line));
  };

export const openStore =
  (services: Services): Handler =>
  async (argument) => {
    const row = rowOf(argument, services);
    const agent = row?.kind === "agent" ? row.agent : await pickAgent(services.catalogue, "Open Store");
    if (agent !== undefined) await openPlace(services, placeOf(agent.store));
  };

export const showChain =
  (services: Services): Handler =>
  async (argument) => {
    const session = await sessionFor(services, argument, "Show Chain");
    if (session !== undefined) await services.reports.open({ about: "chain", session: session.ref }, session.label);
  };

export const explainFinding =
  (services: Services): Handler =>
  async (argument) => {
    const row = rowOf(argument, services);
    if (row?.kind === "trouble" && row.trouble.findingId !== null)
      return services.reports.open({ about: "finding", findingId: row.trouble.findingId }, "Database");
    const finding = await findingFor(services, argument, "Explain Finding");
    if (finding !== undefined) await services.reports.open({ about: "finding", findingId: finding.id }, finding.code);
  };

/** Another part of the transcript whose part is shown: by a lens or a button of its editor, or from the palette. */
export const openPart =
  (way: Way) =>
  (services: Services): Handler =>
  async (argument) => {
    const from = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
    const uri = from === undefined ? undefined : services.documents.partOf(from, way);
    if (uri === undefined) return void vscode.window.showInformationMessage(NO_PART[way]);
    await openPlace(services, { uri, line: null });
    if (way === "older") revealEnd(uri);
  };

export const openGuide =
  ({ context }: Services): Handler =>
  () =>
    vscode.commands.executeCommand<void>(
      "markdown.showPreview",
      vscode.Uri.joinPath(context.extensionUri, "docs", "where-state-lives.md"),
    );
