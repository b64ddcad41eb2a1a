/** Filter Sessions… narrows the Sessions view while one types. */
import * as vscode from "vscode";

import { View } from "../contributions.ts";
import type { Handler, Services } from "./services.ts";

const TYPING_MS = 150;

export const filterSessions =
  ({ catalogue }: Services): Handler =>
  async () => {
    const before = catalogue.filter;
    const box = vscode.window.createInputBox();
    box.title = "Filter Sessions";
    box.placeholder = "Words in the key, title, id, status or file name";
    box.prompt = "Enter keeps the filter, Escape puts back the one before";
    box.value = before;
    let typing: NodeJS.Timeout | undefined;
    let kept = false;
    box.onDidChangeValue((value) => {
      clearTimeout(typing);
      typing = setTimeout(() => (catalogue.filter = value), TYPING_MS);
    });
    box.onDidAccept(() => {
      kept = true;
      box.hide();
    });
    box.onDidHide(() => {
      clearTimeout(typing);
      catalogue.filter = kept ? box.value : before;
      box.dispose();
    });
    await vscode.commands.executeCommand(`${View.sessions}.focus`);
    box.show();
  };

export const clearFilter =
  ({ catalogue }: Services): Handler =>
  () => {
    catalogue.filter = "";
  };
