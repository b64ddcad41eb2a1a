// A desk at which nobody asks for anything: nothing was repaired, nothing was cut off, and nothing is planned.
import type { RepairDesk } from "../../src/engine/repair-desk.ts";

export const IDLE_DESK: RepairDesk = {
  choices: () => Promise.resolve([]),
  plan: () => Promise.reject(new Error("this test plans nothing")),
  planTogether: () => Promise.resolve([]),
  check: () => Promise.resolve([]),
  run: () => Promise.reject(new Error("this test runs nothing")),
  cutOff: () => [],
  settle: () => Promise.resolve({ settled: [], refusals: [] }),
  journal: () => [],
  planUndo: () => null,
};
