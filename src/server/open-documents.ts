/** Open documents: which they are, and the text of those small enough to keep. Transcripts grow to gigabytes. */
import type { Connection } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";

/** Longer texts (in UTF-16 units) are dropped; hovers and ranges then do without columns. */
export const LONGEST_KEPT = 16 << 20;

/** Called after it happened. */
export interface DocumentListener {
  readonly opened: (uri: string) => void;
  /** Its text is another one now. */
  readonly changed: (uri: string) => void;
  readonly closed: (uri: string) => void;
}

export class OpenDocuments {
  readonly #texts = new Map<string, TextDocument>();
  readonly #listener: DocumentListener;

  constructor(listener: DocumentListener) {
    this.#listener = listener;
  }

  /** Those whose text was kept. */
  get texts(): Iterable<TextDocument> {
    return this.#texts.values();
  }

  /** The document, if it is open and its text was kept. */
  text(uri: string): TextDocument | undefined {
    return this.#texts.get(uri);
  }

  register(connection: Connection): void {
    connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
      if (text.length <= LONGEST_KEPT) this.#texts.set(uri, TextDocument.create(uri, languageId, version, text));
      this.#listener.opened(uri);
    });
    connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
      const known = this.#texts.get(uri);
      if (known === undefined) return;
      const changed = TextDocument.update(known, contentChanges, version);
      if (changed.getText().length > LONGEST_KEPT) this.#texts.delete(uri);
      else this.#texts.set(uri, changed);
      this.#listener.changed(uri);
    });
    connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
      this.#texts.delete(uri);
      this.#listener.closed(uri);
    });
  }
}
