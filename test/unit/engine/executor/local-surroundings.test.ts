// A gateway that owns the home is found by its lock, its process or its port; what is another home's stands in nobody's way.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";

import { localSurroundings, type Ports } from "../../../../src/engine/executor/local-surroundings.ts";
import type { ProcessInfo } from "../../../../src/system/processes.ts";
import { json, temporaryTree } from "../../../support/homes.ts";
import { homeReading } from "../../../support/model.ts";
import { NOW, processes, world } from "../../../support/world.ts";

const CLOSED: Ports = { isListening: () => Promise.resolve(false), listenerOf: () => null };

interface Given {
  readonly live?: readonly Partial<ProcessInfo>[];
  readonly ports?: Ports;
  readonly config?: unknown;
  readonly lock?: unknown;
}

/** What is said of owners of a home in a made-up machine. */
async function ownersOf(test: TestContext, make: (home: string) => Given): Promise<string[]> {
  const home = temporaryTree(test, {});
  const { live = [], ports = CLOSED, config, lock } = make(home);
  if (config !== undefined) writeFileSync(join(home, "openclaw.json"), json(config));
  const temporary = join(home, "elsewhere");
  mkdirSync(join(temporary, "openclaw-1000"), { recursive: true });
  if (lock !== undefined) writeFileSync(join(temporary, "openclaw-1000", "gateway.0a1b2c3d.lock"), json(lock));
  const own = world({ processes: processes(live), env: { TMPDIR: temporary } });
  const { home: identity } = homeReading({});
  const around = localSurroundings({ home: { ...identity, path: home }, agents: [] }, own, ports);
  return (await around.owners()).map(({ text }) => text);
}

const listening = (at: number, pid: number | null): Ports => ({
  isListening: (port) => Promise.resolve(port === at),
  listenerOf: () => pid,
});

describe("a lock looked at now", () => {
  it("is read and judged afresh, as what its name says it is", (test) => {
    const lock = json({ pid: 9, createdAt: new Date(NOW - 1000).toISOString(), starttime: 5 });
    const home = temporaryTree(test, { "a.jsonl.lock": lock, "sessions.json.lock": lock, "gateway.state.lock": lock });
    const { home: identity } = homeReading({});
    const around = localSurroundings({ home: { ...identity, path: home }, agents: [] }, world(), CLOSED);
    const seen = ["a.jsonl.lock", "sessions.json.lock", "gateway.state.lock"].map((path) => around.lockAt(path));
    assert.deepEqual(
      seen.map((one) => [one?.of, one?.target, one?.verdict]),
      [
        ["transcript", "a.jsonl", "stale"],
        ["store", "sessions.json", "stale"],
        ["gateway", ".", "stale"],
      ],
    );
    assert.equal(around.lockAt("b.jsonl.lock"), null);
  });
});

describe("owners of a home", () => {
  it("are none on a quiet machine", async (test) => {
    assert.deepEqual(await ownersOf(test, () => ({})), []);
  });

  it("are found by the gateway's lock", async (test) => {
    const found = await ownersOf(test, (home) => ({
      live: [{ pid: 4242, startTicks: 5, environment: { HOME: "/nowhere" } }],
      lock: {
        pid: 4242,
        createdAt: new Date(NOW - 1000).toISOString(),
        configPath: join(home, "openclaw.json"),
        startTime: 5,
      },
    }));
    assert.equal(found.length, 1);
    assert.match(found[0] ?? "", /the process 4242 holds .*gateway\.0a1b2c3d\.lock/);
  });

  it("are not those that left a stale lock", async (test) => {
    const lock = { pid: 9, createdAt: new Date(NOW - 1000).toISOString(), startTime: 5 };
    assert.deepEqual(
      await ownersOf(test, (home) => ({ lock: { ...lock, configPath: join(home, "openclaw.json") } })),
      [],
    );
  });

  it("are found by the environment of a process", async (test) => {
    const found = await ownersOf(test, (home) => ({ live: [{ environment: { OPENCLAW_STATE_DIR: home } }] }));
    assert.deepEqual(found, ["OpenClaw runs on this home: the process 4242 (openclaw)."]);
  });

  it("may be a process that does not show its environment, or lives in a container", async (test) => {
    for (const one of [{ environment: null }, { environment: { HOME: "/root" }, pidNamespace: "pid:[4026532999]" }]) {
      const found = await ownersOf(test, () => ({ live: [one] }));
      assert.match(found.join(), /OpenClaw runs, and may use this home: the process 4242/);
    }
  });

  it("are not processes of another home, of other programs, or of ours", async (test) => {
    const command = "session-forensics/openclaw";
    const live: Partial<ProcessInfo>[] = [
      { pid: 1, environment: { HOME: "/nowhere/else" } },
      { pid: 2, command: "sleep 9", argv: ["sleep", "9"] },
      { pid: 3, command, argv: [command], environment: null },
    ];
    assert.deepEqual(await ownersOf(test, () => ({ live })), []);
  });

  it("are found by the port, the config's or the usual one", async (test) => {
    const unseen = await ownersOf(test, () => ({ config: { gateway: { port: 4000 } }, ports: listening(4000, null) }));
    assert.deepEqual(unseen, ["Something that can't be seen from here listens on the gateway's port 4000."]);
    const usual = await ownersOf(test, () => ({ ports: listening(18_789, null) }));
    assert.match(usual.join(), /port 18789/);
    assert.deepEqual(
      await ownersOf(test, () => ({ config: { gateway: { port: 4000 } }, ports: listening(18_789, null) })),
      [],
    );
  });

  it("may stand behind a program that passes connections on, but are no other program", async (test) => {
    const listener = (command: string): Given => ({
      live: [{ pid: 5, command, argv: command.split(" "), environment: {} }],
      ports: listening(18_789, 5),
    });
    assert.match(
      (await ownersOf(test, () => listener("/usr/bin/docker-proxy -host-port 18789"))).join(),
      /docker-proxy/,
    );
    assert.match(
      (await ownersOf(test, () => listener("node dist/index.js"))).join(),
      /process 5 \(node dist\/index\.js\)/,
    );
    assert.deepEqual(await ownersOf(test, () => listener("python3 -m http.server 18789")), []);
  });
});
