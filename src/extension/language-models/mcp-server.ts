/** Offers our MCP server to VS Code, so that agents in the editor can use it without being set up by hand. */
import * as vscode from "vscode";

import { MCP_PROVIDER, SECTION } from "../contributions.ts";
import { currentSettings } from "../settings.ts";
import { mcpArguments } from "./mcp-arguments.ts";

/** The Node that runs this extension; in a desktop VS Code that is Electron, told to be Node. */
function ourNode(): { readonly command: string; readonly env: Record<string, string> } {
  const isElectron = process.versions["electron"] !== undefined;
  return { command: process.execPath, env: isElectron ? { ELECTRON_RUN_AS_NODE: "1" } : {} };
}

/** The server as VS Code starts it: the command line of this very version. */
function definition(context: vscode.ExtensionContext, given: readonly string[]): vscode.McpStdioServerDefinition {
  const { command, env } = ourNode();
  const manifest: { readonly version: string } = context.extension.packageJSON;
  return new vscode.McpStdioServerDefinition(
    "Session Forensics",
    command,
    [context.asAbsolutePath("dist/cli.cjs"), ...given],
    env,
    manifest.version,
  );
}

/** Does nothing in an editor without MCP. */
export function registerMcpServer(context: vscode.ExtensionContext): vscode.Disposable {
  const api: Partial<typeof vscode.lm> | undefined = vscode.lm;
  if (typeof api?.registerMcpServerDefinitionProvider !== "function") return vscode.Disposable.from();
  const changed = new vscode.EventEmitter<void>();
  return vscode.Disposable.from(
    changed,
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(SECTION)) changed.fire();
    }),
    vscode.lm.registerMcpServerDefinitionProvider(MCP_PROVIDER, {
      onDidChangeMcpServerDefinitions: changed.event,
      provideMcpServerDefinitions: () => {
        const given = mcpArguments(currentSettings());
        return given === null ? [] : [definition(context, given)];
      },
    }),
  );
}
