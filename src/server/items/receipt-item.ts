/** A receipt as a row, and the end of a run as an answer. */
import type { RunResult } from "../../engine/executor/executor.ts";
import { escaped } from "../../engine/present/names.ts";
import { outcomeText } from "../../engine/present/receipt-text.ts";
import { moment } from "../../engine/present/times.ts";
import { count } from "../../model/amounts.ts";
import type { Plan } from "../../model/plan.ts";
import type { Receipt } from "../../model/receipt.ts";
import type { HomeSnapshot } from "../../model/snapshot.ts";
import type { ReceiptItem, RunAnswer } from "../../protocol/repairs.ts";
import { maybeTip, tip } from "./texts.ts";

export function receiptItem(home: HomeSnapshot, receipt: Receipt): ReceiptItem {
  const { id, plan, outcome, by, startedAt, reason, recovered, undo } = receipt;
  const isUndone = undo.state === "undone";
  const standing = isUndone ? "undone" : outcome === "done" ? "" : outcomeText(outcome).toLowerCase();
  return {
    ref: { homeId: home.home.id, receiptId: id },
    label: escaped(plan.title),
    description: [count(plan.steps.length, "step"), standing].filter((one) => one !== "").join(" · "),
    tooltip: [
      tip("Outcome", `${outcomeText(outcome)}${isUndone ? `, undone by ${undo.by}` : ""}`),
      tip("When", moment(startedAt)),
      tip("By", `${by.face} (pid ${by.pid} on ${by.host})`),
      ...maybeTip("Why", reason ?? undefined),
      ...(recovered ? [tip(null, "It had been cut off, and was settled at a later start.")] : []),
      tip("Receipt", id),
    ],
    worst: outcome === "partial" || outcome === "unfinished" ? "error" : null,
    outcome,
    at: startedAt,
    canUndo: undo.state === "possible",
    isUndone,
  };
}

/** What came of a run. */
export function runAnswer(home: HomeSnapshot, plan: Plan, result: RunResult): RunAnswer {
  if ("refusals" in result) {
    const reasons = result.refusals.map(({ reason }) => escaped(reason));
    return { outcome: "refused", title: escaped(plan.title), reasons, receipt: null, canUndo: false };
  }
  return receiptAnswer(home, result.receipt);
}

export function receiptAnswer(home: HomeSnapshot, receipt: Receipt): RunAnswer {
  const { id, plan, outcome, reason, undo } = receipt;
  return {
    outcome,
    title: escaped(plan.title),
    reasons: reason === null ? [] : [escaped(reason)],
    receipt: { homeId: home.home.id, receiptId: id },
    canUndo: undo.state === "possible",
  };
}
