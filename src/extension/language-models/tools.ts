/** Tools for the language models of VS Code: each call is answered by the server, with the same tools as the MCP server's. */
import * as vscode from "vscode";

import { Method } from "../../protocol/methods.ts";
import type { ServerLink } from "../client/server-link.ts";
import { LanguageTool } from "../contributions.ts";

/** A model may call before the server has started. */
const START_WITHIN_MS = 30_000;

/** Resolves when the server runs; also when it has failed, or does not in time: then the request tells. */
function started(link: ServerLink, token: vscode.CancellationToken): Promise<void> {
  if (link.state === "running" || link.state === "failed") return Promise.resolve();
  return new Promise((resolve) => {
    const listeners: vscode.Disposable[] = [];
    const timer = setTimeout(() => done(), START_WITHIN_MS);
    const done = (): void => {
      clearTimeout(timer);
      vscode.Disposable.from(...listeners).dispose();
      resolve();
    };
    listeners.push(
      link.onDidChangeState((state) => {
        if (state === "running" || state === "failed") done();
      }),
      token.onCancellationRequested(done),
    );
  });
}

class ServerTool implements vscode.LanguageModelTool<object> {
  readonly #link: ServerLink;
  readonly #name: string;

  constructor(link: ServerLink, name: string) {
    this.#link = link;
    this.#name = name;
  }

  async invoke(
    { input }: vscode.LanguageModelToolInvocationOptions<object>,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    await started(this.#link, token);
    const { failed, text } = await this.#link.request(Method.tool, { name: this.#name, input }, token);
    // The model reads the message of an error, and can mend its next call.
    if (failed) throw new Error(text);
    return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
  }

  prepareInvocation(): vscode.PreparedToolInvocation {
    return { invocationMessage: "Reading the sessions of AI agents" };
  }
}

/** Does nothing in an editor without language model tools. */
export function registerLanguageTools(link: ServerLink): vscode.Disposable {
  const api: Partial<typeof vscode.lm> | undefined = vscode.lm;
  if (typeof api?.registerTool !== "function") return vscode.Disposable.from();
  const registered = Object.entries(LanguageTool).map(([id, name]) =>
    vscode.lm.registerTool(id, new ServerTool(link, name)),
  );
  return vscode.Disposable.from(...registered);
}
