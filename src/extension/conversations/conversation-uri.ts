/** The addresses of conversations: which session a document shows stands in its own URI, so it survives a reload of the window. */
import * as vscode from "vscode";

import { CONVERSATION_SCHEME } from "../../protocol/conversation.ts";
import type { SessionRef } from "../../protocol/sessions.ts";

export interface ConversationSubject {
  readonly session: SessionRef;
  /** Id of the fragment that it ends with; null for the whole chain. */
  readonly upTo: string | null;
}

/** A label may hold anything; in a tab's title a slash would cut it short. */
const titleOf = (label: string): string => label.replaceAll(/[/\\]+/g, " ∕ ").slice(0, 80);

/** package.json gives files in this folder their language. `part`: what the fragment that it ends with is called. */
export function conversationUri({ session, upTo }: ConversationSubject, label: string, part = ""): vscode.Uri {
  const { homeId: home, agent, sessionId } = session;
  const query = new URLSearchParams({ home, agent, session: sessionId, ...(upTo === null ? {} : { upTo }) });
  const name = `Session ${titleOf(label)}${upTo === null ? "" : ` up to ${titleOf(part)}`}`;
  const path = `/session-forensics-chain/${name}`;
  return vscode.Uri.from({ scheme: CONVERSATION_SCHEME, path, query: query.toString() });
}

/** Undefined when the address is not one of ours: anyone may type one. */
export function subjectOf(uri: vscode.Uri): ConversationSubject | undefined {
  const query = new URLSearchParams(uri.query);
  const [homeId, agent, sessionId] = ["home", "agent", "session"].map((name) => query.get(name));
  if (!homeId || !agent || !sessionId) return undefined;
  return { session: { homeId, agent, sessionId }, upTo: query.get("upTo") };
}
