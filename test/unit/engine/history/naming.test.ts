// The name that is given for a session finds this very session again, also where keys and ids occur more than once.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { queryFor } from "../../../../src/engine/history/naming.ts";
import { allSessions } from "../../../../src/engine/query.ts";
import { sessionChosen } from "../../../../src/engine/tools/session-choice.ts";
import { engineOn } from "../../../support/engines.ts";
import { DATABASE_HOMES, FIXTURE_HOMES, fixtureHome } from "../../../support/homes.ts";

describe("the name of a session", () => {
  for (const name of [...FIXTURE_HOMES, ...DATABASE_HOMES])
    it(`leads back to it, for each of ${name}`, async (t) => {
      const snapshot = await engineOn([fixtureHome(t, name)]).scan();
      const hits = allSessions(snapshot);
      assert.ok(hits.length > 0);
      for (const hit of hits) {
        const found = sessionChosen(snapshot, { session: queryFor(hit), home: hit.home.home.path });
        assert.equal(found.session, hit.session, queryFor(hit));
      }
    });

  it("is the key wherever that is enough", async (t) => {
    const hits = allSessions(await engineOn([fixtureHome(t, "2026.9.6-clean")]).scan());
    const reborn = hits.filter(({ session }) => session.key === "agent:main:reset-then-delete");
    assert.equal(reborn.length, 2);
    assert.equal(reborn.filter((hit) => queryFor(hit) === hit.session.key).length, 1);
    assert.ok(hits.some((hit) => queryFor(hit) === "agent:main:incident"));
  });
});
