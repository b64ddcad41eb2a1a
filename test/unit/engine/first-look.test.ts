// The first look at homes that take long: what it shows before all is weighed, what it keeps back, and what follows it.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";

import { healthySummary } from "../../../src/checks/healthy.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import { type HomeSnapshot, isPending, type Snapshot } from "../../../src/model/snapshot.ts";
import { engineOn, homeAt, observed, toldBy } from "../../support/engines.ts";
import { MAIN } from "../../support/good-home.ts";
import { FIXTURE_HOMES, fixtureHome } from "../../support/homes.ts";

interface Shown {
  readonly engine: Engine;
  readonly snapshots: readonly Snapshot[];
}

/** Every snapshot that a first scan shows when nobody waits for anything. */
async function shown(paths: readonly string[]): Promise<Shown> {
  const engine = engineOn(paths, { unnoticedMs: 0 });
  const snapshots: Snapshot[] = [];
  engine.onDidChange((snapshot) => snapshots.push(snapshot));
  await engine.scan();
  return { engine, snapshots };
}

async function twoSteps(home: string): Promise<{ readonly first: HomeSnapshot; readonly whole: HomeSnapshot }> {
  const { snapshots } = await shown([home]);
  const [first, whole, ...others] = snapshots;
  assert.ok(first !== undefined && whole !== undefined && others.length === 0);
  assert.deepEqual([first.revision, whole.revision], [1, 2]);
  return { first: homeAt(first, home), whole: homeAt(whole, home) };
}

const chained = ({ agents }: HomeSnapshot) => agents.flatMap((agent) => agent.sessions).flatMap((one) => one.fragments);

for (const name of FIXTURE_HOMES) {
  describe(`a first look at ${name}`, () => {
    it("says of every agent that links are still being weighed, and the whole does not", async (test) => {
      const { first, whole } = await twoSteps(fixtureHome(test, name));
      assert.ok(first.agents.length > 0 && first.agents.every(({ pending }) => pending === "linking"));
      assert.equal(isPending(whole), false);
      assert.equal(healthySummary(first), null);
    });

    it("shows each fragment once, and links that stay as they are", async (test) => {
      const { first, whole } = await twoSteps(fixtureHome(test, name));
      const after = new Map(chained(whole).map((one) => [one.fragment.path, one]));
      const paths = chained(first).map(({ fragment }) => fragment.path);
      assert.deepEqual(paths.toSorted(), [...after.keys()].toSorted());
      for (const { fragment, link } of chained(first)) {
        if (link === null) continue;
        assert.notEqual(link.certainty, "inferred");
        assert.deepEqual(after.get(fragment.path)?.link, link);
      }
    });

    it("says of each place that gets another answer later that it is still being weighed", async (test) => {
      const { first, whole } = await twoSteps(fixtureHome(test, name));
      const after = new Map(chained(whole).map((one) => [one.fragment.path, one]));
      for (const { fragment, link, open } of chained(first)) {
        const later = after.get(fragment.path);
        if (later?.link === null && later.open === open) continue;
        if (link === null) assert.match(open ?? "", /still being weighed/, fragment.path);
      }
    });

    it("keeps the names of sessions that have a row", async (test) => {
      const { first, whole } = await twoSteps(fixtureHome(test, name));
      const named = ({ agents }: HomeSnapshot) =>
        agents.flatMap((agent) => agent.sessions.filter(({ row }) => row !== null).map(({ id }) => id));
      const later = new Set(named(whole));
      for (const id of named(first)) assert.ok(later.has(id), id);
    });

    it("shows no finding that is withdrawn or said otherwise later", async (test) => {
      const { first, whole } = await twoSteps(fixtureHome(test, name));
      const later = new Map(whole.findings.map((finding) => [finding.id, finding]));
      for (const finding of first.findings) assert.deepEqual(later.get(finding.id), finding);
    });

    it("is followed by what a scan without it shows", async (test) => {
      const home = fixtureHome(test, name);
      const { engine } = await shown([home]);
      assert.ok(engine.snapshot !== null);
      assert.deepEqual(toldBy(engine.snapshot), toldBy(await engineOn([home]).scan()));
    });
  });
}

describe("a first look", () => {
  it("is not taken where all is known before a person would notice, nor in a further scan", async (test) => {
    const home = fixtureHome(test, "2026.5.12-random");
    const engine = engineOn([home]);
    const revisions: number[] = [];
    engine.onDidChange(({ revision }) => revisions.push(revision));
    await engine.scan();
    assert.deepEqual(revisions, [1]);
    const hurried = await shown([home]);
    await hurried.engine.scan();
    assert.equal(hurried.snapshots.length, 2);
  });

  it("compares no shadow yet, and says nothing about it", async (test) => {
    const home = fixtureHome(test, "2026.3.24-shadow");
    const { snapshots } = await shown([home]);
    const shadows = (snapshot: Snapshot | undefined) =>
      snapshot?.homes.filter((one) => one.home.role === "shadow") ?? [];
    assert.ok(shadows(snapshots[1]).some(({ comparison }) => comparison !== undefined));
    for (const { comparison, findings } of shadows(snapshots[0])) {
      assert.equal(comparison, undefined);
      assert.deepEqual(
        findings.filter(({ code }) => code.startsWith("store/shadow")),
        [],
      );
    }
  });

  it("traces nothing twice", async (test) => {
    const home = fixtureHome(test, "2026.5.12-random");
    const traced: string[][] = [];
    for (const unnoticedMs of [0, 150]) {
      const calls: string[] = [];
      await engineOn([home], { unnoticedMs, programs: [observed(calls)] }).scan();
      traced.push(calls);
    }
    assert.deepEqual(traced[0], traced[1]);
  });

  it("stands after a scan that was cancelled while it was shown, and the next scan completes it", async (test) => {
    const home = fixtureHome(test, "2026.5.12-random");
    const engine = engineOn([home], { unnoticedMs: 0 });
    const abort = new AbortController();
    engine.onDidChange(() => abort.abort(new Error("enough")));
    await assert.rejects(engine.scan(abort.signal), /enough/);
    assert.equal(engine.snapshot !== null && isPending(homeAt(engine.snapshot, home)), true);
    const whole = await engine.changed([join(home, MAIN, "sessions.json")]);
    assert.equal(isPending(homeAt(whole, home)), false);
  });
});
