/** Commands on receipts: show one, plan its undo. */
import * as vscode from "vscode";

import { Method } from "../../protocol/methods.ts";
import type { ReceiptItem, ReceiptRef } from "../../protocol/repairs.ts";
import { ago } from "../relative-time.ts";
import { showPlans } from "./repair.ts";
import type { Handler, Services } from "./services.ts";

const BESIDE = "Restore Beside It";
const SHOW = "Show Plan";

const isRef = (value: unknown): value is ReceiptRef =>
  typeof value === "object" && value !== null && "receiptId" in value && "homeId" in value;

const isReceiptRow = (value: unknown): value is { readonly receipt: ReceiptItem } =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "receipt" && "receipt" in value;

/** The receipt that the argument means; without one the person is asked. */
async function receiptFor(
  { catalogue, historyView }: Services,
  argument: unknown,
  title: string,
  only: (receipt: ReceiptItem) => boolean,
): Promise<ReceiptRef | undefined> {
  if (isRef(argument)) return argument;
  if (isReceiptRow(argument)) return argument.receipt.ref;
  const selected = historyView.tree.visible ? historyView.tree.selection[0] : undefined;
  if (selected?.kind === "receipt" && only(selected.receipt)) return selected.receipt.ref;
  const { homes } = await catalogue.ask(Method.journal, {});
  const rows = homes.flatMap(({ homeLabel, receipts }) =>
    receipts.filter(only).map((one) => ({
      label: one.label,
      description: `${one.description} · ${ago(one.at, Date.now())}`,
      detail: homeLabel,
      ref: one.ref,
    })),
  );
  if (rows.length === 0) {
    void vscode.window.showInformationMessage("There is no such receipt: nothing was repaired here yet.");
    return undefined;
  }
  return (await vscode.window.showQuickPick(rows, { title, matchOnDescription: true }))?.ref;
}

export const showReceipt =
  (services: Services): Handler =>
  async (argument) => {
    const receipt = await receiptFor(services, argument, "Show Receipt", () => true);
    if (receipt !== undefined) await services.reports.open({ about: "receipt", receipt }, "Receipt", true);
  };

/** Shows the plan of the undo. Where something has changed since, it can be restored beside what stands there now. */
export const undoRepair =
  (services: Services): Handler =>
  async (argument) => {
    const ref = await receiptFor(services, argument, "Undo", ({ canUndo }) => canUndo);
    if (ref === undefined) return;
    const [plan] = await showPlans(services, { undo: { ...ref, beside: false } });
    const [obstacle] = plan?.obstacles ?? [];
    if (obstacle === undefined) return;
    const answer = await vscode.window.showWarningMessage(`It can't be undone now. ${obstacle}`, BESIDE, SHOW);
    if (answer === BESIDE) await showPlans(services, { undo: { ...ref, beside: true } });
  };
