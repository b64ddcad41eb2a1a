// Plans and receipts made by hand, for what is said of them.
import { ABSENT, type Plan, planOf, type PlanDraft } from "../../src/model/plan.ts";
import type { Receipt } from "../../src/model/receipt.ts";
import { at } from "./snapshots.ts";

const STALE = "agents/main/sessions/one.jsonl.lock";

/** Moves a stale lock aside. */
export const aPlan = (change: Partial<PlanDraft> = {}): Plan =>
  planOf({
    home: "/home/ann/.openclaw",
    title: "Move the stale lock aside",
    repairs: [{ repair: "stale-lock", finding: "f-0001", path: STALE, title: "Move the stale lock aside" }],
    steps: [
      {
        do: "move-aside",
        path: STALE,
        before: { is: "file", bytes: 90, sha256: "0a".repeat(32) },
        after: { is: "absent" },
        why: "Process 23785 no longer lives.",
      },
    ],
    gates: [],
    locks: [],
    conflicts: [],
    notes: [],
    ...change,
  });

export const aReceipt = (change: Partial<Receipt> = {}): Receipt => ({
  id: "2026-11-21T00-20-00.000Z-0123456789ab-0001",
  plan: aPlan(),
  by: { pid: 77, host: "workbench", face: "command line", version: "0.1.0" },
  startedAt: at(20),
  endedAt: at(20, 1),
  outcome: "done",
  reason: null,
  recovered: false,
  steps: [
    {
      step: 0,
      state: "done",
      at: at(20, 1),
      aside: ".session-forensics/receipts/r/aside/0-one.jsonl.lock",
      displaced: { is: "file", bytes: 90, sha256: "0a".repeat(32) },
    },
  ],
  folders: [{ path: "agents/main/sessions", before: at(1), after: at(20, 1) }],
  undo: { state: "possible" },
  ...change,
});

/** A run that died before its only step was done. */
export const aCutOff = (change: Partial<Receipt> = {}): Receipt =>
  aReceipt({
    endedAt: null,
    outcome: "unfinished",
    steps: [{ step: 0, state: "begun", at: at(20), aside: null, displaced: ABSENT }],
    undo: { state: "nothing-to-undo" },
    ...change,
  });
