/** The addresses of the readable documents: what a document is about stands in its own URI, so it survives a reload of the window. */
import * as vscode from "vscode";

import type { ReceiptRef } from "../../protocol/repairs.ts";
import type { SessionRef } from "../../protocol/sessions.ts";
import { REPORT_SCHEME } from "../contributions.ts";

export type ReportSubject =
  | { readonly about: "chain"; readonly session: SessionRef }
  | { readonly about: "finding"; readonly findingId: string }
  | { readonly about: "error"; readonly text: string }
  | { readonly about: "plan"; readonly planId: string }
  | { readonly about: "receipt"; readonly receipt: ReceiptRef };

/** A label may hold anything; in a tab's title a slash would cut it short. */
const titleOf = (label: string): string => label.replaceAll(/[/\\]+/g, " ∕ ").slice(0, 80);

function queryOf(subject: ReportSubject): URLSearchParams {
  if (subject.about === "finding") return new URLSearchParams({ finding: subject.findingId });
  if (subject.about === "error") return new URLSearchParams({ error: subject.text });
  if (subject.about === "plan") return new URLSearchParams({ plan: subject.planId });
  if (subject.about === "receipt") {
    const { homeId: home, receiptId } = subject.receipt;
    return new URLSearchParams({ home, receipt: receiptId });
  }
  const { homeId, agent, sessionId } = subject.session;
  return new URLSearchParams({ home: homeId, agent, session: sessionId });
}

/** package.json gives files in this folder their language. */
export function reportUri(subject: ReportSubject, label: string): vscode.Uri {
  const path = `/session-forensics-report/${subject.about === "chain" ? "Chain of " : ""}${titleOf(label)}`;
  return vscode.Uri.from({ scheme: REPORT_SCHEME, path, query: queryOf(subject).toString() });
}

/** Undefined when the address is not one of ours: anyone may type one. */
export function subjectOf(uri: vscode.Uri): ReportSubject | undefined {
  const query = new URLSearchParams(uri.query);
  const named = ["finding", "home", "agent", "session", "plan", "receipt", "error"].map((name) => query.get(name));
  const [findingId, homeId, agent, sessionId, planId, receiptId, error] = named;
  if (error) return { about: "error", text: error };
  if (planId) return { about: "plan", planId };
  if (homeId && receiptId) return { about: "receipt", receipt: { homeId, receiptId } };
  if (findingId) return { about: "finding", findingId };
  if (homeId && agent && sessionId) return { about: "chain", session: { homeId, agent, sessionId } };
  return undefined;
}
