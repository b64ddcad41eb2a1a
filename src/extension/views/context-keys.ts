/** Tells the `when` clauses of welcome texts and menus where the extension stands. */
import * as vscode from "vscode";

import type { Catalogue } from "../catalogue.ts";
import { ContextKey } from "../contributions.ts";

const set = (key: string, value: unknown): void => void vscode.commands.executeCommand("setContext", key, value);

export function followInContextKeys(catalogue: Catalogue): vscode.Disposable {
  const follow = (): void => {
    set(ContextKey.phase, catalogue.phase);
    set(ContextKey.filtered, catalogue.filter !== "");
  };
  follow();
  return vscode.Disposable.from(catalogue.onDidChangeContent(follow), catalogue.onDidChangeStatus(follow));
}
