/** What handlers of requests about transcripts share: the document is found, cancelling is heard, what can't be read has no answer. */
import { LSPErrorCodes, ResponseError } from "vscode-languageserver/node";
import type { CancellationToken } from "vscode-languageserver/node";

import { FileError } from "../../system/files.ts";
import type { ShownConversation } from "../conversation/conversations.ts";
import { openReading } from "./reading.ts";
import type { Reading, ReadingContext } from "./reading.ts";

/** A signal that is aborted with the token; its reason is the answer that the protocol wants. */
export function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort(new ResponseError(LSPErrorCodes.RequestCancelled, "It was cancelled."));
  if (token.isCancellationRequested) abort();
  else token.onCancellationRequested(abort);
  return controller.signal;
}

type InConversation<Params, Result> = (
  shown: ShownConversation,
  params: Params,
  context: ReadingContext,
) => Promise<Result | null> | Result | null;

/**
 * A handler that answers null for a document that is no transcript, and for one that can't be read any more. A document that shows
 * a conversation has answers of its own, where there are any.
 */
export function answering<Params extends { readonly textDocument: { readonly uri: string } }, Result>(
  context: () => ReadingContext,
  answer: (reading: Reading, params: Params, signal: AbortSignal, context: ReadingContext) => Promise<Result | null>,
  inConversation?: InConversation<Params, Result>,
): (params: Params, token: CancellationToken) => Promise<Result | null> {
  return async (params, token) => {
    const given = context();
    const { uri } = params.textDocument;
    const shown = given.conversations.shown(uri, given.documents.text(uri)?.getText());
    try {
      if (shown !== undefined) return (await inConversation?.(shown, params, given)) ?? null;
      const reading = await openReading(given, uri);
      return reading === null ? null : await answer(reading, params, signalOf(token), given);
    } catch (error) {
      if (error instanceof FileError) return null;
      throw error;
    }
  };
}
