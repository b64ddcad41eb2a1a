/** `textDocument/codeAction`: the repairs that are offered for the findings at a place. Each leads to its plan. */
import type { CodeAction, CodeActionParams, Connection } from "vscode-languageserver/node";
import { CodeActionKind } from "vscode-languageserver/node";
import * as v from "valibot";

import { findingById } from "../engine/lookup.ts";
import { offeredRepairs } from "../engine/planning/plan-repairs.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { REPAIR_COMMAND } from "../protocol/repairs.ts";
import { newest } from "./answers.ts";
import { SOURCE } from "./diagnostics.ts";
import type { EngineHost } from "./engine-host.ts";

/** What diagnostics carry along. */
const dataSchema = v.object({ findingId: v.string() });

export function codeActions(snapshot: Snapshot, { context }: CodeActionParams): CodeAction[] {
  return context.diagnostics.flatMap((diagnostic): CodeAction[] => {
    const data = v.safeParse(dataSchema, diagnostic.data);
    const found =
      diagnostic.source === SOURCE && data.success ? findingById(snapshot, data.output.findingId) : undefined;
    if (found === undefined) return [];
    const { finding } = found;
    return offeredRepairs(finding).map(({ id, title }, index) => ({
      title: `${title}…`,
      kind: CodeActionKind.QuickFix,
      diagnostics: [diagnostic],
      isPreferred: index === 0,
      command: { title, command: REPAIR_COMMAND, arguments: [{ findingId: finding.id, repair: id }] },
    }));
  });
}

/** Only a client that knows this project's commands can follow them. */
export function registerCodeActions(connection: Connection, host: () => EngineHost, isOwnClient: () => boolean): void {
  connection.onCodeAction((params) => (isOwnClient() ? codeActions(newest(host()), params) : []));
}
