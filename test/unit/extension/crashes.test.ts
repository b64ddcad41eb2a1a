// A server that dies is started again, but not for ever.
import assert from "node:assert/strict";
import { it } from "node:test";

import { CRASH_WINDOW_MS, crashCounter, MAX_CRASHES } from "../../../src/extension/client/crashes.ts";

const SECOND = 1000;

/** How often in a row a restart is allowed, with so much time between two crashes. */
function allowed(apartMs: number, crashes: number): number {
  const counter = crashCounter();
  return Array.from({ length: crashes }, (_, index) => counter.mayRestart(index * apartMs)).filter(Boolean).length;
}

it("gives up at the fifth crash within three minutes", () => {
  assert.equal(MAX_CRASHES, 5);
  assert.equal(CRASH_WINDOW_MS, 180 * SECOND);
  assert.equal(allowed(10 * SECOND, 5), 4);
});

it("goes on for ever when crashes are far apart", () => {
  assert.equal(allowed(50 * SECOND, 100), 100);
});

it("counts from zero after a restart by hand", () => {
  const counter = crashCounter();
  for (let crash = 0; crash < MAX_CRASHES; crash += 1) counter.mayRestart(crash);
  counter.reset();
  assert.equal(counter.mayRestart(MAX_CRASHES), true);
});
