/** Commands on conversations: open one, load what is older, show what was masked. */
import * as vscode from "vscode";

import { CONVERSATION_SCHEME } from "../../protocol/conversation.ts";
import type { FragmentItem } from "../../protocol/fragments.ts";
import { Method } from "../../protocol/methods.ts";
import type { Handler, Services } from "./services.ts";
import { rowOf, sessionFor } from "./targets.ts";

async function openUpTo({ catalogue, conversations }: Services, fragment: FragmentItem): Promise<void> {
  const { label } = await catalogue.ask(Method.session, { session: fragment.session });
  const subject = { session: fragment.session, upTo: fragment.now ? null : fragment.id };
  await conversations.open(subject, label, fragment.label);
}

/** Of a fragment the chain up to it; of a session, a file or a choice the whole chain. */
export const openChain =
  (services: Services): Handler =>
  async (argument) => {
    const row = rowOf(argument, services);
    if (row?.kind === "fragment" && row.parent?.kind === "session") return openUpTo(services, row.fragment);
    const session = await sessionFor(services, argument, "Open Chain");
    if (session !== undefined) await services.conversations.open({ session: session.ref, upTo: null }, session.label);
  };

const NO_CONVERSATION = "The editor shows no chain of a session. Session Forensics: Open Chain opens one.";

/** The conversation that the argument names, or the one in the editor. */
function conversationIn(argument: unknown): vscode.Uri | undefined {
  const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
  if (uri?.scheme === CONVERSATION_SCHEME) return uri;
  void vscode.window.showInformationMessage(NO_CONVERSATION);
  return undefined;
}

export const olderMessages =
  ({ conversations }: Services): Handler =>
  async (argument) => {
    const uri = conversationIn(argument);
    if (uri === undefined || (await conversations.loadOlder(uri))) return;
    const isFull = conversations.conversation(uri)?.isFull === true;
    const reason = isFull
      ? "This document is full. Open Chain on an older fragment shows what came before."
      : "The chain begins here: nothing is older.";
    void vscode.window.showInformationMessage(reason);
  };

export const toggleSecrets =
  ({ conversations }: Services): Handler =>
  async (argument) => {
    const uri = conversationIn(argument);
    if (uri !== undefined) await conversations.toggleSecrets(uri);
  };
