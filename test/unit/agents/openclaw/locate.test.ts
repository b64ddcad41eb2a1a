import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";

import type { GivenPlaces, World } from "../../../../src/agents/program.ts";
import { openclaw } from "../../../../src/agents/openclaw/index.ts";
import type { HomeIdentity } from "../../../../src/model/home.ts";
import type { Skipped } from "../../../../src/model/reading.ts";
import { link, temporaryTree } from "../../../support/homes.ts";
import { plainHome, type Tree } from "../../../support/openclaw.ts";
import { only, processes, readingContext } from "../../../support/world.ts";

const DISCOVER: GivenPlaces = { paths: [], discover: true };

async function discover(
  given: GivenPlaces,
  world: Partial<World> = {},
): Promise<{ homes: HomeIdentity[]; skipped: Skipped[] }> {
  return openclaw.discover(readingContext({ userHome: "/nowhere/home", ...world }), given);
}

/** What matters of each home: its path below the folder, its role, and the rules that led to it. */
function told(folder: string, homes: readonly HomeIdentity[]): [path: string, role: string, ...rules: string[]][] {
  return homes.map(({ path, role, reasons }) => [
    path.slice(folder.length + 1),
    role,
    ...reasons.map(({ rule }) => rule),
  ]);
}

function machine(test: TestContext, tree: Tree): string {
  return temporaryTree(test, tree);
}

describe("homes of this user", () => {
  it("are the state folder in HOME, its legacy names and its profiles", async (test) => {
    const folder = machine(test, {
      kim: {
        ".openclaw": plainHome(),
        ".clawdbot": plainHome(),
        ".moldbot": plainHome(),
        ".openclaw-night": plainHome(),
        ".clawdbot-old": plainHome(),
        ".openclaw-empty": {},
        ".config": { ".openclaw": plainHome() },
      },
    });
    const { homes, skipped } = await discover(DISCOVER, { userHome: join(folder, "kim"), env: {} });
    assert.deepEqual(told(folder, homes), [
      ["kim/.clawdbot", "canonical", "legacy-name"],
      ["kim/.clawdbot-old", "canonical", "profile"],
      ["kim/.moldbot", "canonical", "legacy-name"],
      ["kim/.openclaw", "canonical", "in-use", "user-home"],
      ["kim/.openclaw-night", "canonical", "profile"],
    ]);
    assert.deepEqual(skipped, []);
  });

  it("are named as skipped when their sessions are a link that leads nowhere", async (test) => {
    const gone = { agents: { main: { sessions: link("/nowhere/sessions") } } };
    const folder = machine(test, { kim: { ".openclaw": gone } });
    const { homes, skipped } = await discover(DISCOVER, { userHome: join(folder, "kim"), env: {} });
    assert.deepEqual(homes, []);
    const path = join(folder, "kim/.openclaw/agents/main/sessions");
    assert.deepEqual(skipped, [{ path, reason: "a symbolic link that leads nowhere (/nowhere/sessions)" }]);
  });

  it("are named as skipped when nothing in them can be listed", async (test) => {
    const folder = machine(test, { kim: { ".openclaw": { agents: link("agents") }, ".openclaw-night": plainHome() } });
    const { homes, skipped } = await discover(DISCOVER, { userHome: join(folder, "kim"), env: {} });
    assert.deepEqual(told(folder, homes), [["kim/.openclaw-night", "canonical", "profile"]]);
    assert.deepEqual(
      skipped.map(({ path }) => path),
      [join(folder, "kim/.openclaw/agents")],
    );
  });

  it("are what the environment names, each once however it is reached", async (test) => {
    const folder = machine(test, {
      kim: { ".openclaw": link("../state") },
      state: plainHome(),
      other: { ".openclaw": plainHome() },
      configured: plainHome(),
    });
    const env = {
      OPENCLAW_STATE_DIR: join(folder, "state"),
      OPENCLAW_HOME: "~/../other",
      OPENCLAW_CONFIG_PATH: join(folder, "configured", "openclaw.json"),
    };
    const { homes } = await discover(DISCOVER, { userHome: join(folder, "kim"), env });
    assert.deepEqual(told(folder, homes), [
      ["configured", "canonical", "openclaw-config-path"],
      ["other/.openclaw", "canonical", "openclaw-home"],
      ["state", "canonical", "in-use", "openclaw-state-dir", "user-home"],
    ]);
  });

  it("that the environment names and that are none are named as skipped", async (test) => {
    const folder = machine(test, { empty: {} });
    for (const path of [join(folder, "empty"), join(folder, "gone")]) {
      const { homes, skipped } = await discover(DISCOVER, { env: { OPENCLAW_STATE_DIR: path } });
      assert.deepEqual([homes.length, skipped.map((one) => one.path)], [0, [path]]);
    }
  });

  it("are also those of running processes, by their environments", async (test) => {
    const folder = machine(test, {
      srv: { state: plainHome() },
      ann: { ".openclaw": plainHome() },
      bob: { ".openclaw": plainHome() },
    });
    const live = processes([
      {
        pid: 1,
        command: "openclaw gateway",
        environment: { HOME: "/root", OPENCLAW_STATE_DIR: join(folder, "srv/state") },
      },
      {
        pid: 2,
        command: "node worker.js",
        environment: { HOME: "/root", OPENCLAW_STATE_DIR: join(folder, "srv/state") },
      },
      { pid: 3, command: "/usr/bin/openclaw-gateway", environment: { HOME: join(folder, "ann") } },
      { pid: 4, command: "bash", environment: { HOME: join(folder, "bob") } },
      { pid: 5, command: "openclaw", environment: null },
    ]);
    const { homes } = await discover(DISCOVER, { processes: live, env: {} });
    assert.deepEqual(told(folder, homes), [
      ["ann/.openclaw", "canonical", "running-gateway"],
      ["srv/state", "canonical", "running-gateway"],
    ]);
  });

  it("are not looked for when only given places are wanted", async (test) => {
    const folder = machine(test, { kim: { ".openclaw": plainHome() } });
    const { homes } = await discover(only(), {
      userHome: join(folder, "kim"),
      env: { OPENCLAW_STATE_DIR: join(folder, "kim/.openclaw") },
    });
    assert.deepEqual(homes, []);
  });
});

describe("homes given by hand", () => {
  it("are a home itself, under any name, or homes some levels below a folder", async (test) => {
    const folder = machine(test, {
      copy: plainHome(),
      fleet: {
        users: {
          a: { root: { ".openclaw": plainHome() } },
          b: { root: { ".openclaw": plainHome(), node_modules: { x: plainHome() } } },
        },
      },
    });
    const { homes, skipped } = await discover(only(join(folder, "copy"), join(folder, "fleet")));
    assert.deepEqual(told(folder, homes), [
      ["copy", "canonical", "given-folder"],
      ["fleet/users/a/root/.openclaw", "canonical", "given-folder"],
      ["fleet/users/b/root/.openclaw", "canonical", "given-folder"],
    ]);
    assert.deepEqual(skipped, []);
  });

  it("match patterns", async (test) => {
    const folder = machine(test, {
      a1: { state: plainHome() },
      a2: { state: plainHome() },
      b1: { state: plainHome() },
    });
    const paths = async (pattern: string): Promise<string[]> =>
      (await discover(only(join(folder, pattern)))).homes.map(({ path }) => path.slice(folder.length + 1));
    assert.deepEqual(await paths("a*/state"), ["a1/state", "a2/state"]);
    assert.deepEqual(await paths("?1"), ["a1/state", "b1/state"]);
    assert.deepEqual(await paths("**/state"), ["a1/state", "a2/state", "b1/state"]);
    assert.deepEqual(
      (await discover(only(join(folder, "c*")))).skipped.map(({ reason }) => reason),
      ["no OpenClaw home matches this pattern"],
    );
  });

  it("are found from a folder inside them", async (test) => {
    const folder = machine(test, { kim: { ".openclaw": plainHome() } });
    for (const inside of ["agents", "agents/main", "agents/main/sessions"]) {
      const { homes } = await discover(only(join(folder, "kim/.openclaw", inside)));
      assert.deepEqual(told(folder, homes), [["kim/.openclaw", "canonical", "given-folder"]]);
    }
  });

  it("that are none, or not there, are named as skipped", async (test) => {
    const folder = machine(test, { project: { src: {} }, "file.txt": "" });
    for (const name of ["project", "gone", "file.txt"]) {
      const { homes, skipped } = await discover(only(join(folder, name)));
      assert.deepEqual([homes.length, skipped.length, skipped[0]?.path], [0, 1, join(folder, name)]);
    }
  });

  it("do not send the search round in circles", async (test) => {
    const folder = machine(test, {
      place: { up: link(".."), self: link("self"), inner: { again: link("../..") }, home: plainHome() },
    });
    const { homes } = await discover(only(join(folder, "place")));
    assert.deepEqual(told(folder, homes), [["place/home", "canonical", "given-folder"]]);
  });

  it("keep their id", async (test) => {
    const folder = machine(test, { one: plainHome(), two: plainHome() });
    const first = await discover(only(folder));
    const second = await discover(only(folder));
    assert.deepEqual(first.homes, second.homes);
    assert.equal(new Set(first.homes.map(({ id }) => id)).size, 2);
  });
});

describe("homes inside homes", () => {
  const shadowed: Tree = {
    ...plainHome(),
    agents: {
      main: {
        ...(plainHome()["agents"] as { main: Tree }).main,
        agent: {
          "codex-home": { home: { ".openclaw": plainHome() } },
          tools: { python: { ".openclaw": plainHome() } },
        },
      },
    },
    ".openclaw": plainHome(),
  };

  it("are shadows below an agent's folder, and nested ones", async (test) => {
    const folder = machine(test, { state: shadowed });
    const { homes } = await discover(only(join(folder, "state")));
    assert.deepEqual(told(folder, homes), [
      ["state", "canonical", "given-folder"],
      ["state/.openclaw", "nested", "nested"],
      ["state/agents/main/agent/codex-home/home/.openclaw", "shadow", "codex-home"],
      ["state/agents/main/agent/tools/python/.openclaw", "shadow", "isolated-home"],
    ]);
    for (const home of homes.slice(1)) assert.equal(home.canonicalPath, join(folder, "state"));
  });

  it("lead to the home that should be used, when the tool itself runs in an isolated HOME", async (test) => {
    const folder = machine(test, { state: shadowed });
    const userHome = join(folder, "state/agents/main/agent/codex-home/home");
    const { homes } = await discover(DISCOVER, { userHome, env: {} });
    const roles = new Map(homes.map((home) => [home.path.slice(folder.length + 1), home]));
    const canonical = roles.get("state");
    assert.deepEqual([canonical?.role, canonical?.reasons.map(({ rule }) => rule)], ["canonical", ["around-shadow"]]);
    const shadow = roles.get("state/agents/main/agent/codex-home/home/.openclaw");
    assert.deepEqual([shadow?.role, shadow?.canonicalPath], ["shadow", join(folder, "state")]);
    assert.ok(shadow?.reasons.some(({ rule }) => rule === "user-home"));
  });

  it("are shadows of the outermost home, however deep", async (test) => {
    const inner: Tree = {
      ...plainHome(),
      agents: { main: { sessions: {}, agent: { home: { ".openclaw": plainHome() } } } },
    };
    const folder = machine(test, {
      state: { ...plainHome(), agents: { main: { sessions: {}, agent: { home: { ".openclaw": inner } } } } },
    });
    const { homes } = await discover(only(join(folder, "state")));
    assert.equal(homes.length, 3);
    for (const home of homes.slice(1))
      assert.deepEqual([home.role, home.canonicalPath], ["shadow", join(folder, "state")]);
  });
});

describe("a config", () => {
  it("alone makes a home of a state folder, but not of any folder it lies in", async (test) => {
    const folder = machine(test, {
      kim: { "openclaw.json": "{}", ".openclaw": { "openclaw.json": "{}" } },
      project: { "openclaw.json": "{}", fixtures: { home: plainHome() } },
    });
    const env = { OPENCLAW_CONFIG_PATH: join(folder, "kim/openclaw.json") };
    const { homes } = await discover(
      { paths: [join(folder, "project")], discover: true },
      { userHome: join(folder, "kim"), env },
    );
    assert.deepEqual(told(folder, homes), [
      ["kim/.openclaw", "canonical", "in-use", "user-home"],
      ["project/fixtures/home", "canonical", "given-folder"],
    ]);
  });
});

describe("what a home is called", () => {
  it("is a backup only by a plain word in its name or place", async (test) => {
    const folder = machine(test, {
      kim: {
        ".openclaw.bak": plainHome(),
        ".openclaw-backup-20261120": plainHome(),
        ".openclaw-backup": plainHome(),
        ".openclaw-oldtimer": plainHome(),
      },
      backups: { monday: plainHome() },
      "my-backup-tool": { state: plainHome() },
    });
    const { homes } = await discover(only(folder));
    assert.deepEqual(
      homes.map(({ path, role }) => [path.slice(folder.length + 1), role]),
      [
        ["kim/.openclaw-backup", "canonical"],
        ["kim/.openclaw-oldtimer", "canonical"],
        ["my-backup-tool/state", "canonical"],
        ["backups/monday", "backup"],
        ["kim/.openclaw-backup-20261120", "backup"],
        ["kim/.openclaw.bak", "backup"],
      ],
    );
  });

  it("tells its era by what lies in it", async (test) => {
    const database = { agent: { "openclaw-agent.sqlite": "" } };
    const folder = machine(test, {
      files: plainHome(),
      sqlite: {
        "openclaw.json": "{}",
        agents: { main: { ...database, sessions: { "a.jsonl.deleted.2026-11-21T00-31-57.137Z.zst": "" } } },
      },
      mixed: { "openclaw.json": "{}", agents: { main: { ...database, sessions: { "sessions.json": "{}" } } } },
      oldest: { sessions: { "sessions.json": "{}" } },
    });
    const { homes } = await discover(only(folder));
    assert.deepEqual(
      homes.map(({ path, era }) => [path.slice(folder.length + 1), era]),
      [
        ["files", "files"],
        ["mixed", "mixed"],
        ["oldest", "files"],
        ["sqlite", "sqlite"],
      ],
    );
  });

  it("carries the release that its config names", async (test) => {
    const config = "{ /* by hand */ meta: { lastTouchedVersion: '2026.5.12', }, }";
    const folder = machine(test, { state: { ...plainHome(), "openclaw.json": config } });
    const { homes } = await discover(only(join(folder, "state")));
    assert.equal(homes[0]?.release, "2026.5.12");
  });
});
