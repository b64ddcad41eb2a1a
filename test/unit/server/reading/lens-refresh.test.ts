import assert from "node:assert/strict";
import { test } from "node:test";

import { LensRefresh } from "../../../../src/server/reading/lens-refresh.ts";
import { aFragment, aHome, alone, anAgent, anArchive, aSession, aSnapshot, at } from "../../../support/snapshots.ts";

const URI = `file:///home/ann/.openclaw/${aFragment().path}`;

test("lenses are asked for again when the chain around an open transcript changed, and not when it only grew", () => {
  let asked = 0;
  const refresh = new LensRefresh(() => {
    asked += 1;
  });
  const looks = (...given: Parameters<typeof aSession>): number => {
    const before = asked;
    refresh.look(aSnapshot([aHome({ agents: [anAgent([aSession(...given)])] })]), [URI, "file:///elsewhere.ts"]);
    return asked - before;
  };
  const first = anArchive();
  const link = { previous: { path: first.path }, certainty: "recorded", evidence: [] } as const;
  assert.equal(looks(), 1, "what was opened before anything was known");
  assert.equal(looks(), 0);
  assert.equal(looks({ fragments: [alone(first), alone(aFragment({ bytes: 9_999, endedAt: at(18) }), { link })] }), 0);
  assert.equal(
    looks({ fragments: [alone(first), alone(aFragment(), { link: { ...link, certainty: "assigned" } })] }),
    1,
  );
  const next = aFragment({ path: "agents/main/sessions/next.jsonl", startedAt: at(19) });
  assert.equal(looks({ fragments: [alone(first), alone(aFragment(), { link }), alone(next)] }), 1);
  refresh.look(aSnapshot(), []);
  assert.equal(asked, 3);
});
