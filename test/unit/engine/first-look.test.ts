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

/** The home as its store lists it, as its sure links show it, and as a whole. */
async function steps(home: string): Promise<Readonly<Record<"listed" | "sure" | "whole", HomeSnapshot>>> {
  const { snapshots } = await shown([home]);
  assert.deepEqual(
    snapshots.map(({ revision }) => revision),
    [1, 2, 3],
  );
  const [listed, sure, whole] = snapshots.map((snapshot) => homeAt(snapshot, home));
  assert.ok(listed !== undefined && sure !== undefined && whole !== undefined);
  return { listed, sure, whole };
}

const stagesOf = ({ agents }: HomeSnapshot) => new Set(agents.map(({ pending }) => pending));
const sessionsOf = ({ agents }: HomeSnapshot) => agents.flatMap((agent) => agent.sessions);

const chained = (home: HomeSnapshot) => sessionsOf(home).flatMap((one) => one.fragments);

for (const name of FIXTURE_HOMES) {
  describe(`a first look at ${name}`, () => {
    it("says of every agent what is still going on, and the whole does not", async (test) => {
      const { listed, sure, whole } = await steps(fixtureHome(test, name));
      assert.deepEqual([stagesOf(listed), stagesOf(sure)], [new Set(["reading"]), new Set(["linking"])]);
      assert.equal(isPending(whole), false);
      assert.deepEqual([healthySummary(listed), healthySummary(sure)], [null, null]);
    });

    it("shows the sessions of the store at once, under the names that they keep, and nothing else", async (test) => {
      const { listed, whole } = await steps(fixtureHome(test, name));
      const later = new Map(sessionsOf(whole).map((session) => [session.id, session]));
      assert.ok(sessionsOf(listed).length > 0);
      for (const { id, key, row, otherKeys, fragments } of sessionsOf(listed)) {
        const kept = later.get(id);
        assert.deepEqual([key, row, otherKeys], [kept?.key, kept?.row, kept?.otherKeys], id);
        assert.deepEqual(fragments, []);
      }
      const rows = sessionsOf(whole).filter((session) => session.row !== null);
      assert.equal(sessionsOf(listed).length, rows.length);
      assert.deepEqual([listed.findings, listed.locks, listed.skipped], [[], [], []]);
    });

    it("shows each fragment once, and links that stay as they are", async (test) => {
      const { sure, whole } = await steps(fixtureHome(test, name));
      const after = new Map(chained(whole).map((one) => [one.fragment.path, one]));
      const paths = chained(sure).map(({ fragment }) => fragment.path);
      assert.deepEqual(paths.toSorted(), [...after.keys()].toSorted());
      for (const { fragment, link } of chained(sure)) {
        if (link === null) continue;
        assert.notEqual(link.certainty, "inferred");
        assert.deepEqual(after.get(fragment.path)?.link, link);
      }
    });

    it("says of each place that gets another answer later that it is still being weighed", async (test) => {
      const { sure, whole } = await steps(fixtureHome(test, name));
      const after = new Map(chained(whole).map((one) => [one.fragment.path, one]));
      for (const { fragment, link, open } of chained(sure)) {
        const later = after.get(fragment.path);
        if (later?.link === null && later.open === open) continue;
        if (link === null) assert.match(open ?? "", /still being weighed/, fragment.path);
      }
    });

    it("keeps the names of sessions that have a row while links are weighed", async (test) => {
      const { sure, whole } = await steps(fixtureHome(test, name));
      const named = ({ agents }: HomeSnapshot) =>
        agents.flatMap((agent) => agent.sessions.filter(({ row }) => row !== null).map(({ id }) => id));
      const later = new Set(named(whole));
      for (const id of named(sure)) assert.ok(later.has(id), id);
    });

    it("shows no finding that is withdrawn or said otherwise later", async (test) => {
      const { sure, whole } = await steps(fixtureHome(test, name));
      const later = new Map(whole.findings.map((finding) => [finding.id, finding]));
      for (const finding of sure.findings) assert.deepEqual(later.get(finding.id), finding);
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
    assert.equal(hurried.snapshots.length, 3);
  });

  it("is not taken where nobody listens", async (test) => {
    const engine = engineOn([fixtureHome(test, "2026.5.12-random")], { unnoticedMs: 0 });
    assert.equal((await engine.scan()).revision, 1);
  });

  it("compares no shadow yet, and says nothing about it", async (test) => {
    const home = fixtureHome(test, "2026.3.24-shadow");
    const { snapshots } = await shown([home]);
    const shadows = (snapshot: Snapshot | undefined) =>
      snapshot?.homes.filter((one) => one.home.role === "shadow") ?? [];
    assert.ok(shadows(snapshots.at(-1)).some(({ comparison }) => comparison !== undefined));
    for (const { comparison, findings } of snapshots.slice(0, -1).flatMap(shadows)) {
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
      const engine = engineOn([home], { unnoticedMs, programs: [observed(calls)] });
      engine.onDidChange(() => undefined);
      await engine.scan();
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
