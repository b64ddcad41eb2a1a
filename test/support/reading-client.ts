// What an editor asks of a transcript, over any client of the language server.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

import type {
  ClientCapabilities,
  CodeLens,
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  Location,
} from "vscode-languageserver/node";

import { Method } from "../../src/protocol/methods.ts";
import { FULL } from "./lsp-client.ts";
import type { LspClient } from "./lsp-client.ts";

/** Of a client that shows symbols as a tree. */
export const TREE: ClientCapabilities = {
  ...FULL,
  textDocument: { ...FULL.textDocument, documentSymbol: { hierarchicalDocumentSymbolSupport: true } },
};

export interface ReadingWorld {
  readonly client: LspClient;
  /** Absolute path of the home. */
  readonly home: string;
  /** What opens for a file in the sessions folder of `main` whose name begins so. */
  readonly uriOf: (name: string) => string;
  /** What opens for the fragments of a session of `main`, oldest first. */
  readonly fragmentsOf: (key: string) => Promise<string[]>;
  /** Opens it in the editor; resolves with its lines. */
  readonly open: (uri: string) => Promise<string[]>;
  readonly symbols: (uri: string) => Promise<DocumentSymbol[]>;
  readonly folds: (uri: string) => Promise<FoldingRange[]>;
  readonly links: (uri: string) => Promise<DocumentLink[]>;
  /** Resolved. */
  readonly lenses: (uri: string) => Promise<CodeLens[]>;
  /** `line` from 1; "3" for a line of the same document, else the end of the other's name with it. */
  readonly definition: (uri: string, line: number, character?: number) => Promise<string[]>;
  readonly references: (uri: string, line: number) => Promise<string[]>;
  readonly hover: (uri: string, line: number) => Promise<string>;
}

/** `home` is the absolute path of the home that the server looks at. */
export function worldOf(client: LspClient, home: string): ReadingWorld {
  const ask = async <T>(method: string, uri: string, more: object = {}): Promise<T[]> =>
    ((await client.request(`textDocument/${method}`, { textDocument: { uri }, ...more })) ?? []) as T[];
  const shown = (uri: string, found: readonly Location[]): string[] =>
    found.map((one) => {
      const line = String(one.range.start.line + 1);
      return one.uri === uri ? line : `${nameOf(one.uri)}:${line}`;
    });
  return {
    client,
    home,
    uriOf: (name) => pathToFileURL(path.join(home, "agents/main/sessions", name)).href,
    fragmentsOf: async (key) => {
      // While a home is read whole behind the client, a revision is short-lived.
      for (;;) {
        const { revision, homes } = await client.ask(Method.overview, {});
        const homeId = homes[0]?.id ?? assert.fail("no home was found");
        const session = { homeId, agent: "main", sessionId: key };
        const page = { revision, session, group: "chain", offset: 0, limit: 100 } as const;
        const answer = await client.ask(Method.fragments, page).catch(() => undefined);
        if (answer !== undefined) return answer.fragments.map(({ file }) => file.uri).toReversed();
      }
    },
    open: async (uri) => {
      const isFile = uri.startsWith("file:");
      const text = isFile ? readFileSync(new URL(uri), "utf8") : (await client.ask(Method.document, { uri }))?.text;
      await client.open(uri, text ?? "");
      return (text ?? "").trimEnd().split("\n");
    },
    symbols: (uri) => ask("documentSymbol", uri),
    folds: (uri) => ask("foldingRange", uri),
    links: (uri) => ask("documentLink", uri),
    lenses: async (uri) => {
      const lenses = await ask<CodeLens>("codeLens", uri);
      return Promise.all(
        lenses.map(async (lens) =>
          lens.command === undefined ? ((await client.request("codeLens/resolve", lens)) as CodeLens) : lens,
        ),
      );
    },
    definition: async (uri, line, character = 0) =>
      shown(uri, await ask("definition", uri, { position: { line: line - 1, character } })),
    references: async (uri, line) =>
      shown(
        uri,
        await ask("references", uri, {
          position: { line: line - 1, character: 0 },
          context: { includeDeclaration: false },
        }),
      ),
    hover: async (uri, line) => {
      const contents = (await client.hover(uri, line - 1))?.contents;
      const value = typeof contents === "object" && "value" in contents ? contents.value : "";
      return value.replaceAll("\\", "");
    },
  };
}

/** The last part of the path of a URI. */
export const nameOf = (uri: string): string => decodeURIComponent(uri.replace(/\?.*$/s, "").replace(/^.*\//s, ""));
