// Settings of the test's own workspace.
import * as vscode from "vscode";

import type { ExtensionApi } from "../../../src/extension/extension.ts";
import { eventually, labelsBelow } from "./extension.ts";
import type { MadeHome } from "./homes.ts";

const isMade = (label: string): boolean => label.includes("sf-made-");

/** Shows this home besides the others, or none besides them; resolves when the view has followed. */
export async function showMadeHome(api: ExtensionApi, home: Pick<MadeHome, "folder"> | undefined): Promise<void> {
  const value = home === undefined ? undefined : [home.folder];
  await vscode.workspace
    .getConfiguration("sessionForensics")
    .update("homes", value, vscode.ConfigurationTarget.Workspace);
  await eventually("the view to follow the setting", async () => {
    const made = (await labelsBelow(api.sessions)).filter(isMade);
    const follows = home === undefined ? made.length === 0 : made.some((label) => label.startsWith(home.folder));
    return follows && api.phase() === "ready" ? true : undefined;
  });
}
