/** Documents that the server makes of what is no text file: read-only, following what happens, with the ways to their other parts. */
import * as vscode from "vscode";

import type { DocumentAnswer, DocumentContents } from "../../protocol/documents.ts";
import { DOCUMENT_SCHEME } from "../../protocol/documents.ts";
import { Method } from "../../protocol/methods.ts";
import type { Catalogue } from "../catalogue.ts";
import { isNotFound } from "../catalogue.ts";
import { Command, ContextKey } from "../contributions.ts";

const NO_SERVER = "The server of Session Forensics is not running; this document fills when it is back.";

/** Which of the other parts of a document is meant. */
export type Way = "older" | "newer" | "newest";

const LENSES: Readonly<Record<Way, { readonly title: string; readonly command: string }>> = {
  older: { title: "$(arrow-up) Older Events", command: Command.olderEvents },
  newer: { title: "$(arrow-down) Newer Events", command: Command.newerEvents },
  newest: { title: "$(arrow-small-down) Newest Events", command: Command.newestEvents },
};

/** In the title of a lens "$(name)" is an icon; in a text that comes from foreign files it is only a text. */
const withoutIcons = (text: string): string => text.replaceAll("$(", String.raw`\$(`);

const lensAt = (line: number, title: string, command = "", ...args: unknown[]): vscode.CodeLens =>
  new vscode.CodeLens(new vscode.Range(line, 0, line, 0), { title, command, arguments: args });

const setContext = (key: string, is: boolean): void => void vscode.commands.executeCommand("setContext", key, is);

/** What is said in place of contents that could not be had. */
function withoutContents(reason: string, last: DocumentContents | undefined): DocumentContents {
  const nothing = { version: "", text: "", older: null, newer: null, newest: null, notes: [] };
  return { ...(last ?? nothing), version: "", summary: last === undefined ? reason : `Last known · ${reason}` };
}

export class VirtualDocuments
  implements vscode.TextDocumentContentProvider, vscode.CodeLensProvider, vscode.Disposable
{
  readonly #catalogue: Catalogue;
  readonly #didChange = new vscode.EventEmitter<vscode.Uri>();
  readonly #lensesChanged = new vscode.EventEmitter<void>();
  /** What open documents show, by their URIs. */
  readonly #contents = new Map<string, DocumentContents>();
  /** Documents that are being asked for again. */
  readonly #asking = new Set<string>();
  readonly #subscriptions: vscode.Disposable;

  readonly onDidChange = this.#didChange.event;
  readonly onDidChangeCodeLenses = this.#lensesChanged.event;

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
    this.#subscriptions = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(DOCUMENT_SCHEME, this),
      vscode.languages.registerCodeLensProvider({ scheme: DOCUMENT_SCHEME }, this),
      catalogue.onDidChangeContent(() => this.#follow()),
      vscode.window.onDidChangeActiveTextEditor(() => this.#tellWays()),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#contents.delete(uri.toString())),
    );
  }

  /** The URI of another part; undefined where there is none, or the document is none of these. */
  partOf(uri: vscode.Uri, way: Way): vscode.Uri | undefined {
    const target = this.#contents.get(uri.toString())?.[way];
    return typeof target === "string" ? vscode.Uri.parse(target) : undefined;
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const key = uri.toString();
    const known = this.#contents.get(key) ?? (await this.#asked(uri, undefined));
    if (known !== null) this.#contents.set(key, known);
    this.#tellWays();
    return known?.text ?? "";
  }

  provideCodeLenses({ lineCount, uri }: vscode.TextDocument): vscode.CodeLens[] {
    const contents = this.#contents.get(uri.toString());
    if (contents === undefined) return [];
    const { summary, notes } = contents;
    const lens = (line: number, way: Way): vscode.CodeLens[] =>
      contents[way] === null ? [] : [lensAt(line, LENSES[way].title, LENSES[way].command, uri)];
    const bottom = Math.max(0, lineCount - 1);
    return [
      lensAt(0, withoutIcons(summary)),
      ...lens(0, "older"),
      ...lens(0, "newest"),
      ...notes.map(({ line, text }) => lensAt(line, `$(warning) ${withoutIcons(text)}`)),
      ...lens(bottom, "newer"),
    ];
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#didChange.dispose();
    this.#lensesChanged.dispose();
  }

  /** Null when what is known still stands. */
  async #asked(uri: vscode.Uri, known: DocumentContents | undefined): Promise<DocumentAnswer> {
    const version = known === undefined || known.version === "" ? {} : { known: known.version };
    try {
      return await this.#catalogue.ask(Method.document, { uri: uri.toString(), ...version });
    } catch (error) {
      const reason = isNotFound(error) && error instanceof Error ? error.message : NO_SERVER;
      return withoutContents(reason, known);
    }
  }

  #follow(): void {
    for (const { uri } of vscode.workspace.textDocuments) if (uri.scheme === DOCUMENT_SCHEME) void this.#refresh(uri);
  }

  async #refresh(uri: vscode.Uri): Promise<void> {
    const key = uri.toString();
    if (this.#asking.has(key)) return;
    this.#asking.add(key);
    const known = this.#contents.get(key);
    const answer = await this.#asked(uri, known).finally(() => this.#asking.delete(key));
    if (answer === null || !this.#contents.has(key)) return;
    this.#contents.set(key, answer);
    if (answer.text !== known?.text) this.#didChange.fire(uri);
    this.#lensesChanged.fire();
    this.#tellWays();
  }

  /** For the buttons above the editor. */
  #tellWays(): void {
    const uri = vscode.window.activeTextEditor?.document.uri;
    const contents = uri === undefined ? undefined : this.#contents.get(uri.toString());
    setContext(ContextKey.olderEvents, typeof contents?.older === "string");
    setContext(ContextKey.newerEvents, typeof contents?.newer === "string");
  }
}
