// Who asks the engine, when, and what they get: shared runs, cancelled ones, listeners, settings, places, surroundings.
import assert from "node:assert/strict";
import { appendFileSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";

import { openclaw } from "../../../src/agents/openclaw/index.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { engineOn, homeAt, observed, toldBy } from "../../support/engines.ts";
import { GATEWAY, goodHome, IDS, MAIN } from "../../support/good-home.ts";
import { json, temporaryTree } from "../../support/homes.ts";
import { plainHome, sessionId, transcript } from "../../support/openclaw.ts";
import { NOW, only, processes } from "../../support/world.ts";

const SHADOW = "agents/main/agent/codex-home/home";

describe("runs", () => {
  it("that are asked for at once are one", async (test) => {
    const calls: string[] = [];
    const engine = engineOn([temporaryTree(test, plainHome())], { programs: [observed(calls)] });
    const runs = [engine.scan(), engine.scan(), engine.scan()];
    const snapshots = await Promise.all(runs);
    assert.equal(new Set(snapshots).size, 1);
    assert.deepEqual(calls, ["discover", "read"]);
  });

  it("of changes that are told at once are one", async (test) => {
    const home = temporaryTree(test, plainHome());
    const calls: string[] = [];
    const engine = engineOn([home], { programs: [observed(calls)] });
    await engine.scan();
    calls.length = 0;
    const sessions = join(home, "agents/main/sessions");
    const names = [sessionId(5), sessionId(6)].map((id) => {
      writeFileSync(join(sessions, `${id}.jsonl`), transcript(id));
      return join(sessions, `${id}.jsonl`);
    });
    const [one, two] = await Promise.all(names.map((name) => engine.changed([name])));
    assert.equal(one, two);
    assert.equal(one?.checked.fragments, 3);
    assert.deepEqual(
      calls.filter((call) => call === "update"),
      ["update"],
    );
  });

  it("never overlap", async (test) => {
    let running = 0;
    let most = 0;
    const slow = observed([], {
      discover: async (...args) => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        const found = await openclaw.discover(...args);
        running -= 1;
        return found;
      },
    });
    const engine = engineOn([temporaryTree(test, plainHome())], { programs: [slow] });
    const first = engine.scan();
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([first, engine.scan(), engine.changed(["/x"])]);
    assert.equal(most, 1);
  });

  it("that are cancelled reject with the reason, leave the snapshot, and the next one works", async (test) => {
    const home = temporaryTree(test, plainHome());
    const engine = engineOn([home]);
    const before = await engine.scan();
    writeFileSync(join(home, "agents/main/sessions", `${sessionId(5)}.jsonl`), transcript(sessionId(5)));
    const cancelled = new AbortController();
    cancelled.abort(new Error("no longer wanted"));
    await assert.rejects(engine.scan(cancelled.signal), /no longer wanted/);
    assert.equal(engine.snapshot, before);
    assert.equal((await engine.scan()).checked.fragments, 2);
  });

  it("that are cancelled half way let the next change be seen", async (test) => {
    const home = temporaryTree(test, plainHome());
    const sessions = join(home, "agents/main/sessions");
    let cancelled: AbortController | null = null;
    const program = observed([], {
      read: async (...args) => {
        const reading = await openclaw.read(...args);
        cancelled?.abort(new Error("no longer wanted"));
        return reading;
      },
    });
    const engine = engineOn([home], { programs: [program] });
    await engine.scan();
    const add = (id: string): string => {
      writeFileSync(join(sessions, `${id}.jsonl`), transcript(id));
      return join(sessions, `${id}.jsonl`);
    };
    add(sessionId(5));
    cancelled = new AbortController();
    await assert.rejects(engine.scan(cancelled.signal), /no longer wanted/);
    cancelled = null;
    const snapshot = await engine.changed([add(sessionId(6))]);
    assert.equal(snapshot.checked.fragments, 3);
  });

  it("that one caller cancels still serve the other", async (test) => {
    const engine = engineOn([temporaryTree(test, plainHome())]);
    const cancelled = new AbortController();
    cancelled.abort(new Error("no longer wanted"));
    const [first, second] = await Promise.allSettled([engine.scan(cancelled.signal), engine.scan()]);
    assert.equal(first.status, "rejected");
    assert.equal(second.status === "fulfilled" && second.value.checked.fragments, 1);
  });
});

describe("listeners", () => {
  it("are called after each new snapshot, until they are stopped", async (test) => {
    const home = temporaryTree(test, plainHome());
    const engine = engineOn([home]);
    const told: number[] = [];
    const stop = engine.onDidChange((snapshot) => {
      assert.equal(engine.snapshot, snapshot);
      told.push(snapshot.revision);
    });
    await engine.scan();
    const path = join(home, "agents/main/sessions", `${sessionId(1)}.jsonl`);
    appendFileSync(path, "\n");
    await engine.changed([path]);
    stop();
    appendFileSync(path, "\n");
    await engine.changed([path]);
    assert.deepEqual(told, [1, 2]);
    assert.equal(engine.snapshot?.revision, 3);
  });
});

describe("new settings and places", () => {
  it("count from the next scan on", async (test) => {
    const [one, two] = [goodHome(test), temporaryTree(test, plainHome())];
    const live = { pid: GATEWAY.pid, startTicks: GATEWAY.startTicks, startedAt: GATEWAY.startedAt };
    const engine = engineOn([one], { world: { processes: processes([live]) } });
    const codes = (snapshot: Snapshot): string[] => homeAt(snapshot, one).findings.map(({ code }) => code);
    assert.deepEqual(codes(await engine.scan()), []);
    engine.configure({ settings: { locksWarnAfterSeconds: 1 } });
    assert.deepEqual(codes(await engine.scan()), ["lock/held-long"]);
    engine.configure({ given: only(one, two) });
    assert.equal(homeAt(await engine.scan(), two).agents.length, 1);
    assert.ok(engine.watchedFolders().includes(join(two, "agents/main/sessions")));
    engine.configure({ given: only(two) });
    assert.deepEqual(
      (await engine.scan()).homes.map(({ home }) => home.path),
      [two],
    );
    assert.ok(!engine.watchedFolders().some((folder) => folder.startsWith(one)));
  });
});

describe("homes", () => {
  it("given twice, once by a link, are shown once", async (test) => {
    const home = temporaryTree(test, plainHome());
    const folder = temporaryTree(test, {});
    symlinkSync(home, join(folder, "link"));
    const { homes, checked } = await engineOn([home, join(folder, "link"), home]).scan();
    assert.deepEqual([homes.length, checked.fragments], [1, 1]);
  });

  it("that share their sessions by a link show them once, and the comparison says so", async (test) => {
    const home = goodHome(test);
    const snapshot = await engineOn([home]).scan();
    const shadow = homeAt(snapshot, join(home, SHADOW, ".openclaw"));
    assert.equal(shadow.comparison?.linked, true);
    assert.deepEqual(
      shadow.agents.flatMap((agent) => agent.sessions),
      [],
    );
    assert.deepEqual(homeAt(snapshot, home).comparison, undefined);
  });

  it("that diverged are compared, each time anew", async (test) => {
    const home = temporaryTree(test, plainHome());
    const shadow = join(home, SHADOW, ".openclaw");
    cpSync(join(home, "agents/main/sessions"), join(shadow, "agents/main/sessions"), { recursive: true });
    const engine = engineOn([home]);
    const relations = (snapshot: Snapshot): unknown =>
      homeAt(snapshot, shadow).comparison?.pairs.map(({ what, relation }) => `${what} ${relation}`);
    assert.deepEqual(relations(await engine.scan()), ["key identical", "transcript identical"]);
    const path = join(home, "agents/main/sessions", `${sessionId(1)}.jsonl`);
    appendFileSync(path, "{}\n");
    assert.deepEqual(relations(await engine.changed([path])), ["key shadow-is-prefix", "transcript shadow-is-prefix"]);
    const { comparison } = homeAt(engine.snapshot!, shadow);
    assert.deepEqual([comparison?.canonical, comparison?.shadow, comparison?.linked], [home, shadow, false]);
  });

  it("that go away are no longer shown, by a change or by a scan", async (test) => {
    const [one, two] = [temporaryTree(test, plainHome()), temporaryTree(test, plainHome())];
    const engine = engineOn([one, two]);
    await engine.scan();
    rmSync(join(one, "agents"), { recursive: true });
    const emptied = await engine.changed([join(one, "agents")]);
    assert.deepEqual(homeAt(emptied, one).agents, []);
    rmSync(one, { recursive: true });
    rmSync(two, { recursive: true });
    const gone = await engine.scan();
    assert.deepEqual([gone.homes, engine.watchedFolders()], [[], []]);
    mkdirSync(one);
    cpSync(goodHome(test), one, { recursive: true });
    assert.ok((await engine.scan()).homes.length > 0);
  });
});

describe("locks", () => {
  it("are judged anew when a process ends, though no file changed", async (test) => {
    const home = goodHome(test);
    const live = { pid: GATEWAY.pid, startTicks: GATEWAY.startTicks, startedAt: GATEWAY.startedAt };
    let machine = processes([live]);
    const engine = engineOn([home], {
      world: {
        processes: {
          self: machine.self,
          look: (pid) => machine.look(pid),
          list: () => machine.list(),
        },
      },
    });
    const verdicts = (snapshot: Snapshot): string[] => homeAt(snapshot, home).locks.map(({ verdict }) => verdict);
    assert.deepEqual(verdicts(await engine.scan()), ["held"]);
    machine = processes();
    assert.deepEqual(verdicts(await engine.changed([])), ["stale"]);
  });

  it("that only grow older are no change", async (test) => {
    let now = NOW;
    const home = goodHome(test);
    const live = { pid: GATEWAY.pid, startTicks: GATEWAY.startTicks, startedAt: GATEWAY.startedAt };
    const engine = engineOn([home], { world: { now: () => now, processes: processes([live]) } });
    const before = await engine.scan();
    now += 20_000;
    assert.equal(await engine.scan(), before);
  });
});

describe("the surroundings of the tool", () => {
  it("are said first when HOME lies inside an agent", async (test) => {
    const home = goodHome(test);
    const userHome = join(home, SHADOW);
    const { environment } = await engineOn([home], { world: { userHome } }).scan();
    assert.deepEqual(
      environment.map((warning) => [warning.home, warning.canonicalPath]),
      [[userHome, home]],
    );
    assert.match(environment[0]?.message ?? "", /set HOME or OPENCLAW_STATE_DIR/);
  });

  it("are nothing to speak of elsewhere", async (test) => {
    const home = temporaryTree(test, plainHome());
    const { environment } = await engineOn([home], { world: { userHome: join(home, "..") } }).scan();
    assert.deepEqual(environment, []);
  });

  it("is one also when HOME is the home itself, so that a second one would be made in it", async (test) => {
    const home = temporaryTree(test, plainHome());
    const { environment } = await engineOn([home], { world: { userHome: home } }).scan();
    assert.deepEqual(
      environment.map((warning) => warning.canonicalPath),
      [home],
    );
  });
});

describe("a home with trouble", () => {
  it("is shown with what can be read of it, and says what can't", async (test) => {
    const home = temporaryTree(test, plainHome());
    const sessions = join(home, "agents/main/sessions");
    symlinkSync("nowhere", join(sessions, `${IDS.first}.jsonl`));
    mkdirSync(join(sessions, `${IDS.second}.jsonl`));
    writeFileSync(join(sessions, `${IDS.main}.jsonl`), "");
    writeFileSync(join(sessions, "sessions.json"), json({}).slice(0, 1));
    const engine = engineOn([home, join(home, "not-there")]);
    const snapshot = await engine.scan();
    assert.equal(snapshot.checked.fragments, 2);
    assert.deepEqual(
      homeAt(snapshot, home).skipped.map(({ path }) => path),
      [IDS.first, IDS.second].map((id) => join(sessions, `${id}.jsonl`)),
    );
    assert.equal(snapshot.skipped.length, 1);
    assert.deepEqual(toldBy(await engine.scan()), toldBy(snapshot));
    assert.ok(snapshot.homes[0]?.findings.some(({ path }) => path === `${MAIN}/sessions.json`));
  });
});
