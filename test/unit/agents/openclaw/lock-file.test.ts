import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { parsePayload } from "../../../../src/agents/openclaw/lock-file.ts";
import type { LockFile } from "../../../../src/model/lock.ts";

const AT = "2026-11-21T00:35:19.739Z";
const AT_MS = Date.parse(AT);

const nothing = {
  pid: null,
  createdAt: null,
  startTicks: null,
  maxHoldMs: null,
  host: null,
  stateDir: null,
  port: null,
} as const;

describe("a lock's payload", () => {
  const cases: [name: string, text: string, expected: Partial<LockFile>][] = [
    [
      "of a transcript",
      JSON.stringify({ pid: 13529, createdAt: AT, starttime: 273828 }, null, 2),
      { pid: 13529, createdAt: AT_MS, startTicks: 273828, payload: "ok" },
    ],
    [
      "with its longest hold",
      JSON.stringify({ pid: 1, createdAt: AT, maxHoldMs: 300_000 }),
      { pid: 1, createdAt: AT_MS, maxHoldMs: 300_000, payload: "ok" },
    ],
    [
      "of a gateway",
      JSON.stringify({
        pid: 11789,
        createdAt: AT,
        configPath: "/h/openclaw.json",
        stateDir: "/h",
        port: 22900,
        startTime: 266171,
      }),
      { pid: 11789, createdAt: AT_MS, stateDir: "/h", port: 22900, startTicks: 266171, payload: "ok" },
    ],
    [
      "with a host",
      JSON.stringify({ pid: 5, createdAt: AT, hostname: "box" }),
      { pid: 5, createdAt: AT_MS, host: "box", payload: "ok" },
    ],
    [
      "with a start in milliseconds",
      JSON.stringify({ pid: 5, startedAt: AT_MS }),
      { pid: 5, createdAt: AT_MS, payload: "ok" },
    ],
    ["without a pid", JSON.stringify({ createdAt: AT }), { createdAt: AT_MS, payload: "ok" }],
    ["with a time that is none", JSON.stringify({ pid: 5, createdAt: "yesterday" }), { pid: 5, payload: "ok" }],
    ["with a number for a time", JSON.stringify({ pid: 5, createdAt: 5 }), { pid: 5, payload: "ok" }],
    ["with a number for a time, alone", JSON.stringify({ createdAt: AT_MS }), { payload: "senseless" }],
    ["with a pid that is none", JSON.stringify({ pid: -4, createdAt: AT }), { createdAt: AT_MS, payload: "ok" }],
    ["that is empty", "", { payload: "empty" }],
    ["that is blank", " \n", { payload: "empty" }],
    ["that is torn", '{\n  "pid": 135', { payload: "torn" }],
    ["that is a bare pid", "4242", { pid: 4242, payload: "senseless" }],
    ["that is another thing", "locked!", { payload: "senseless" }],
    ["that says nothing", "{}", { payload: "senseless" }],
    ["of zeros", "\u0000\u0000\u0000", { payload: "senseless" }],
  ];
  for (const [name, text, expected] of cases) {
    it(name, () => assert.deepEqual(parsePayload(text), { ...nothing, ...expected }));
  }
});
