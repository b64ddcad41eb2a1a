/** Commands that open something: transcripts, stores, places of findings, chains, explanations, the guide. */
import * as vscode from "vscode";

import type { Place } from "./targets.ts";
import { findingFor, placeFor, rowOf, sessionFor } from "./targets.ts";
import { pickAgent } from "./picks.ts";
import { revealPlace } from "./reveal.ts";
import type { Handler, Services } from "./services.ts";

async function typeOf(uri: vscode.Uri): Promise<vscode.FileType | undefined> {
  try {
    return (await vscode.workspace.fs.stat(uri)).type;
  } catch {
    return undefined;
  }
}

/** Through the workbench and not as a document of this extension: VS Code gives extensions no file beyond 50 MB. */
async function openPlace({ uri, line }: Place): Promise<void> {
  const type = await typeOf(uri);
  if (type === undefined)
    return void vscode.window.showWarningMessage(`${uri.fsPath} is not there any more, or can't be read.`);
  if (type & vscode.FileType.Directory) return revealPlace(uri);
  const selection = line === null ? {} : { selection: new vscode.Range(line - 1, 0, line - 1, 0) };
  await vscode.commands.executeCommand("vscode.open", uri, { preview: true, ...selection });
}

export const openTranscript =
  (services: Services): Handler =>
  async (argument) => {
    const place = await placeFor(services, argument, "Open Transcript");
    if (place !== undefined) await openPlace(place);
  };

export const openFindingPlace =
  (services: Services): Handler =>
  async (argument) => {
    const row = rowOf(argument, services);
    if (row?.kind === "place") return openPlace({ uri: vscode.Uri.parse(row.file.uri), line: row.line });
    const finding = await findingFor(services, argument, "Open Place of Finding");
    if (finding !== undefined) await openPlace({ uri: vscode.Uri.parse(finding.file.uri), line: finding.line });
  };

export const openStore =
  (services: Services): Handler =>
  async (argument) => {
    const row = rowOf(argument, services);
    const agent = row?.kind === "agent" ? row.agent : await pickAgent(services.catalogue, "Open Store");
    if (agent !== undefined) await openPlace({ uri: vscode.Uri.parse(agent.store.uri), line: null });
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
    const finding = await findingFor(services, argument, "Explain Finding");
    if (finding !== undefined) await services.reports.open({ about: "finding", findingId: finding.id }, finding.code);
  };

export const openGuide =
  ({ context }: Services): Handler =>
  () =>
    vscode.commands.executeCommand<void>(
      "markdown.showPreview",
      vscode.Uri.joinPath(context.extensionUri, "docs", "where-state-lives.md"),
    );
