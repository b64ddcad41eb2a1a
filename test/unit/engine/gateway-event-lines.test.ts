import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { eventsOfLock, eventsOfSession, gatewayEventLines } from "../../../src/engine/present/gateway-events.ts";
import { plainText } from "../../../src/engine/present/lines.ts";
import type { GatewayEvent } from "../../../src/model/gateway-event.ts";
import type { Lock } from "../../../src/model/lock.ts";
import type { Session } from "../../../src/model/session.ts";

const NOW = Date.UTC(2026, 10, 21, 8);
const HOME = "/home/kim/.openclaw";
const ID = "74e5e2c1-c066-46bf-8945-a2915508ad02";

const event = (given: Partial<GatewayEvent>): GatewayEvent => ({
  at: NOW - 240_000,
  kind: "lock-timeout",
  message: "session file locked",
  sessionKey: null,
  sessionId: null,
  path: null,
  pid: null,
  log: "/tmp/openclaw/openclaw-2026-11-21.log",
  line: 7,
  isSure: true,
  ...given,
});

const session = {
  key: "agent:main:third",
  otherKeys: ["agent:main:cron:1"],
  fragments: [{ fragment: { path: `agents/main/sessions/${ID}.jsonl`, sessionId: ID, fileId: ID } }],
  checkpoints: [],
  row: null,
} as unknown as Session;

describe("what the gateway's log says", () => {
  it("of a session is what names its key, its id or its file", () => {
    const own = [
      event({ sessionKey: "agent:main:third" }),
      event({ sessionKey: "agent:main:cron:1" }),
      event({ sessionId: ID }),
      event({ path: `${HOME}/agents/main/sessions/${ID}.jsonl.lock` }),
    ];
    const others = [event({}), event({ sessionKey: "agent:main:other" }), event({ path: `${HOME}/agents/x.jsonl` })];
    assert.deepEqual(eventsOfSession([...own, ...others], HOME, session), own);
  });

  it("of a lock is what names it, or what it locks", () => {
    const target = `agents/main/sessions/${ID}.jsonl`;
    const lock = { path: `${target}.lock`, target } as unknown as Lock;
    const own = [event({ path: `${HOME}/${target}.lock` }), event({ path: `${HOME}/${target}` })];
    assert.deepEqual(eventsOfLock([...own, event({ sessionId: ID })], HOME, lock), own);
  });

  it("is shown newest first, with the place in the log, and says what is not sure", () => {
    const events = [1, 2, 3, 4, 5, 6].map((line) => event({ line, isSure: line !== 6 }));
    const lines = gatewayEventLines(events, NOW);
    const text = plainText(lines);
    assert.equal(lines.length, 6);
    assert.match(text, /^The gateway's log:\n {2}4 min ago .*perhaps of another home.*log:6\)\n/);
    assert.match(text, /and 2 lines before$/);
    assert.deepEqual(lines[1]?.find(({ file }) => file !== undefined)?.file, { path: events[0]!.log, line: 6 });
  });

  it("is nothing where there is nothing", () => assert.deepEqual(gatewayEventLines([], NOW), []));
});
