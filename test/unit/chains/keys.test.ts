// Keys that the agent wrote down for a fragment: which source counts, and when none does.
import assert from "node:assert/strict";
import { test } from "node:test";

import { writtenKeys } from "../../../src/chains/keys.ts";
import { buildNodes } from "../../../src/chains/node.ts";
import { uuid } from "../../support/model.ts";
import {
  agentOf,
  type AgentParts,
  archive,
  claim,
  inFileOf,
  KEY,
  live,
  OTHER_KEY,
  rowOf,
} from "../../support/linking.ts";

/** `key kind certainty` of each fragment, oldest first. */
function keysOf(parts: AgentParts): (string | null)[] {
  const agent = agentOf(parts);
  return writtenKeys(buildNodes(agent.fragments, agent.store.rows), agent).map((known) =>
    known === null ? null : `${known.key} ${known.evidence.kind} ${known.certainty}`,
  );
}

const first = archive(1, 0, 10);
const second = live(2, 10);
const checkpoint = {
  checkpointId: "c1",
  sessionId: uuid(1),
  createdAt: null,
  preCompactionFile: null,
  postCompactionFile: null,
};

test("a row names its current transcript, and says nothing of others", () => {
  assert.deepEqual(keysOf({ fragments: [first, second], rows: [rowOf(KEY, 2)] }), [null, `${KEY} store-row recorded`]);
});

test("a trajectory names an archive by its session id", () => {
  assert.deepEqual(keysOf({ fragments: [first, second], claims: [claim(KEY, 1)] }), [
    `${KEY} trajectory recorded`,
    null,
  ]);
});

test("a usage family names all its ids, under the key of the family", () => {
  const row = rowOf(KEY, 2, { familyKey: KEY, familyIds: [uuid(1), uuid(2)] });
  assert.deepEqual(keysOf({ fragments: [first, second], rows: [row] }), [
    `${KEY} store-family recorded`,
    `${KEY} store-row recorded`,
  ]);
});

test("a family may be of another key than its row, and then names that", () => {
  const row = rowOf(OTHER_KEY, 9, { familyKey: KEY, familyIds: [uuid(1)] });
  assert.deepEqual(keysOf({ fragments: [first], rows: [row] }), [`${KEY} store-family recorded`]);
});

test("a checkpoint row names the session id that it is of", () => {
  const row = rowOf(KEY, 2, { checkpoints: [checkpoint] });
  assert.deepEqual(keysOf({ fragments: [first], rows: [row] }), [`${KEY} checkpoint recorded`]);
});

test("a claim about a file name holds, derived, for all headers that used the name", () => {
  const fragments = [inFileOf(1, archive(3, 0, 5)), inFileOf(1, archive(4, 5, 9))];
  assert.deepEqual(keysOf({ fragments, claims: [claim(KEY, 1)] }), [
    `${KEY} trajectory derived`,
    `${KEY} trajectory derived`,
  ]);
});

test("the trajectory was written while the fragment was current: it counts before a family", () => {
  const row = rowOf(OTHER_KEY, 9, { familyKey: OTHER_KEY, familyIds: [uuid(1)] });
  assert.deepEqual(keysOf({ fragments: [first], rows: [row], claims: [claim(KEY, 1)] }), [
    `${KEY} trajectory recorded`,
  ]);
});

test("the row that names a transcript counts before all that is said of its id", () => {
  assert.deepEqual(keysOf({ fragments: [second], rows: [rowOf(KEY, 2)], claims: [claim(OTHER_KEY, 2)] }), [
    `${KEY} store-row recorded`,
  ]);
});

test("where two trajectories disagree about an id, none counts", () => {
  assert.deepEqual(keysOf({ fragments: [first], claims: [claim(KEY, 1), claim(OTHER_KEY, 1)] }), [null]);
});

test("where two families list one id under different keys, none counts", () => {
  const rows = [KEY, OTHER_KEY].map((key, at) => rowOf(key, 8 + at, { familyKey: key, familyIds: [uuid(1)] }));
  assert.deepEqual(keysOf({ fragments: [first], rows }), [null]);
});

test("of two rows that name one transcript the shorter key counts, as cron rows come in pairs", () => {
  const rows = [rowOf(`${KEY}:run:${uuid(2)}`, 2), rowOf(KEY, 2)];
  assert.deepEqual(keysOf({ fragments: [second], rows }), [`${KEY} store-row recorded`]);
});

test("a row whose path leads out of the store names nothing here", () => {
  const row = rowOf(KEY, 2, { transcriptBy: "foreign" });
  assert.deepEqual(keysOf({ fragments: [second], rows: [row] }), [null]);
});

test("a fragment without a readable header has no id by which it could be named", () => {
  const torn = live(2, 0, { sessionId: null, fileId: null, header: { state: "bad", reason: "torn", offset: 0 } });
  assert.deepEqual(keysOf({ fragments: [torn], claims: [claim(KEY, 2)] }), [null]);
});
