/** What the client can do and wants, as it says when it connects. */
import { MarkupKind } from "vscode-languageserver/node";
import type { InitializeParams } from "vscode-languageserver/node";
import * as v from "valibot";

import type { InitializationOptions } from "../protocol/settings.ts";
import { pathOf } from "./paths.ts";

export interface Client {
  readonly markdownHovers: boolean;
  readonly codeDescriptions: boolean;
  readonly relatedInformation: boolean;
  /** It shows symbols as a tree. */
  readonly symbolTree: boolean;
  /** The most folds that it takes. */
  readonly mostFolds: number;
  /** It asks for lenses again when it is told to. */
  readonly lensRefresh: boolean;
  /** It answers `workspace/configuration`. */
  readonly configuration: boolean;
  readonly configurationRegistration: boolean;
  readonly watchRegistration: boolean;
  readonly workspaceFolderChanges: boolean;
  /** It understands the notifications of this project's protocol. */
  readonly notices: boolean;
  /** Absolute paths. */
  readonly folders: readonly string[];
  readonly options: InitializationOptions;
}

/** For clients that name no limit. */
const MOST_FOLDS = 5000;

const optionsSchema = v.fallback(
  v.object({
    settings: v.optional(v.unknown()),
    memoFolder: v.fallback(v.optional(v.nullable(v.string())), undefined),
    documentation: v.fallback(v.optional(v.string()), undefined),
    mayWrite: v.fallback(v.optional(v.boolean()), undefined),
    ripgrep: v.fallback(v.optional(v.array(v.string())), undefined),
  }),
  {},
);

export function readOptions(sent: unknown): InitializationOptions {
  const { settings, memoFolder, documentation, mayWrite, ripgrep } = v.parse(optionsSchema, sent ?? {});
  return {
    ...(typeof settings === "object" && settings !== null ? { settings } : {}),
    ...(memoFolder === undefined ? {} : { memoFolder }),
    ...(documentation === undefined ? {} : { documentation }),
    ...(mayWrite === undefined ? {} : { mayWrite }),
    ...(ripgrep === undefined ? {} : { ripgrep }),
  };
}

export const foldersOf = (folders: readonly { readonly uri: string }[]): string[] =>
  folders.map(({ uri }) => pathOf(uri)).filter((one) => one !== null);

/** Older clients name a single root instead of workspace folders. */
function foldersIn({ workspaceFolders, rootUri }: InitializeParams & { readonly rootUri?: string | null }): string[] {
  if (workspaceFolders) return foldersOf(workspaceFolders);
  return typeof rootUri === "string" ? foldersOf([{ uri: rootUri }]) : [];
}

export function readClient(params: InitializeParams): Client {
  const { textDocument, workspace } = params.capabilities;
  return {
    markdownHovers: textDocument?.hover?.contentFormat?.includes(MarkupKind.Markdown) ?? false,
    codeDescriptions: textDocument?.publishDiagnostics?.codeDescriptionSupport ?? false,
    relatedInformation: textDocument?.publishDiagnostics?.relatedInformation ?? false,
    symbolTree: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport ?? false,
    mostFolds: textDocument?.foldingRange?.rangeLimit ?? MOST_FOLDS,
    lensRefresh: workspace?.codeLens?.refreshSupport ?? false,
    configuration: workspace?.configuration ?? false,
    configurationRegistration: workspace?.didChangeConfiguration?.dynamicRegistration ?? false,
    watchRegistration: workspace?.didChangeWatchedFiles?.dynamicRegistration ?? false,
    workspaceFolderChanges: workspace?.workspaceFolders ?? false,
    notices: params.initializationOptions !== undefined && params.initializationOptions !== null,
    folders: foldersIn(params),
    options: readOptions(params.initializationOptions),
  };
}
