// What the server says of homes that it does not know as a whole yet: that it is not all, and never that nothing is wrong.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { healthySentence, pendingNote, pendingStage } from "../../../src/engine/present/homes.ts";
import type { AgentSnapshot } from "../../../src/model/snapshot.ts";
import { agentItem, homeItem } from "../../../src/server/items/home-item.ts";
import { aHome, anAgent, aSession, aSnapshot } from "../../support/snapshots.ts";

const USER_HOME = "/home/ann";
const inStage = (pending?: "reading" | "linking"): AgentSnapshot => {
  const agent = anAgent([aSession()]);
  return pending === undefined ? agent : { ...agent, pending };
};

describe("homes that are not known as a whole", () => {
  it("are in the earliest stage of their agents", () => {
    const [whole, reading, linking] = [inStage(), inStage("reading"), inStage("linking")];
    assert.deepEqual(
      [[whole], [whole, linking], [linking, reading], []].map((agents) => pendingStage(agents)),
      [null, "linking", "reading", null],
    );
    assert.deepEqual([pendingNote([whole]), pendingNote([linking])], ["", "linking…"]);
  });

  for (const stage of ["reading", "linking"] as const) {
    it(`say so while ${stage}, and are not called healthy`, () => {
      const agent = inStage(stage);
      const home = { ...aHome(), agents: [agent], findings: [], locks: [] };
      assert.match(homeItem(home, undefined, USER_HOME).description, new RegExp(`${stage}…`));
      const item = agentItem(home, agent);
      assert.match(item.description, new RegExp(`${stage}…`));
      assert.ok(item.tooltip.some(({ name }) => name === "Not all yet"));
      assert.equal(healthySentence({ ...aSnapshot(), homes: [home] }), null);
      const whole = { ...home, agents: [inStage()] };
      assert.doesNotMatch(homeItem(whole, undefined, USER_HOME).description, /…/);
      assert.notEqual(healthySentence({ ...aSnapshot(), homes: [whole] }), null);
    });
  }
});
