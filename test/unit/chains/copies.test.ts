// An archive that was copied back is a copy beside its chain, not a part of it.
import assert from "node:assert/strict";
import { test } from "node:test";

import { linkChains } from "../../../src/chains/link.ts";
import { copiesAmong } from "../../../src/chains/node.ts";
import { composeSessions } from "../../../src/chains/sessions.ts";
import { agentOf, archive, at, KEY, live, rowOf } from "../../support/linking.ts";
import { uuid } from "../../support/model.ts";

test("an archive stands beside the transcript that was copied from it", () => {
  const [put, back] = [archive(1, 0, 10), live(1, 0)];
  const agent = agentOf({ fragments: [put, back], rows: [rowOf(KEY, 1)] });
  const sessions = composeSessions(agent, linkChains(agent));
  assert.deepEqual(
    sessions.map(({ key, fragments, checkpoints }) => [key, fragments.map((one) => one.fragment), checkpoints]),
    [[KEY, [back], [put]]],
  );
});

test("a header id that was used again, or only by archives, makes no copies", () => {
  const again = live(1, 20);
  const second = archive(2, 0, 12, { fileId: uuid(7) });
  const headerless = archive(3, 0, 5, { sessionId: null, startedAt: null });
  const fragments = [
    archive(1, 0, 10),
    again,
    archive(2, 0, 10),
    second,
    headerless,
    live(4, 0, { sessionId: null, startedAt: null }),
  ];
  assert.equal(copiesAmong(fragments).size, 0);
  assert.equal(again.startedAt, at(20));
});
