// What a row needs so that OpenClaw continues its session: the traps that repairs must not step into, each shown on the real program.
import assert from "node:assert/strict";
import { access, copyFile, readdir } from "node:fs/promises";
import path from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";

import {
  editStore,
  fileWith,
  INCIDENT,
  liveIn,
  movedFromElsewhere,
  OTHER,
  storeOf,
  tornStore,
} from "./support/lived-in-home.ts";
import { withGateway } from "./support/openclaw.ts";
import { makeWorld, sessionsOf, type OpenClawWorld } from "./support/world.ts";

const DAY_MS = 24 * 3600 * 1000;
const shown = (messages: number): string[] => [
  `I was shown ${messages} ${messages === 1 ? "message" : "messages"} of the user.`,
];

describe("the real OpenClaw", () => {
  let world: OpenClawWorld;
  let putBack: () => Promise<void>;

  before(async () => {
    world = await makeWorld();
    await liveIn(world);
    putBack = await world.keepAgents();
  });
  beforeEach(() => putBack());
  after(() => world.close());

  test("drops a row that was not used for 30 days, and archives its transcript, when any other session takes a turn", async () => {
    await editStore(world, (store) => Object.assign(store[OTHER] ?? {}, { updatedAt: Date.now() - 31 * DAY_MS }));
    const transcript = path.basename(String((await storeOf(world))[OTHER]?.["sessionFile"]));
    await withGateway(world, async (gateway) => void (await gateway.turn(INCIDENT, "unrelated")));
    assert.equal((await storeOf(world))[OTHER], undefined);
    assert.match(await fileWith(world, `${transcript}.`), /\.deleted\./);
  });

  test("begins anew what began before the last daily reset", async () => {
    await editStore(world, (store) => Object.assign(store[OTHER] ?? {}, { sessionStartedAt: Date.now() - 2 * DAY_MS }));
    await withGateway(world, async (gateway) => assert.deepEqual((await gateway.turn(OTHER, "go on")).texts, shown(1)));
  });

  test("takes a store that does not parse for an empty one, and writes over it", async () => {
    await tornStore(world);
    await withGateway(world, async (gateway) => void (await gateway.turn("agent:main:new", "hello")));
    assert.deepEqual(Object.keys(await storeOf(world)), ["agent:main:new"]);
  });

  test("archives the live file that is called by a row's session id, whoever uses it", async () => {
    const live = path.basename(String((await storeOf(world))[INCIDENT]?.["sessionFile"]));
    const sessions = sessionsOf(world);
    await copyFile(path.join(sessions, await fileWith(world, ".reset.")), path.join(sessions, "restored.jsonl"));
    const now = Date.now();
    await editStore(world, (store) => {
      // The first fragment's id is the name of the file that the session still uses.
      const row = { sessionId: live.replace(".jsonl", ""), sessionFile: path.join(sessions, "restored.jsonl") };
      store["agent:main:restored"] = { ...row, updatedAt: now, sessionStartedAt: now, lastInteractionAt: now };
    });
    await withGateway(world, async (gateway) => {
      assert.deepEqual((await gateway.turn("agent:main:restored", "go on")).texts, shown(3));
      await gateway.call("sessions.reset", { key: "agent:main:restored" });
      assert.ok(!(await readdir(sessions)).includes(live));
      assert.deepEqual((await gateway.turn(INCIDENT, "go on")).texts, shown(1));
    });
  });

  test("looks for the transcripts of a moved home in the former place, and begins anew there", async () => {
    await movedFromElsewhere(world);
    const former = String((await storeOf(world))[INCIDENT]?.["sessionFile"]);
    await withGateway(world, async (gateway) =>
      assert.deepEqual((await gateway.turn(INCIDENT, "go on")).texts, shown(1)),
    );
    await access(former);
  });
});
