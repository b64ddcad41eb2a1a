// Every repair on a home that the real OpenClaw made: what its own commands say of it before and after, a new turn into what was restored, and undo.
import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import {
  agedArchive,
  archivedByDoctor,
  cutOffTurn,
  fileWith,
  GONE,
  INCIDENT,
  liveIn,
  pointsIntoShadow,
  rowLost,
  runInShadow,
  tornStore,
  weeksAgo,
} from "./support/lived-in-home.ts";
import { withGateway } from "./support/openclaw.ts";
import { agentsState, findingsOf, repaired, scanned, type Repaired, type Wanted } from "./support/repairing.ts";
import { complaints, type ListedSession, listedSessions, newComplaints } from "./support/told.ts";
import { makeWorld, type OpenClawWorld } from "./support/world.ts";

/** What the next turn of a session shows when it continues what stood there: how many messages of the user there are then. */
interface GoesOn {
  readonly key: string | ((listed: readonly ListedSession[]) => string | undefined);
  readonly messages: number;
}

interface Scenario {
  readonly title: string;
  /** What happens to a healthy home first. */
  readonly damage?: (world: OpenClawWorld) => Promise<void>;
  /** One after the other, each with a look at the home in between. */
  readonly wanted: (world: OpenClawWorld) => Promise<readonly Wanted[]>;
  readonly goesOn: GoesOn;
}

const archive = async (world: OpenClawWorld, part: string): Promise<string> =>
  `agents/main/sessions/${await fileWith(world, part)}`;

const recovered = (listed: readonly ListedSession[]): string | undefined =>
  listed.find(({ key }) => key.startsWith("agent:main:recovered:"))?.key;

const SCENARIOS: readonly Scenario[] = [
  {
    title: "a stale lock and a row that says running, after a kill",
    damage: cutOffTurn,
    wanted: async () => [
      { code: "lock/stale", repair: "stale-lock" },
      // A row counts as stuck only after some minutes of silence.
      { code: "store/stuck-running", laterMs: 10 * 60_000, repair: "settle-run" },
    ],
    goesOn: { key: INCIDENT, messages: 2 },
  },
  {
    title: "a transcript that doctor archived weeks ago",
    damage: weeksAgo(archivedByDoctor),
    wanted: async () => [{ code: "store/missing-transcript", repair: "copy-transcript" }],
    goesOn: { key: INCIDENT, messages: 2 },
  },
  {
    title: "a reset archive, restored beside the session",
    wanted: async (world) => [{ path: await archive(world, ".reset."), repair: "restore-beside" }],
    goesOn: { key: recovered, messages: 3 },
  },
  {
    title: "a deleted session, restored beside the others",
    wanted: async (world) => [{ path: await archive(world, ".deleted."), repair: "restore-beside" }],
    goesOn: { key: recovered, messages: 2 },
  },
  {
    title: "a reset archive, made current again",
    wanted: async (world) => [{ path: await archive(world, ".reset."), repair: "restore-as-current" }],
    goesOn: { key: INCIDENT, messages: 3 },
  },
  {
    title: "a deleted session, made current again",
    wanted: async (world) => [{ path: await archive(world, ".deleted."), repair: "restore-as-current" }],
    goesOn: { key: GONE, messages: 2 },
  },
  {
    title: "a transcript without a row",
    damage: rowLost,
    wanted: async () => [{ code: "store/orphan-transcript", repair: "adopt-transcript" }],
    goesOn: { key: INCIDENT, messages: 2 },
  },
  {
    title: "a store that ends in the middle",
    damage: tornStore,
    wanted: async () => [{ code: "store/unreadable", repair: "recover-store" }],
    goesOn: { key: INCIDENT, messages: 2 },
  },
  {
    title: "a row that has pointed into a shadow for weeks",
    damage: weeksAgo(pointsIntoShadow),
    wanted: async () => [{ code: "store/foreign-session-file", repair: "point-here" }],
    goesOn: { key: INCIDENT, messages: 2 },
  },
  {
    title: "archives that will soon be removed",
    damage: agedArchive,
    wanted: async () => [{ code: "chain/archive-expiring", repair: "save-archives" }],
    goesOn: { key: INCIDENT, messages: 2 },
  },
  {
    title: "a shadow store, imported",
    damage: (world) => runInShadow(world, "said in the shadow"),
    wanted: async () => [{ code: "store/shadow", repair: "import-shadow" }],
    goesOn: {
      key: (listed) => recovered(listed) ?? listed.find(({ key }) => key === "agent:main:main")?.key,
      messages: 2,
    },
  },
  {
    title: "a shadow store, its sessions folder replaced by a link",
    damage: (world) => runInShadow(world, "said in the shadow"),
    wanted: async () => [
      { code: "store/shadow", repair: "import-shadow" },
      { code: "store/shadow", repair: "link-shadow" },
    ],
    goesOn: { key: "agent:main:main", messages: 2 },
  },
];

describe("the real OpenClaw, after a repair", () => {
  let world: OpenClawWorld;
  let putBack: () => Promise<void>;

  before(async () => {
    world = await makeWorld();
    await liveIn(world);
    putBack = await world.keepAgents();
  });

  after(() => world.close());

  async function repairAll(scenario: Scenario): Promise<Repaired[]> {
    const done: Repaired[] = [];
    for (const wanted of await scenario.wanted(world)) done.push(await repaired(world, wanted));
    return done;
  }

  for (const scenario of SCENARIOS) {
    test(scenario.title, async (context) => {
      await putBack();
      await rm(path.join(world.home, ".session-forensics"), { recursive: true, force: true });
      await scenario.damage?.(world);
      const complained = await complaints(world);
      const asItWas = agentsState(world);

      const done = await repairAll(scenario);
      for (const { plan } of done) for (const step of plan.steps) context.diagnostic(`${step.do} ${step.path}`);
      const now = await complaints(world);
      assert.deepEqual(newComplaints(complained, now), []);
      for (const gone of newComplaints(now, complained)) context.diagnostic(`doctor no longer says: ${gone}`);
      for (const { code, path: place } of findingsOf(await scanned(world)))
        context.diagnostic(`still found: ${code} ${place}`);

      for (const { undo } of done.toReversed()) await undo();
      assert.deepEqual(agentsState(world), asItWas);

      await repairAll(scenario);
      const listed = await listedSessions(world);
      const { key: wantedKey, messages } = scenario.goesOn;
      const key = typeof wantedKey === "string" ? wantedKey : wantedKey(listed);
      const row = listed.find((one) => one.key === key);
      assert.ok(key !== undefined && row !== undefined, `not listed among ${listed.map((one) => one.key).join(", ")}`);
      const { texts } = await withGateway(world, ({ turn }) => turn(key, "and now?"));
      context.diagnostic(`a new turn of ${key}: ${texts.join(" ")}`);
      assert.deepEqual(texts, [`I was shown ${messages} messages of the user.`]);
      assert.deepEqual(newComplaints(complained, await complaints(world)), []);
    });
  }
});
