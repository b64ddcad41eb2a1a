/** Copy Continuation Context: what a fresh session must know of the work before it, onto the clipboard. */
import * as vscode from "vscode";

import { Method } from "../../protocol/methods.ts";
import type { SessionRef } from "../../protocol/sessions.ts";
import type { Handler, Services } from "./services.ts";
import { sessionFor } from "./targets.ts";

const OPEN = "Open It";

async function briefOf({ link }: Services, session: SessionRef, label: string): ReturnType<typeof askBrief> {
  return await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: `Reading what came before in ${label}…` },
    () => askBrief(link, session),
  );
}

const askBrief = (link: Services["link"], session: SessionRef) => link.request(Method.brief, { session });

async function show(content: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: "markdown", content });
  await vscode.window.showTextDocument(document, { preview: true });
}

async function offerToOpen(text: string, label: string): Promise<void> {
  const message = `Copied the continuation context of ${label}, ${text.length} characters. Paste it into the fresh session.`;
  if ((await vscode.window.showInformationMessage(message, OPEN)) === OPEN) await show(text);
}

export const copyContinuation =
  (services: Services): Handler =>
  async (argument) => {
    const session = await sessionFor(services, argument, "Copy Continuation Context");
    if (session === undefined) return;
    const { text } = await briefOf(services, session.ref, session.label);
    await vscode.env.clipboard.writeText(text);
    // The command is done with the copy; whether someone answers is another matter.
    void offerToOpen(text, session.label);
  };
