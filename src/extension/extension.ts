// Activates the extension: starts the language server and stops it again.
import type * as vscode from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const server = { module: context.asAbsolutePath("dist/server.cjs"), transport: TransportKind.ipc };
  client = new LanguageClient("sessionForensics", "Session Forensics", { run: server, debug: server }, {});
  await client.start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}
