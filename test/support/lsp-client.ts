// A plain language client for tests: it speaks to any streams, answers what servers ask, and keeps the newest diagnostics.
import type { Readable, Writable } from "node:stream";

import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-languageserver/node";
import type {
  CancellationToken,
  ClientCapabilities,
  Diagnostic,
  Hover,
  InitializeResult,
} from "vscode-languageserver/node";

import type { Notices, Requests } from "../../src/protocol/methods.ts";

export interface ClientOptions {
  readonly folders?: readonly string[];
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: unknown;
  /** Answer of `workspace/configuration`. */
  readonly settings?: unknown;
  readonly processId?: number | null;
  /** How long `until` waits; 15 s unless told otherwise. */
  readonly patienceMs?: number;
}

export interface LspClient {
  readonly initialized: InitializeResult;
  /** By URI; a URI whose diagnostics were taken back has none. */
  readonly diagnostics: ReadonlyMap<string, readonly Diagnostic[]>;
  readonly logs: readonly string[];
  ask<Name extends keyof Requests>(method: Name, params: Requests[Name]["params"]): Promise<Requests[Name]["result"]>;
  /** Any request, also senseless ones. */
  request(method: string, params: unknown, token?: CancellationToken): Promise<unknown>;
  notify(method: string, params: unknown): Promise<void>;
  hover(uri: string, line: number, character?: number): Promise<Hover | null>;
  open(uri: string, text: string): Promise<void>;
  /** Resolves as soon as the condition holds; looks again after each message from the server, and every few moments. */
  until(condition: () => boolean, what: string): Promise<void>;
  readonly notices: { readonly method: keyof Notices; readonly params: unknown }[];
  shutdown(): Promise<void>;
  dispose(): void;
}

export const FULL: ClientCapabilities = {
  textDocument: {
    hover: { contentFormat: ["markdown", "plaintext"] },
    publishDiagnostics: { codeDescriptionSupport: true, relatedInformation: true },
  },
  workspace: { workspaceFolders: true, configuration: true },
};

const PATIENCE_MS = 15_000;

export async function connectClient(
  input: Readable,
  output: Writable,
  options: ClientOptions = {},
): Promise<LspClient> {
  const connection = createMessageConnection(new StreamMessageReader(input), new StreamMessageWriter(output));
  const diagnostics = new Map<string, readonly Diagnostic[]>();
  const logs: string[] = [];
  const notices: LspClient["notices"] = [];
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const look of waiting) look();
  };
  connection.onNotification((method, params) => {
    if (method.startsWith("sessionForensics/")) notices.push({ method: method as keyof Notices, params });
    wake();
  });
  connection.onNotification(
    "textDocument/publishDiagnostics",
    ({ uri, diagnostics: found }: { uri: string; diagnostics: Diagnostic[] }) => {
      if (found.length === 0) diagnostics.delete(uri);
      else diagnostics.set(uri, found);
      wake();
    },
  );
  connection.onNotification("window/logMessage", ({ message }: { message: string }) => {
    logs.push(message);
    wake();
  });
  connection.onRequest("workspace/configuration", () => [options.settings ?? null]);
  connection.onRequest("client/registerCapability", () => null);
  // Else a request to a server that died would never be answered.
  connection.onClose(() => connection.dispose());
  connection.listen();
  const initialized = await connection.sendRequest<InitializeResult>("initialize", {
    processId: options.processId ?? null,
    rootUri: null,
    capabilities: options.capabilities ?? {},
    workspaceFolders: options.folders?.map((uri) => ({ uri, name: uri })) ?? null,
    ...("initializationOptions" in options ? { initializationOptions: options.initializationOptions } : {}),
  });
  await connection.sendNotification("initialized", {});
  return {
    initialized,
    diagnostics,
    logs,
    notices,
    ask: (method, params) => connection.sendRequest(method, params),
    request: (method, params, token) =>
      token === undefined ? connection.sendRequest(method, params) : connection.sendRequest(method, params, token),
    notify: (method, params) => connection.sendNotification(method, params),
    hover: (uri, line, character = 0) =>
      connection.sendRequest("textDocument/hover", { textDocument: { uri }, position: { line, character } }),
    open: (uri, text) =>
      connection.sendNotification("textDocument/didOpen", {
        textDocument: { uri, languageId: "json", version: 1, text },
      }),
    async until(condition, what) {
      if (condition()) return;
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const timer = setTimeout(() => reject(new Error(`never happened: ${what}`)), options.patienceMs ?? PATIENCE_MS);
      const look = (): void => {
        if (condition()) resolve();
      };
      waiting.add(look);
      const again = setInterval(look, 20);
      await promise.finally(() => {
        clearTimeout(timer);
        clearInterval(again);
        waiting.delete(look);
      });
    },
    async shutdown() {
      await connection.sendRequest("shutdown");
      await connection.sendNotification("exit");
    },
    dispose: () => connection.dispose(),
  };
}
