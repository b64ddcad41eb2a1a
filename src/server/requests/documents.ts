/** Answers `chainDocument` and `explainFinding`: readable texts with the places in them that name files. */
import type { Connection } from "vscode-languageserver/node";

import { findingById } from "../../engine/lookup.ts";
import { chainText } from "../../engine/present/chain-text.ts";
import { findingText } from "../../engine/present/finding-text.ts";
import { sessionLabel } from "../../engine/present/sessions.ts";
import type { TextDocumentAnswer } from "../../protocol/documents.ts";
import { Refusal } from "../../protocol/errors.ts";
import { Method } from "../../protocol/methods.ts";
import type { SessionRef } from "../../protocol/sessions.ts";
import { newest, refusal, sessionOrRefuse } from "../answers.ts";
import { textAnswer } from "../documents/text-answer.ts";
import type { EngineHost } from "../engine-host.ts";
import { answer } from "./register.ts";

/** An editor is asked for it again with each change: a session with thousands of resets must not hold everything up. */
const MOST_FRAGMENTS = 400;

export function chainDocument(host: EngineHost, ref: SessionRef): TextDocumentAnswer {
  const snapshot = newest(host);
  const subject = sessionOrRefuse(snapshot, ref);
  const title = `Chain of ${sessionLabel(subject.session, subject.agent.reading.name)}`;
  return textAnswer(snapshot, title, chainText(subject, host.now, MOST_FRAGMENTS));
}

export function explainedFinding(host: EngineHost, id: string): TextDocumentAnswer {
  const snapshot = newest(host);
  const found = findingById(snapshot, id);
  if (found === undefined)
    throw refusal(Refusal.notFound, "This finding does not stand any more: what it was about has changed.", snapshot);
  return textAnswer(snapshot, found.finding.code, findingText(found.home, found.finding));
}

export function registerDocuments(connection: Connection, host: () => EngineHost): void {
  answer(connection, Method.chainDocument, ({ session }) => chainDocument(host(), session));
  answer(connection, Method.explainFinding, ({ findingId }) => explainedFinding(host(), findingId));
}
