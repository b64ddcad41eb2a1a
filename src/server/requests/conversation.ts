/** Answers `conversation`: the messages of a whole session as one readable document. */
import type { Connection } from "vscode-languageserver/node";

import { Method } from "../../protocol/methods.ts";
import type { Conversations } from "../conversation/conversations.ts";
import type { EngineHost } from "../engine-host.ts";
import { signalOf } from "../reading/answering.ts";
import { answer } from "./register.ts";

export function registerConversation(
  connection: Connection,
  host: () => EngineHost,
  conversations: Conversations,
): void {
  answer(connection, Method.conversation, (params, token) => conversations.answer(host(), params, signalOf(token)));
}
