// The gateway's log as evidence: lines of real gateways, of a home that they name and of one that they don't.
import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, it, type TestContext } from "node:test";

import type { World } from "../../../../src/agents/program.ts";
import type { GatewayEvent } from "../../../../src/model/gateway-event.ts";
import { engineOn } from "../../../support/engines.ts";
import { temporaryTree } from "../../../support/homes.ts";

const LOGS = resolve(import.meta.dirname, "../../../fixtures/openclaw/gateway-logs");
const LOGGED_HOME = "/srv/agents/home/.openclaw";

/** Lines of a real gateway, as if it had served this home. */
const logOf = (release: string, home: string): string =>
  readFileSync(join(LOGS, `${release}.log`), "utf8").replaceAll(LOGGED_HOME, home);

async function eventsOf(home: string, world: Partial<World> = {}): Promise<readonly GatewayEvent[]> {
  const engine = engineOn([home], { world });
  await engine.scan();
  return engine.gatewayEvents(home);
}

function homeWithLog(
  t: TestContext,
  text: (home: string) => string,
  name = "gateway.log",
): { home: string; log: string } {
  const root = temporaryTree(t, { home: { agents: { main: { sessions: { "sessions.json": "{}" } } } } });
  const [home, log] = [join(root, "home"), join(root, name)];
  writeFileSync(join(home, "openclaw.json"), JSON.stringify({ logging: { file: log } }));
  writeFileSync(log, text(home));
  return { home, log };
}

const told = (events: readonly GatewayEvent[]): string[] =>
  events.map(({ kind, sessionKey, pid }) => [kind, sessionKey, pid].filter((one) => one !== null).join(" "));

describe("the gateway's log", () => {
  it("of 2026.5.12 tells of a crash, of what came after, and of a lock that somebody held", async (t) => {
    const { home, log } = homeWithLog(t, (path) => logOf("2026.5.12", path));
    const events = await eventsOf(home);
    assert.deepEqual(
      told(events).filter((one) => !/^(?:started|stopped)$/.test(one)),
      [
        "deleted",
        "lock-removed",
        "interrupted",
        "resumed agent:main:incident",
        "transcript",
        "lock-timeout agent:main:third 4214",
      ],
    );
    const timeout = events.find(({ kind }) => kind === "lock-timeout");
    assert.equal(timeout?.path, join(home, "agents/main/sessions/74e5e2c1-c066-46bf-8945-a2915508ad02.jsonl.lock"));
    assert.equal(timeout.sessionId, "74e5e2c1-c066-46bf-8945-a2915508ad02");
    assert.deepEqual([timeout.isSure, timeout.log], [true, log]);
    assert.equal(timeout.at, Date.parse("2026-11-21T07:29:39.104Z"));
    const line = readFileSync(log, "utf8").split("\n")[timeout.line - 1];
    assert.match(line ?? "", /session file locked/);
  });

  it("of 2026.3.24, whose records have no message of their own, is read as well", async (t) => {
    const { home } = homeWithLog(t, (path) => logOf("2026.3.24", path));
    assert.deepEqual([...new Set(told(await eventsOf(home)))].toSorted(), ["started", "stopped"]);
  });

  it("as plain text says the same", async (t) => {
    const { home } = homeWithLog(
      t,
      (path) =>
        `2026-11-21T07:28:22.921+00:00 [gateway] removed stale session lock: ${path}/agents/main/sessions/a.jsonl.lock (dead-pid)\n`,
    );
    const [event] = await eventsOf(home);
    assert.deepEqual([event?.kind, event?.at], ["lock-removed", Date.parse("2026-11-21T07:28:22.921Z")]);
    assert.match(event?.message ?? "", /^removed stale/);
  });

  it("of another home is not this one's; what names none is not sure", async (t) => {
    const { home } = homeWithLog(t, () => logOf("2026.5.12", "/srv/agents/other"));
    const events = await eventsOf(home);
    assert.deepEqual([...new Set(events.map(({ path }) => path))], [null]);
    assert.deepEqual([...new Set(events.map(({ isSure }) => isSure))], [false]);
  });

  it("is found by date in the temporary folder, and inside the home", async (t) => {
    for (const inside of [false, true]) {
      const root = temporaryTree(t, { home: { "openclaw.json": "{}", agents: { main: { sessions: {} } } }, tmp: {} });
      const home = join(root, "home");
      const folder = join(inside ? join(home, "tmp") : join(root, "tmp"), "openclaw-1000");
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "openclaw-2026-11-21.log"), logOf("2026.5.12", home));
      writeFileSync(join(folder, "something-else.log"), logOf("2026.5.12", home));
      const events = await eventsOf(home, { env: { TMPDIR: join(root, "tmp") } });
      const own = events.filter(({ log }) => log.startsWith(root));
      assert.deepEqual(own.filter(({ kind }) => kind === "lock-timeout").length, 1);
    }
  });

  it("is followed as it grows, is begun anew, and is another file", async (t) => {
    const { home, log } = homeWithLog(t, (path) => logOf("2026.5.12", path));
    const whole = readFileSync(log, "utf8");
    const engine = engineOn([home]);
    await engine.scan();
    const cuts = [0, 300, whole.indexOf("\n") + 1, Math.floor(whole.length / 2), whole.length - 10, whole.length];
    for (const cut of cuts) {
      writeFileSync(log, whole.slice(0, cut));
      assert.deepEqual(await engine.gatewayEvents(home), await eventsOf(home), `up to ${cut}`);
    }
    appendFileSync(log, whole);
    assert.deepEqual(await engine.gatewayEvents(home), await eventsOf(home));
    // What was read is not read again: a change far from the end goes unseen.
    const before = await engine.gatewayEvents(home);
    writeFileSync(log, `${whole.replaceAll("gateway ready", "gateway xxxxx")}${whole}${"x".repeat(50)}\n`);
    assert.deepEqual(await engine.gatewayEvents(home), before);
    assert.notDeepEqual(await eventsOf(home), before);
    // In place, and longer than before.
    writeFileSync(log, `${"x".repeat(50)}\n${whole}${whole}${whole}`);
    assert.deepEqual(await engine.gatewayEvents(home), await eventsOf(home));
    renameSync(log, `${log}.aside`);
    writeFileSync(log, whole);
    assert.deepEqual(await engine.gatewayEvents(home), await eventsOf(home));
  });

  it("that can't be read, or whose config can't be, tells nothing", async (t) => {
    const { home, log } = homeWithLog(t, (path) => logOf("2026.5.12", path));
    rmSync(log);
    symlinkSync(log, log);
    assert.deepEqual(await eventsOf(home), []);
    const config = join(home, "openclaw.json");
    rmSync(config);
    symlinkSync(config, config);
    assert.deepEqual(
      (await eventsOf(home)).filter((event) => event.log.startsWith(home)),
      [],
    );
  });

  it("that is torn, no text or not there tells what it can", async (t) => {
    const whole = (path: string): string => logOf("2026.5.12", path);
    const torn = homeWithLog(t, (path) => whole(path).slice(0, -700));
    assert.ok((await eventsOf(torn.home)).length > 0);
    const noise = homeWithLog(t, () => '{"0":\n\0\0lock\0\n[]\nmain session\n{}\n');
    assert.deepEqual(await eventsOf(noise.home), []);
    const none = homeWithLog(t, () => "");
    writeFileSync(join(none.home, "openclaw.json"), JSON.stringify({ logging: { file: "/nowhere/gateway.log" } }));
    assert.deepEqual(await eventsOf(none.home), []);
  });
});
