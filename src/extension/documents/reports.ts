/** Chains, findings, plans and receipts as readable, read-only documents that follow what the server knows. */
import * as vscode from "vscode";

import type { TextDocumentAnswer, TextLink } from "../../protocol/documents.ts";
import { Method } from "../../protocol/methods.ts";
import type { Catalogue } from "../catalogue.ts";
import { isNotFound } from "../catalogue.ts";
import { REPORT_SCHEME } from "../contributions.ts";
import type { ReportSubject } from "./report-uri.ts";
import { reportUri, subjectOf } from "./report-uri.ts";

const GONE = "This is not there any more: it was repaired, moved or deleted since.\n";
const LAST_KNOWN = "What was known of it last:\n\n";
const NO_SERVER = "The server of Session Forensics is not running; this document fills when it is back.\n";

function linkOf({ line, start, end, uri, targetLine }: TextLink): vscode.DocumentLink {
  const target = vscode.Uri.parse(uri);
  const range = new vscode.Range(line, start, line, end);
  return new vscode.DocumentLink(range, targetLine === null ? target : target.with({ fragment: `L${targetLine}` }));
}

/** The same links, so many lines further down. */
const movedDown = (links: readonly TextLink[], lines: number): TextLink[] =>
  links.map((link) => ({ ...link, line: link.line + lines }));

/** An error is explained as things stood when somebody asked: looking for what it names may read many transcripts. */
const followsContent = (uri: vscode.Uri): boolean => subjectOf(uri)?.about !== "error";

type Shown = Pick<TextDocumentAnswer, "text" | "links">;

export class Reports implements vscode.TextDocumentContentProvider, vscode.DocumentLinkProvider, vscode.Disposable {
  readonly #catalogue: Catalogue;
  readonly #didChange = new vscode.EventEmitter<vscode.Uri>();
  /** The newest answer of each open document, by its URI. */
  readonly #answers = new Map<string, TextDocumentAnswer>();
  readonly #links = new Map<string, readonly TextLink[]>();
  readonly #subscriptions: vscode.Disposable;

  readonly onDidChange = this.#didChange.event;

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
    this.#subscriptions = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(REPORT_SCHEME, this),
      vscode.languages.registerDocumentLinkProvider({ scheme: REPORT_SCHEME }, this),
      catalogue.onDidChangeContent(() => this.#follow()),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#forget(uri)),
    );
  }

  /** Opens the document about it beside nothing: unless it is to stay, as a tab that the next one replaces. */
  async open(subject: ReportSubject, label: string, preview = true): Promise<void> {
    const document = await vscode.workspace.openTextDocument(reportUri(subject, label));
    await vscode.window.showTextDocument(document, { preview });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const { text, links } = await this.#shown(uri);
    this.#links.set(uri.toString(), links);
    return text;
  }

  provideDocumentLinks({ uri }: vscode.TextDocument): vscode.DocumentLink[] {
    return (this.#links.get(uri.toString()) ?? []).map(linkOf);
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#didChange.dispose();
  }

  async #shown(uri: vscode.Uri): Promise<Shown> {
    const subject = subjectOf(uri);
    if (subject === undefined) return { text: "This address names nothing that can be shown.\n", links: [] };
    const last = this.#answers.get(uri.toString());
    try {
      const answer = await this.#ask(subject);
      this.#answers.set(uri.toString(), answer);
      return answer;
    } catch (error) {
      if (isNotFound(error)) return last === undefined ? { text: GONE, links: [] } : lastKnown(last);
      return last ?? { text: NO_SERVER, links: [] };
    }
  }

  async #ask(subject: ReportSubject): Promise<TextDocumentAnswer> {
    switch (subject.about) {
      case "chain":
        return this.#catalogue.ask(Method.chainDocument, { session: subject.session });
      case "finding":
        return this.#catalogue.ask(Method.explainFinding, { findingId: subject.findingId });
      case "error":
        return (await this.#catalogue.ask(Method.explainError, { text: subject.text })).document;
      case "plan":
        return this.#catalogue.ask(Method.planDocument, { planId: subject.planId });
      case "receipt":
        return this.#catalogue.ask(Method.receiptDocument, { receipt: subject.receipt });
    }
  }

  #follow(): void {
    for (const { uri } of vscode.workspace.textDocuments)
      if (uri.scheme === REPORT_SCHEME && (followsContent(uri) || !this.#answers.has(uri.toString())))
        this.#didChange.fire(uri);
  }

  #forget(uri: vscode.Uri): void {
    this.#answers.delete(uri.toString());
    this.#links.delete(uri.toString());
  }
}

function lastKnown({ text, links }: TextDocumentAnswer): Shown {
  const before = `${GONE}${LAST_KNOWN}`;
  return { text: before + text, links: movedDown(links, before.split("\n").length - 1) };
}
