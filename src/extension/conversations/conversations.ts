/** Conversations as read-only documents: paged, following the session, with what the reader unfolded and where they read kept. */
import * as vscode from "vscode";

import type { Conversation, ConversationParams } from "../../protocol/conversation.ts";
import { CONVERSATION_SCHEME } from "../../protocol/conversation.ts";
import { Method } from "../../protocol/methods.ts";
import type { Catalogue } from "../catalogue.ts";
import { ServerGoneError } from "../client/server-link.ts";
import { ContextKey } from "../contributions.ts";
import { Colours } from "./colours.ts";
import { type ConversationSubject, conversationUri, subjectOf } from "./conversation-uri.ts";
import { conversationLenses } from "./lenses.ts";
import { lineOfPlace, placeOfLine, type ReadingPlace, showAtTop, topLines } from "./reading-place.ts";

const NO_SERVER = "The server of Session Forensics is not running; this document fills when it is back.";
const NO_SUBJECT = "This address names nothing that can be shown.";

/** What is asked for beside what stands there. */
interface Change {
  readonly older?: boolean;
  readonly secrets?: boolean;
}

/** What is known of one open document. */
interface Shown {
  conversation: Conversation | undefined;
  secrets: boolean;
  execs: boolean;
  /** Why nothing newer could be had; empty when it could. */
  trouble: string;
  /** What was folded once: from then on it is the reader's. */
  readonly folded: Set<string>;
  /** Where each editor is to be once the new text stands. */
  readonly places: Map<vscode.TextEditor, ReadingPlace>;
  /** It was just opened by a command: the newest message is to be seen. */
  atEnd: boolean;
  asking: Promise<void> | undefined;
  /** It waits to be asked for again. */
  isBehind: boolean;
}

const nothingYet = (): Shown => ({
  conversation: undefined,
  secrets: false,
  execs: false,
  trouble: "",
  folded: new Set(),
  places: new Map(),
  atEnd: false,
  asking: undefined,
  isBehind: false,
});

export class Conversations implements vscode.TextDocumentContentProvider, vscode.CodeLensProvider, vscode.Disposable {
  readonly #catalogue: Catalogue;
  readonly #didChange = new vscode.EventEmitter<vscode.Uri>();
  readonly #lensesChanged = new vscode.EventEmitter<void>();
  readonly #colours = new Colours();
  readonly #shown = new Map<string, Shown>();
  readonly #subscriptions: vscode.Disposable;

  readonly onDidChange = this.#didChange.event;
  readonly onDidChangeCodeLenses = this.#lensesChanged.event;

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
    this.#subscriptions = vscode.Disposable.from(
      this.#colours,
      vscode.workspace.registerTextDocumentContentProvider(CONVERSATION_SCHEME, this),
      vscode.languages.registerCodeLensProvider({ scheme: CONVERSATION_SCHEME }, this),
      catalogue.onDidChangeContent(() => this.#follow()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#textChanged(document)),
      vscode.window.onDidChangeActiveTextEditor((editor) => this.#settle(editor)),
      vscode.window.onDidChangeVisibleTextEditors((editors) => this.#colour(editors)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#shown.delete(uri.toString())),
    );
  }

  /** Opens the conversation at its newest message; where it is open already, it comes to the front as it is. */
  async open(subject: ConversationSubject, label: string, part?: string): Promise<vscode.TextEditor> {
    const uri = conversationUri(subject, label, part);
    const isOpen = vscode.workspace.textDocuments.some((one) => one.uri.toString() === uri.toString());
    if (!isOpen) this.#of(uri).atEnd = true;
    const document = await vscode.workspace.openTextDocument(uri);
    const editor = await vscode.window.showTextDocument(document, { preview: true });
    this.#settle(editor);
    return editor;
  }

  /** Adds the page of messages before those that are shown. False when there is none to be added. */
  async loadOlder(uri: vscode.Uri): Promise<boolean> {
    const conversation = this.#shown.get(uri.toString())?.conversation;
    if (conversation === undefined || !conversation.hasOlder || conversation.isFull) return false;
    await this.#change(uri, { older: true });
    return true;
  }

  /** Shows secrets in this document, or masks them again. */
  async toggleSecrets(uri: vscode.Uri): Promise<void> {
    const shown = this.#shown.get(uri.toString());
    if (shown !== undefined) await this.#change(uri, { secrets: !shown.secrets });
  }

  /** Undefined for any other document. */
  conversation(uri: vscode.Uri): Conversation | undefined {
    return this.#shown.get(uri.toString())?.conversation;
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const shown = this.#of(uri);
    if (shown.conversation === undefined) {
      await this.#ask(uri, shown, {});
      if (this.conversation(uri)?.execsPending === true) void this.#askForExecs(uri, shown);
    }
    this.#tellContext();
    return this.conversation(uri)?.text ?? `${shown.trouble}\n`;
  }

  provideCodeLenses({ lineCount, uri }: vscode.TextDocument): vscode.CodeLens[] {
    const shown = this.#shown.get(uri.toString());
    const subject = subjectOf(uri);
    return shown === undefined || subject === undefined
      ? []
      : conversationLenses({ ...shown, uri, subject, lineCount });
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#didChange.dispose();
    this.#lensesChanged.dispose();
  }

  #of(uri: vscode.Uri): Shown {
    const key = uri.toString();
    const shown = this.#shown.get(key) ?? nothingYet();
    this.#shown.set(key, shown);
    return shown;
  }

  /** After what is being asked for: two answers at a time would each take the other's place. */
  async #change(uri: vscode.Uri, change: Change): Promise<void> {
    const shown = this.#of(uri);
    while (shown.asking !== undefined) await shown.asking;
    shown.asking = this.#ask(uri, shown, change).finally(() => {
      shown.asking = undefined;
    });
    await shown.asking;
  }

  async #askForExecs(uri: vscode.Uri, shown: Shown): Promise<void> {
    shown.execs = true;
    await this.#change(uri, {});
  }

  /** Asks for the document as it is now, with the change, and shows what comes. Never rejects. */
  async #ask(uri: vscode.Uri, shown: Shown, { older = false, secrets = shown.secrets }: Change): Promise<void> {
    const subject = subjectOf(uri);
    const before = shown.conversation;
    if (subject === undefined) return void (shown.trouble = NO_SUBJECT);
    const { session, upTo } = subject;
    // What changes from here on is not in the answer any more.
    shown.isBehind = false;
    const params: ConversationParams = {
      uri: uri.toString(),
      session,
      secrets,
      execs: shown.execs,
      older,
      ...(upTo === null ? {} : { upTo }),
      ...(before?.from ? { from: before.from } : {}),
      ...(before === undefined ? {} : { known: before.version }),
    };
    try {
      const answer = await this.#catalogue.ask(Method.conversation, params);
      shown.trouble = "";
      shown.secrets = secrets;
      if (answer !== null) this.#take(uri, shown, answer);
    } catch (error) {
      shown.trouble = troubleOf(error);
    }
    this.#lensesChanged.fire();
  }

  #take(uri: vscode.Uri, shown: Shown, answer: Conversation): void {
    const before = shown.conversation;
    shown.conversation = answer;
    if (before === undefined || before.text === answer.text) return;
    for (const [editor, line] of topLines(uri)) {
      const place = placeOfLine(before, line);
      if (place !== undefined) shown.places.set(editor, place);
    }
    this.#didChange.fire(uri);
  }

  #follow(): void {
    for (const { uri } of vscode.workspace.textDocuments)
      if (uri.scheme === CONVERSATION_SCHEME && !this.#of(uri).isBehind) void this.#refresh(uri);
  }

  /** A document that could not be filled at first is filled as soon as the server is there. */
  async #refresh(uri: vscode.Uri): Promise<void> {
    const shown = this.#of(uri);
    const wasEmpty = shown.conversation === undefined;
    shown.isBehind = true;
    await this.#change(uri, {});
    if (wasEmpty && shown.conversation !== undefined) this.#didChange.fire(uri);
    this.#tellContext();
  }

  /** The new text stands: each editor goes back to what was read there, and what came new is coloured and folded. */
  #textChanged(document: vscode.TextDocument): void {
    const shown = document.uri.scheme === CONVERSATION_SCHEME ? this.#shown.get(document.uri.toString()) : undefined;
    if (shown?.conversation === undefined || document.lineCount < 2) return;
    for (const [editor, place] of shown.places) {
      const line = lineOfPlace(shown.conversation, place);
      if (line !== undefined && editor.visibleRanges[0]?.start.line !== line) showAtTop(editor, line);
    }
    shown.places.clear();
    this.#colour(vscode.window.visibleTextEditors);
    this.#settle(vscode.window.activeTextEditor);
  }

  #colour(editors: readonly vscode.TextEditor[]): void {
    for (const editor of editors) {
      const conversation = this.#shown.get(editor.document.uri.toString())?.conversation;
      if (conversation !== undefined) this.#colours.show(editor, conversation.marks);
    }
  }

  /** What can be done only in the editor that has the focus: folding, and the first look at the end. */
  #settle(editor: vscode.TextEditor | undefined): void {
    this.#tellContext();
    const shown = editor === undefined ? undefined : this.#shown.get(editor.document.uri.toString());
    if (editor === undefined || shown?.conversation === undefined) return;
    this.#colour([editor]);
    void this.#foldNew(editor, shown, shown.conversation);
  }

  async #foldNew(editor: vscode.TextEditor, shown: Shown, { anchors, folded }: Conversation): Promise<void> {
    const fresh = folded.filter(([, name]) => !shown.folded.has(name));
    const isFirst = shown.atEnd;
    shown.atEnd = false;
    for (const [, name] of fresh) shown.folded.add(name);
    if (fresh.length > 0 && vscode.window.activeTextEditor === editor) {
      const selectionLines = fresh.map(([line]) => line);
      await vscode.commands.executeCommand("editor.fold", { selectionLines, levels: 1, direction: "down" });
    }
    if (isFirst) showNewest(editor, anchors);
  }

  /** For the commands that make sense in a conversation only. */
  #tellContext(): void {
    const uri = vscode.window.activeTextEditor?.document.uri;
    const conversation = uri === undefined ? undefined : this.#shown.get(uri.toString())?.conversation;
    const hasOlder = conversation?.hasOlder === true && !conversation.isFull;
    void vscode.commands.executeCommand("setContext", ContextKey.olderMessages, hasOlder);
  }
}

function troubleOf(error: unknown): string {
  if (error instanceof ServerGoneError) return NO_SERVER;
  return error instanceof Error ? error.message : String(error);
}

/** The newest message, with what comes before it above. */
function showNewest(editor: vscode.TextEditor, anchors: Conversation["anchors"]): void {
  const line = anchors.at(-1)?.[0] ?? 0;
  editor.selection = new vscode.Selection(line, 0, line, 0);
  editor.revealRange(editor.document.lineAt(editor.document.lineCount - 1).range);
}
