// What is likelier than what, where only times and beginnings speak.
import assert from "node:assert/strict";
import { test } from "node:test";

import { aloneCost, linkCost, pendingCost, type Successor } from "../../../src/chains/likelihood.ts";
import type { FragmentStart } from "../../../src/model/fragment.ts";
import { at, KEY, rowOf } from "../../support/linking.ts";
import { DAY } from "../../support/model.ts";

const STARTS: readonly FragmentStart[] = [
  "header-only",
  "reset-prompt",
  "new-notice",
  "reset-notice",
  "agent-turn",
  "turn",
  "unknown",
];

const successor = (start: FragmentStart, row: Successor["row"] = null): Successor => ({
  start,
  startedAt: at(100),
  row,
});
/** Cost of following an archive that was put away so many seconds before. */
const costAfter = (seconds: number, start: FragmentStart, row: Successor["row"] = null): number =>
  linkCost(successor(start, row), at(100 - seconds));

/** How much likelier it is (in powers of e) that it follows an archive of `seconds` before than that it follows none. */
const gainOver = (seconds: number, given: Successor): number =>
  aloneCost(given, DAY) - linkCost(given, given.startedAt - seconds * 1000);

test("a reset whose file is written by the same request lies near", () => {
  assert.ok(costAfter(0.001, "header-only") < costAfter(1, "header-only"));
  assert.ok(costAfter(0.25, "reset-prompt") < costAfter(30, "reset-prompt"));
  assert.ok(costAfter(0.2, "new-notice") < costAfter(30, "new-notice"));
  assert.ok(costAfter(0.2, "reset-notice") < costAfter(30, "reset-notice"));
});

test("beyond all typical delays the nearer archive stays the likelier one", () => {
  for (const start of STARTS) {
    let before = -Infinity;
    for (const seconds of [60, 3600, 86_400, 30 * 86_400]) {
      const cost = costAfter(seconds, start);
      assert.ok(cost > before, `${start} after ${seconds} s`);
      before = cost;
    }
  }
});

test("every cost is a finite number, whatever the times", () => {
  for (const start of STARTS) {
    for (const seconds of [-1e9, -0.005, 0, 1e-3, 1e9]) assert.ok(Number.isFinite(costAfter(seconds, start)), start);
    for (const span of [-Infinity, 0, 1, 1e12]) assert.ok(!Number.isNaN(aloneCost(successor(start), span)));
  }
});

test("what only a reset writes has a predecessor; an ordinary turn may well have none", () => {
  for (const start of ["reset-prompt", "new-notice", "reset-notice"] as const)
    assert.ok(gainOver(3600, successor(start)) > gainOver(3600, successor("turn")), start);
});

test("runs of subagents and cron jobs begin keys of their own", () => {
  const usual = gainOver(1, successor("turn", rowOf(KEY, 1)));
  for (const key of ["agent:main:subagent:77", "agent:main:cron:5c0a", "agent:main:acp:1"])
    assert.ok(gainOver(1, successor("turn", rowOf(key, 1))) < usual - 2, key);
});

test("2026.3.24: a row without compactionCount was begun by the reset RPC, so it follows something", () => {
  const chat = successor("turn", rowOf(KEY, 1, { compactionCount: 0 }));
  const reset = successor("turn", rowOf(KEY, 1, { compactionCount: null }));
  assert.ok(gainOver(10, reset) > gainOver(10, chat));
});

test("2026.5.12: the row's start time picks the archive of that moment, however late the header", () => {
  const row = rowOf(KEY, 1, { sessionStartedAt: at(40) });
  assert.ok(costAfter(59.9, "turn", row) < costAfter(0.2, "turn", row));
  assert.ok(costAfter(59.9, "turn", row) < costAfter(70, "turn", row));
});

test("a row that waits for its next turn began when its archive was put away", () => {
  const waiting = rowOf(KEY, 1, { sessionStartedAt: at(40), updatedAt: at(90) });
  assert.ok(pendingCost(waiting, at(39.99)) < pendingCost(waiting, at(20)));
  const old = rowOf(KEY, 1, { sessionStartedAt: null, updatedAt: at(90) });
  assert.ok(pendingCost(old, at(89.99)) < pendingCost(old, at(40)));
  const timeless = rowOf(KEY, 1, { sessionStartedAt: null, updatedAt: null });
  assert.equal(pendingCost(timeless, at(1)), pendingCost(timeless, at(99)));
});
