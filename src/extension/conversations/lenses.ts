/** The lenses of a conversation: what is shown, and what can be done with it. */
import * as vscode from "vscode";

import type { Conversation } from "../../protocol/conversation.ts";
import { Command } from "../contributions.ts";
import type { ConversationSubject } from "./conversation-uri.ts";

export interface LensInput {
  readonly uri: vscode.Uri;
  readonly subject: ConversationSubject;
  readonly conversation: Conversation | undefined;
  readonly secrets: boolean;
  readonly trouble: string;
  readonly lineCount: number;
}

/** In the title of a lens "$(name)" is an icon; in a text that comes from foreign files it is only a text. */
const withoutIcons = (text: string): string => text.replaceAll("$(", String.raw`\$(`);

const lensAt = (line: number, title: string, command = "", ...args: unknown[]): vscode.CodeLens =>
  new vscode.CodeLens(new vscode.Range(line, 0, line, 0), { title, command, arguments: args });

function secretsLens({ conversation, secrets, uri }: LensInput): vscode.CodeLens[] {
  if (secrets) return [lensAt(0, "$(eye-closed) Mask Secrets", Command.toggleSecrets, uri)];
  return conversation?.hasMasked === true ? [lensAt(0, "$(eye) Show Secrets", Command.toggleSecrets, uri)] : [];
}

function olderLens({ conversation, uri }: LensInput): vscode.CodeLens[] {
  if (conversation?.hasOlder !== true) return [];
  if (conversation.isFull) return [lensAt(0, "This document is full: open an older fragment from the Sessions view")];
  return [lensAt(0, "$(arrow-up) Load Older Messages", Command.olderMessages, uri)];
}

export function conversationLenses(input: LensInput): vscode.CodeLens[] {
  const { conversation, lineCount, subject, trouble, uri } = input;
  const { upTo } = subject;
  const known = trouble === "" || conversation === undefined ? "" : `Last known · ${withoutIcons(trouble)} · `;
  return [
    lensAt(0, `${known}${withoutIcons(conversation?.summary ?? trouble)}`),
    ...olderLens(input),
    ...secretsLens(input),
    lensAt(0, "$(git-commit) Evidence of Its Links", Command.showChain, uri),
    lensAt(0, "$(graph-scatter) Timeline", Command.showTimeline, uri),
    ...(upTo === null
      ? []
      : [lensAt(Math.max(0, lineCount - 2), "$(arrow-down) Open the Whole Chain", Command.openChain, uri)]),
  ];
}
