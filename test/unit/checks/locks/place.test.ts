import assert from "node:assert/strict";
import { test } from "node:test";
import { placeOf } from "../../../../src/checks/locks/place.ts";
import type { StoreRow } from "../../../../src/model/store.ts";
import {
  agentReading,
  HOME,
  homeIdentity,
  homeReading,
  lockFile,
  NOW,
  row,
  store,
  uuid,
} from "../../../support/model.ts";

const withRows = (rows: readonly StoreRow[], home = homeIdentity()): ReturnType<typeof homeReading> =>
  homeReading({ home, agents: [agentReading({ store: store(rows) })] });
const moved = (number: number, updatedAt = NOW): StoreRow =>
  row({
    key: `agent:main:${number}`,
    sessionId: uuid(number),
    sessionFile: `/srv/old/.openclaw/agents/main/sessions/${uuid(number)}.jsonl`,
    transcriptBy: "moved",
    updatedAt,
  });

test("a home whose rows name it by its own path was written here, wherever that is", () => {
  assert.equal(placeOf(withRows([row()]), lockFile()).isElsewhere, false);
});

test("a home whose rows name another root was written elsewhere, also when it lies where OpenClaw looks", () => {
  assert.deepEqual(placeOf(withRows([moved(1)]), lockFile()), { isElsewhere: true, writtenAt: "/srv/old/.openclaw" });
});

test("the row of the locked transcript counts before a newer one", () => {
  const rows = [moved(2, NOW), row({ updatedAt: NOW - 1000 })];
  assert.equal(placeOf(withRows(rows), lockFile()).isElsewhere, false);
});

test("without such a row the newest one counts", () => {
  const rows = [moved(2, NOW), row({ sessionId: uuid(3), updatedAt: NOW - 1000 })];
  assert.equal(placeOf(withRows(rows), lockFile({ of: "store", target: "sessions.json" })).isElsewhere, true);
});

test("relative paths and paths to foreign folders say nothing about the place", () => {
  const rows = [
    row({ sessionFile: `${uuid(1)}.jsonl` }),
    row({ sessionId: uuid(2), sessionFile: "/elsewhere/x.jsonl", transcriptBy: "foreign" }),
  ];
  assert.equal(placeOf(withRows([...rows, moved(3)]), lockFile()).isElsewhere, true);
  assert.equal(placeOf(withRows(rows), lockFile()).isElsewhere, false);
});

test("a backup is a copy wherever it lies", () => {
  assert.equal(placeOf(withRows([row()], homeIdentity({ role: "backup" })), lockFile()).isElsewhere, true);
});

test("a gateway lock names its home itself", () => {
  const gateway = { of: "gateway", target: "." } as const;
  assert.equal(placeOf(withRows([]), lockFile({ ...gateway, stateDir: HOME })).isElsewhere, false);
  assert.deepEqual(placeOf(withRows([]), lockFile({ ...gateway, stateDir: "/data/openclaw" })), {
    isElsewhere: true,
    writtenAt: "/data/openclaw",
  });
});

test("Windows paths are understood", () => {
  const written = String.raw`C:\Users\kim\.openclaw\agents\main\sessions\${uuid(1)}.jsonl`;
  assert.equal(
    placeOf(withRows([row({ sessionFile: written, transcriptBy: "moved" })]), lockFile()).writtenAt,
    "C:/Users/kim/.openclaw",
  );
});
