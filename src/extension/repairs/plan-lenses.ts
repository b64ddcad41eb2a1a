/** What can be done with a plan or a receipt stands above its text: run it, undo it. */
import * as vscode from "vscode";

import { Command, REPORT_SCHEME } from "../contributions.ts";
import { subjectOf } from "../documents/report-uri.ts";

const TOP = new vscode.Range(0, 0, 0, 0);

const lens = (title: string, command: string, argument: unknown): vscode.CodeLens =>
  new vscode.CodeLens(TOP, { title, command, arguments: [argument] });

/** Lenses of the readable documents. */
export function providePlanLenses(): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider(
    { scheme: REPORT_SCHEME },
    {
      provideCodeLenses: ({ uri }) => {
        const subject = subjectOf(uri);
        if (subject?.about === "plan") return [lens("$(play) Run This Plan", Command.runPlan, uri)];
        if (subject?.about === "receipt") return [lens("$(discard) Undo…", Command.undoRepair, subject.receipt)];
        return [];
      },
    },
  );
}
