// A home that lives: what each change on disk costs, and that the snapshot after it is what a fresh engine shows.
import assert from "node:assert/strict";
import { appendFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";

import type { Engine } from "../../../src/engine/engine.ts";
import type { AgentSnapshot, Snapshot } from "../../../src/model/snapshot.ts";
import { agentIn, engineOn, homeAt, lookedUp, observed, sessionOf, toldBy } from "../../support/engines.ts";
import { archiveName, conversation, editStore, goodHome, IDS, MAIN, OPS } from "../../support/good-home.ts";
import { header, json, lines, message, temporaryTree } from "../../support/homes.ts";
import { homeTree, row, sessionId, transcript } from "../../support/openclaw.ts";
import { Random } from "../../support/random.ts";
import { NOW } from "../../support/world.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const iso = (ms: number): string => new Date(ms).toISOString();

/** A good home, scanned; and what was asked of its program since. */
class Live {
  readonly home: string;
  readonly engine: Engine;
  readonly calls: string[] = [];

  constructor(test: TestContext) {
    this.home = goodHome(test);
    this.engine = engineOn([this.home], { programs: [observed(this.calls)] });
  }

  static async scanned(test: TestContext): Promise<Live> {
    const live = new Live(test);
    await live.engine.scan();
    live.calls.length = 0;
    return live;
  }

  path(name: string, folder = MAIN): string {
    return join(this.home, folder, name);
  }

  agent(name = "main", snapshot: Snapshot | null = this.engine.snapshot): AgentSnapshot {
    assert.ok(snapshot !== null);
    return agentIn(homeAt(snapshot, this.home), name);
  }

  /** The snapshot after these names changed, which must tell what a fresh engine tells. */
  async changed(...names: string[]): Promise<Snapshot> {
    const snapshot = await this.engine.changed(names.map((name) => this.path(name)));
    assert.deepEqual(toldBy(snapshot), toldBy(await engineOn([this.home]).scan()));
    return snapshot;
  }
}

describe("a scan", () => {
  it("shows every session with its chain, judged and counted", async (test) => {
    const live = new Live(test);
    assert.equal(live.engine.snapshot, null);
    const snapshot = await live.engine.scan();
    assert.equal(live.engine.snapshot, snapshot);
    assert.deepEqual([snapshot.revision, snapshot.at, snapshot.environment], [1, NOW, []]);
    const { fragments, state, key } = sessionOf(live.agent(), "agent:main:main");
    assert.deepEqual(
      [state, key, fragments.map(({ fragment, link }) => [fragment.sessionId, link?.certainty ?? null])],
      [
        "live",
        "agent:main:main",
        [
          [IDS.first, null],
          [IDS.second, "recorded"],
          [IDS.main, "recorded"],
        ],
      ],
    );
    const { homes, agents, stores, locks, sessions, fragments: all } = snapshot.checked;
    assert.deepEqual([homes, stores, locks], [snapshot.homes.length, 2, 1]);
    assert.equal(agents, snapshot.homes.flatMap((home) => home.agents).length);
    assert.equal(sessions, snapshot.homes.flatMap((home) => home.agents.flatMap((agent) => agent.sessions)).length);
    assert.equal(all, 10);
  });

  it("of what did not change gives the same snapshot, and tells nobody", async (test) => {
    const { engine } = await Live.scanned(test);
    const before = engine.snapshot;
    let told = 0;
    engine.onDidChange(() => (told += 1));
    assert.equal(await engine.scan(), before);
    assert.equal(await engine.scan(), before);
    assert.equal(told, 0);
  });

  it("asks nothing of a fragment again whose neighbours did not change", async (test) => {
    const live = await Live.scanned(test);
    await live.engine.scan();
    assert.deepEqual(live.calls, ["discover", ...live.engine.snapshot!.homes.map(() => "read")]);
  });
});

describe("a change", () => {
  it("of a live transcript touches its own session, and no other", async (test) => {
    const live = await Live.scanned(test);
    const before = live.agent();
    const ops = live.agent("ops");
    const old = sessionOf(before, "agent:main:main");
    const more = lines(message("user", "and the tests?", iso(NOW - MINUTE)));
    appendFileSync(live.path(`${IDS.main}.jsonl`), more);
    const snapshot = await live.changed(`${IDS.main}.jsonl`);
    assert.equal(snapshot.revision, 2);
    const grown = sessionOf(live.agent(), "agent:main:main");
    const newest = grown.fragments.at(-1)!;
    assert.equal(newest.fragment.bytes, old.fragments.at(-1)!.fragment.bytes + more.length);
    assert.equal(newest.fragment.endedAt, NOW - MINUTE);
    assert.equal(newest.link, old.fragments.at(-1)!.link);
    assert.deepEqual(grown.fragments.slice(0, -1), old.fragments.slice(0, -1));
    for (const session of before.sessions.filter((one) => one !== old))
      assert.equal(sessionOf(live.agent(), session.id), session);
    assert.equal(live.agent("ops"), ops);
    assert.deepEqual(
      live.calls.filter((call) => call !== "update"),
      [],
    );
  });

  it("that adds a reset archive links it", async (test) => {
    const live = await Live.scanned(test);
    const archive = archiveName(IDS.main, "reset", NOW - MINUTE);
    const next = sessionId(0x99);
    renameSync(live.path(`${IDS.main}.jsonl`), live.path(archive));
    writeFileSync(live.path(`${next}.jsonl`), conversation(next, NOW - MINUTE + 200, "a fresh start"));
    editStore(live.home, MAIN, (rows) => {
      const main = rows["agent:main:main"]!;
      main["sessionId"] = next;
      main["sessionFile"] = live.path(`${next}.jsonl`);
      main["usageFamilySessionIds"] = [IDS.first, IDS.second, IDS.main, next];
    });
    await live.changed(`${IDS.main}.jsonl`, archive, `${next}.jsonl`, "sessions.json");
    const { fragments } = sessionOf(live.agent(), "agent:main:main");
    assert.deepEqual(
      fragments.map(({ fragment }) => [fragment.sessionId, fragment.kind]),
      [
        [IDS.first, "reset"],
        [IDS.second, "reset"],
        [IDS.main, "reset"],
        [next, "live"],
      ],
    );
    assert.equal(fragments.at(-1)?.link?.previous.path, `${MAIN}/${archive}`);
  });

  it("of times in the store keeps the links, and the sessions whose rows stayed", async (test) => {
    const live = await Live.scanned(test);
    const before = live.agent();
    editStore(live.home, MAIN, (rows) => {
      Object.assign(rows["agent:main:main"]!, { updatedAt: NOW - 7, status: "running", endedAt: undefined });
    });
    await live.changed("sessions.json");
    const [old, now] = [before, live.agent()].map((agent) => sessionOf(agent, "agent:main:main"));
    assert.deepEqual(now!.fragments, old!.fragments);
    assert.deepEqual([now!.updatedAt, now!.row?.status], [NOW - 7, "running"]);
  });

  for (const field of ["label", "displayName"]) {
    it(`of a name in the store is seen: ${field}`, async (test) => {
      const live = await Live.scanned(test);
      editStore(live.home, MAIN, (rows) => {
        rows["agent:main:main"]![field] = "The release";
      });
      await live.changed("sessions.json");
      assert.equal(sessionOf(live.agent(), "agent:main:main").title, "The release");
    });
  }

  it("of what the store says of a chain links it anew", async (test) => {
    const live = await Live.scanned(test);
    editStore(live.home, MAIN, (rows) => {
      rows["agent:main:main"]!["usageFamilySessionIds"] = [IDS.second, IDS.main];
    });
    await live.changed("sessions.json");
    editStore(live.home, MAIN, (rows) => {
      rows["agent:main:subagent:77"]!["sessionFile"] = live.path(`${IDS.compacted}.jsonl`);
    });
    await live.changed("sessions.json");
    assert.equal(sessionOf(live.agent(), "agent:main:compacted").otherKeys.length, 1);
  });

  it("of what matters to nobody leaves the snapshot as it is", async (test) => {
    const live = await Live.scanned(test);
    const before = live.engine.snapshot;
    assert.equal(await live.changed("never-was.jsonl"), before);
    assert.equal(await live.engine.changed([]), before);
    assert.equal(await live.engine.changed(["/somewhere/else"]), before);
  });

  it("before the first scan is a scan", async (test) => {
    const live = new Live(test);
    const snapshot = await live.engine.changed([live.home]);
    assert.equal(snapshot.homes.length, 2);
  });

  it("of an agent's folder reads the home as a whole", async (test) => {
    const live = await Live.scanned(test);
    rmSync(join(live.home, OPS), { recursive: true });
    const snapshot = await live.engine.changed([join(live.home, OPS)]);
    assert.deepEqual(toldBy(snapshot), toldBy(await engineOn([live.home]).scan()));
    assert.ok(live.calls.includes("read"));
  });
});

describe("an exec that is reported later", () => {
  const [ARCHIVED, CURRENT] = [sessionId(1), sessionId(2)];
  const sessions = "agents/main/sessions";
  const archive = `${ARCHIVED}.jsonl.reset.2026-11-21T00-10-00.000Z`;
  const prompt = "A new session was started via /new or /reset. Run your Session Startup sequence";
  const start = {
    type: "message",
    id: "42639df5",
    timestamp: "2026-11-21T00:05:00.000Z",
    message: {
      role: "toolResult",
      toolName: "exec",
      content: [{ type: "text", text: "Command still running (session mellow-cedar, pid 19765)." }],
      details: {
        status: "running",
        sessionId: "mellow-cedar",
        pid: 19765,
        startedAt: Date.parse("2026-11-21T00:05:00Z"),
      },
    },
  };

  it("decides a place that was open, as it does for a fresh engine", async (test) => {
    const home = temporaryTree(
      test,
      homeTree(
        { "agent:main:main": row(CURRENT) },
        {
          [archive]: lines(header(ARCHIVED, "2026-11-21T00:00:00.000Z"), start),
          [`${CURRENT}.jsonl`]: transcript(CURRENT, "2026-11-21T00:10:01.000Z", prompt),
        },
      ),
    );
    const engine = engineOn([home]);
    const certainty = (snapshot: Snapshot): string | undefined =>
      sessionOf(agentIn(homeAt(snapshot, home), "main"), "agent:main:main").fragments.at(-1)?.link?.certainty;
    assert.equal(certainty(await engine.scan()), "inferred");
    const current = join(home, sessions, `${CURRENT}.jsonl`);
    const notice = "System: [2026-11-21 00:11:00 UTC] Exec completed (mellow-c, code 0) :: done\n\nwhat next?";
    appendFileSync(current, lines(message("user", notice, "2026-11-21T00:12:00.000Z")));
    const snapshot = await engine.changed([current]);
    assert.equal(certainty(snapshot), "derived");
    assert.deepEqual(toldBy(snapshot), toldBy(await engineOn([home]).scan()));
  });
});

describe("a long life", () => {
  /** One thing that agents, or people, do to a sessions folder. Names that it touched. */
  function step(folder: string, random: Random, clock: number): string[] {
    const names = readdirSync(folder);
    const transcripts = names.filter((name) => name.endsWith(".jsonl"));
    const id = random.uuid();
    const some = transcripts.length > 0 ? random.pick(transcripts) : `${id}.jsonl`;
    const rename = (to: string): string[] => {
      if (!existsSync(join(folder, some))) return [];
      renameSync(join(folder, some), join(folder, to));
      return [some, to];
    };
    const stamped = (reason: "reset" | "deleted"): string[] =>
      rename(archiveName(some.replace(/\.jsonl$/, ""), reason, clock));
    const store = (change: (rows: Record<string, Record<string, unknown>>) => void): string[] => {
      const path = join(folder, "sessions.json");
      const rows = JSON.parse(readFileSync(path, "utf8")) as Record<string, Record<string, unknown>>;
      change(rows);
      writeFileSync(path, json(rows));
      return ["sessions.json"];
    };
    const begin = (name: string, text: string): string[] => {
      writeFileSync(join(folder, name), conversation(id, clock, text));
      return [name];
    };
    const key = `agent:main:key-${random.below(4)}`;
    switch (random.below(11)) {
      case 0:
        return begin(`${id}.jsonl`, "A new session was started via /new or /reset. Run your startup sequence");
      case 1:
        return begin(`${id}.jsonl`, "good morning");
      case 2:
        return [...stamped("reset"), ...begin(some, "after the reset")];
      case 3:
        return stamped("reset");
      case 4:
        return stamped("deleted");
      case 5:
        appendFileSync(join(folder, some), lines(message("user", "more", iso(clock))));
        return [some];
      case 6:
        writeFileSync(join(folder, `${some}.lock`), json({ pid: 1, createdAt: iso(clock) }));
        return [`${some}.lock`];
      case 7:
        rmSync(join(folder, random.pick(names.filter((name) => name !== "sessions.json").concat(some))), {
          force: true,
        });
        return names;
      case 8:
        return store((rows) => (rows[key] = row(some.replace(/\.jsonl$/, ""), { updatedAt: clock })));
      case 9:
        return store((rows) => (rows[key] = row(id, { updatedAt: clock, compactionCount: random.below(2) })));
      default:
        return store((rows) => delete rows[key]);
    }
  }

  for (const seed of [1, 2, 3, 4, 5, 6]) {
    it(`leaves nothing behind that a fresh engine would not tell (${seed})`, async (test) => {
      const home = temporaryTree(test, homeTree());
      const folder = join(home, "agents/main/sessions");
      const engine = engineOn([home]);
      await engine.scan();
      const random = new Random(seed);
      let clock = NOW - 24 * 60 * MINUTE;
      for (let count = 0; count < 40; count += 1) {
        clock += random.between(100, 10 * MINUTE);
        const touched = step(folder, random, clock);
        const snapshot = await engine.changed(touched.map((name) => join(folder, name)));
        const fresh = await engineOn([home]).scan();
        assert.deepEqual(toldBy(snapshot), toldBy(fresh), `step ${count}: ${touched.join(", ")}`);
        assert.deepEqual(lookedUp(snapshot), lookedUp(fresh), `step ${count}: ${touched.join(", ")}`);
      }
    });
  }
});
