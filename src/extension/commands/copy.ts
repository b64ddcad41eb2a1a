/** Commands that put a key, an id or a path on the clipboard. */
import * as vscode from "vscode";

import type { Handler, Services } from "./services.ts";
import { placeFor, rowOf, sessionFor } from "./targets.ts";

const SHOWN_MS = 4_000;

async function copy(text: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(`$(copy) Copied ${text}`, SHOWN_MS);
}

export const copySessionKey =
  (services: Services): Handler =>
  async (argument) => {
    const session = await sessionFor(services, argument, "Copy Session Key");
    if (session === undefined) return;
    if (session.key === null)
      return void vscode.window.showWarningMessage("No evidence names the key of this session.");
    await copy(session.key);
  };

export const copySessionId =
  (services: Services): Handler =>
  async (argument) => {
    const row = rowOf(argument, services);
    const own = row?.kind === "fragment" ? row.fragment.headerId : null;
    const id = own ?? (await sessionFor(services, argument, "Copy Session Id"))?.headerId;
    if (id === null) return void vscode.window.showWarningMessage("No transcript states the id of this session.");
    if (id !== undefined) await copy(id);
  };

export const copyPath =
  (services: Services): Handler =>
  async (argument) => {
    const place = await placeFor(services, argument, "Copy Path");
    if (place !== undefined) await copy(place.file.fsPath);
  };
