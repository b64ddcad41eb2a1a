// What is said of homes that real releases wrote, with nothing damaged beyond what truly happened there.
import assert from "node:assert/strict";
import { test } from "node:test";

import { openclaw } from "../../../src/agents/openclaw/index.ts";
import { createEngine } from "../../../src/engine/create-engine.ts";
import { fixtureHome, type FixtureHome } from "../../support/homes.ts";
import { only, world } from "../../support/world.ts";

/** Codes by home, with the session or file that each is about. */
const EXPECTED: Readonly<Record<FixtureHome, readonly (readonly [code: string, about: string])[]>> = {
  "2026.3.24-random": [],
  // A session was deleted without its transcript; and an agent ran OpenClaw in its own HOME.
  "2026.3.24-shadow": [
    ["store/orphan-transcript", "agents/main/sessions/e82e5eb4-5dab-41e8-b7cd-bbfe8f33be49.jsonl"],
    ["store/shadow-diverged", "."],
  ],
  "2026.5.12-delivery": [],
  // The gateway was killed in the middle of two turns; a third had been wedged by an abort. The home was copied here since.
  "2026.5.12-killed": [
    ["store/orphan-transcript", "agent:main:delete-keep-transcript"],
    ["store/stuck-running", "agent:main:failing"],
    ["lock/unknown", "agent:main:stuck"],
    ["lock/unknown", "agent:ops:stuck-in-tool"],
  ],
  "2026.5.12-random": [
    ["lock/unknown", "agent:main:research"],
    ["lock/unknown", "agent:ops:main"],
  ],
};

for (const [name, expected] of Object.entries(EXPECTED) as [FixtureHome, (typeof EXPECTED)[FixtureHome]][]) {
  test(name, async (t) => {
    const engine = createEngine({
      programs: [openclaw],
      world: world(),
      given: only(fixtureHome(t, name)),
      settings: { locksWarnAfterSeconds: 60 },
      memoFolder: null,
      log: () => {},
    });
    const { homes } = await engine.scan();
    await engine.close();
    const found = homes.flatMap(({ findings }) => findings.map((one) => [one.code, one.sessionKey ?? one.path]));
    assert.deepEqual(found, expected);
  });
}
