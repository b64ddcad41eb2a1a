// While the gateway runs: what writes its store or its transcripts is refused and names it; a lock that nobody holds is moved all the same.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { fileWith, INCIDENT, liveIn, OTHER, rowLost, storeOf } from "./support/lived-in-home.ts";
import { startGateway, type Gateway } from "./support/openclaw.ts";
import { agentsState, attempt, repaired } from "./support/repairing.ts";
import { makeWorld, sessionsOf, type OpenClawWorld } from "./support/world.ts";

describe("while the gateway runs", () => {
  let world: OpenClawWorld;
  let gateway: Gateway;

  before(async () => {
    world = await makeWorld();
    await liveIn(world);
    await rowLost(world);
    gateway = await startGateway(world);
  });

  after(async () => {
    await gateway?.stop();
    await world.close();
  });

  test("a repair of its store is refused, names its process, and changes nothing", async (context) => {
    const asItWas = agentsState(world);
    const archive = `agents/main/sessions/${await fileWith(world, ".reset.")}`;
    // Seen from an environment with another temporary folder, the gateway's lock can't be found: then its process tells.
    const elsewhere = { ...world, env: { ...world.env, TMPDIR: path.join(world.root, "nowhere") } };
    for (const from of [world, elsewhere]) {
      for (const repair of ["restore-beside", "restore-as-current"]) {
        const refused = await attempt(from, { path: archive, repair });
        assert.ok(Array.isArray(refused), `${repair} ran`);
        context.diagnostic(refused.join(" "));
        assert.match(refused.join(" "), new RegExp(`\\b${gateway.pid}\\b`));
      }
    }
    assert.deepEqual(agentsState(world), asItWas);
  });

  test("a stale lock is moved aside, and the turn that comes then is not disturbed", async () => {
    const transcript = String((await storeOf(world))[OTHER]?.["sessionFile"]);
    const deadPid = 2 ** 22 + 1;
    const payload = { pid: deadPid, createdAt: new Date(Date.now() - 60_000).toISOString(), starttime: 1 };
    await writeFile(`${transcript}.lock`, `${JSON.stringify(payload, null, 2)}\n`);
    const { plan } = await repaired(world, { code: "lock/stale", repair: "stale-lock" });
    assert.deepEqual(
      plan.steps.map(({ path: place }) => place),
      [path.relative(world.home, `${transcript}.lock`)],
    );
    assert.deepEqual((await gateway.turn(OTHER, "go on")).texts, ["I was shown 2 messages of the user."]);
  });

  test("what was changed outside is noticed without a restart", async () => {
    const file = path.join(sessionsOf(world), "sessions.json");
    const store = await storeOf(world);
    await writeFile(file, JSON.stringify({ ...store, [`${OTHER}-again`]: store[OTHER] }, null, 2));
    const listed = (await gateway.call("sessions.list", {})) as {
      readonly sessions: readonly { readonly key: string }[];
    };
    const keys = listed.sessions.map(({ key }) => key);
    assert.ok(keys.includes(`${OTHER}-again`) && !keys.includes(INCIDENT), keys.join(", "));
  });
});
