/** The page of a timeline's webview: nothing inline, nothing from outside, one script with a nonce. */
import { randomBytes } from "node:crypto";

import * as vscode from "vscode";

export function timelinePage(webview: vscode.Webview, extension: vscode.Uri): string {
  const script = webview.asWebviewUri(vscode.Uri.joinPath(extension, "dist", "timeline.js")).toString();
  const style = webview.asWebviewUri(vscode.Uri.joinPath(extension, "media", "timeline.css")).toString();
  const nonce = randomBytes(16).toString("base64url");
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}';`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>Timeline</title>
</head>
<body>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>
`;
}

/** Folders that the page may load from. */
export const pageRoots = (extension: vscode.Uri): vscode.Uri[] => [
  vscode.Uri.joinPath(extension, "dist"),
  vscode.Uri.joinPath(extension, "media"),
];
