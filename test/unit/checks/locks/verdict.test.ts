import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Circumstances } from "../../../../src/checks/locks/case.ts";
import { judgeLock } from "../../../../src/checks/locks/verdict.ts";
import type { LockFile, LockReason, LockVerdict } from "../../../../src/model/lock.ts";
import type { OwnerLook, ProcessFacts } from "../../../../src/model/machine.ts";
import {
  CONTAINER_NAMESPACE,
  DAY,
  FIRST_NAMESPACE,
  liveProcess,
  lockFile,
  machine,
  MINUTE,
  NOW,
  PID,
  SECOND,
} from "../../../support/model.ts";

interface LockCase {
  readonly name: string;
  readonly lock?: Partial<LockFile>;
  readonly look?: OwnerLook;
  readonly around?: Partial<Circumstances>;
  readonly verdict: LockVerdict;
  readonly reasons: readonly LockReason[];
  readonly says?: RegExp;
}

const HERE: Circumstances = {
  now: NOW,
  machine: machine(),
  place: { isElsewhere: false, writtenAt: null },
  volume: { network: false, ofRoot: true },
  namesake: null,
  programHere: false,
  programInContainer: false,
};
const MOVED = { place: { isElsewhere: true, writtenAt: "/srv/agents/host/.openclaw" } } as const;
const NETWORK = { volume: { network: true, ofRoot: false } } as const;
const IN_CONTAINER = {
  machine: machine({ pidNamespace: CONTAINER_NAMESPACE }),
  volume: { network: false, ofRoot: false },
} as const;
const NO_PID = { pid: null, payload: "senseless" } as const;
const OLD = { createdAt: NOW - 40 * MINUTE } as const;

const titled = (command: string, given: Partial<ProcessFacts> = {}): ProcessFacts => liveProcess({ command, ...given });

function run(cases: readonly LockCase[]): void {
  for (const one of cases) {
    test(one.name, () => {
      const lock = lockFile(one.lock);
      const look = lock.pid === null ? null : (one.look ?? "dead");
      const judged = judgeLock(lock, look, { ...HERE, ...one.around });
      assert.equal(judged.verdict, one.verdict, judged.explanation);
      assert.deepEqual(judged.reasons, one.reasons);
      assert.match(judged.explanation, one.says ?? /^[A-Z].*[.)]$/);
    });
  }
}

describe("what OpenClaw's doctor was tried with", () => {
  run([
    {
      name: "live, titled openclaw",
      look: titled("openclaw"),
      verdict: "held",
      reasons: ["live-owner"],
      says: /lives/,
    },
    {
      name: "live, a path ending in /openclaw",
      look: titled("/opt/bin/openclaw gateway"),
      verdict: "held",
      reasons: ["live-owner"],
    },
    {
      name: "live, a path ending in /openclaw-gateway",
      look: titled("/opt/openclaw-gateway"),
      verdict: "held",
      reasons: ["live-owner"],
    },
    {
      name: "live, titled openclaw-gateway (the doctor is wrong)",
      look: titled("openclaw-gateway"),
      verdict: "held",
      reasons: ["live-owner"],
    },
    {
      name: "live, something else",
      look: titled("sleep 600"),
      verdict: "stale",
      reasons: ["non-openclaw-owner"],
      says: /not OpenClaw/,
    },
    {
      name: "live OpenClaw, 40 minutes (the doctor is wrong)",
      lock: OLD,
      look: titled("openclaw"),
      verdict: "held",
      reasons: ["live-owner", "too-old"],
    },
    {
      name: "start time differs",
      lock: { startTicks: 4999 },
      look: titled("openclaw", { startTicks: 5000 }),
      verdict: "stale",
      reasons: ["recycled-pid"],
      says: /now belongs to another process/,
    },
    { name: "dead", verdict: "stale", reasons: ["dead-pid"], says: /nobody holds/ },
    { name: "dead, 40 minutes", lock: OLD, verdict: "stale", reasons: ["dead-pid", "too-old"] },
    {
      name: "no pid",
      lock: { ...NO_PID, payload: "ok" },
      verdict: "stale",
      reasons: ["missing-pid"],
      says: /names no process/,
    },
    {
      name: "empty",
      lock: { ...NO_PID, payload: "empty", createdAt: null },
      verdict: "stale",
      reasons: ["missing-pid", "invalid-createdAt"],
      says: /is empty/,
    },
    {
      name: "torn",
      lock: { ...NO_PID, payload: "torn", createdAt: null },
      verdict: "stale",
      reasons: ["missing-pid", "invalid-createdAt"],
    },
    {
      name: "senseless",
      lock: { ...NO_PID, createdAt: null },
      verdict: "stale",
      reasons: ["missing-pid", "invalid-createdAt"],
    },
    {
      name: "dead, without a time",
      lock: { createdAt: null },
      verdict: "stale",
      reasons: ["dead-pid", "invalid-createdAt"],
    },
    {
      name: "live OpenClaw, without a time",
      lock: { createdAt: null },
      look: titled("openclaw"),
      verdict: "held",
      reasons: ["live-owner", "invalid-createdAt"],
    },
    {
      name: "an empty lock a second old (the doctor is wrong)",
      lock: { ...NO_PID, payload: "empty", createdAt: null, modifiedAt: NOW - SECOND },
      verdict: "unknown",
      reasons: ["fresh-payload", "missing-pid"],
      says: /still be filling it in/,
    },
    {
      name: "a torn lock whose time lies ahead of the clock",
      lock: { ...NO_PID, payload: "torn", createdAt: null, modifiedAt: NOW + MINUTE },
      verdict: "unknown",
      reasons: ["fresh-payload", "missing-pid"],
    },
    { name: "sessions.json.lock of a dead process", lock: { of: "store" }, verdict: "stale", reasons: ["dead-pid"] },
  ]);
});

describe("who the live process is", () => {
  run([
    {
      name: "the stated start time proves the owner, whatever its title",
      lock: { startTicks: 5000 },
      look: titled("MainThread"),
      verdict: "held",
      reasons: ["live-owner", "non-openclaw-owner"],
      says: /very moment/,
    },
    {
      name: "an owner by start time is held for hours",
      lock: { startTicks: 5000, createdAt: NOW - 300 * MINUTE },
      look: titled("sleep 1"),
      verdict: "held",
      reasons: ["live-owner", "non-openclaw-owner", "too-old"],
    },
    {
      name: "the same numbers from before the last boot prove nothing",
      lock: { startTicks: 5000, createdAt: NOW - 2 * DAY },
      look: titled("node server.js"),
      verdict: "unknown",
      reasons: ["before-boot"],
    },
    {
      name: "unless it is OpenClaw: then a clock that was set is likelier",
      lock: { startTicks: 5000, createdAt: NOW - 2 * DAY },
      look: titled("openclaw"),
      verdict: "held",
      reasons: ["live-owner", "before-boot", "too-old"],
    },
    {
      name: "OpenClaw that by the clock started after the lock was made may still be its owner",
      lock: OLD,
      look: titled("openclaw", { startedAt: NOW - 5 * MINUTE }),
      verdict: "held",
      reasons: ["live-owner", "too-old"],
      says: /by the clock it started later/,
    },
    {
      name: "another program that started after the lock was made is not",
      lock: OLD,
      look: titled("sleep 1", { startedAt: NOW - 5 * MINUTE }),
      verdict: "stale",
      reasons: ["non-openclaw-owner", "recycled-pid", "too-old"],
    },
    {
      name: "a JavaScript runtime may be OpenClaw",
      look: titled("node dist/index.js gateway"),
      verdict: "unknown",
      reasons: ["unrecognised-owner"],
    },
    {
      name: "a process without a command line may be OpenClaw",
      look: titled(""),
      verdict: "unknown",
      reasons: ["unrecognised-owner"],
    },
    { name: "a process that can't be looked at", look: "unknown", verdict: "unknown", reasons: ["owner-unseen"] },
    {
      name: "this tool's own pid",
      lock: { pid: 77 },
      look: titled("node cli.cjs", { pid: 77 }),
      verdict: "stale",
      reasons: ["orphan-self-pid"],
    },
    {
      name: "this tool's own pid and start time",
      lock: { pid: 77, startTicks: 5000 },
      look: titled("node cli.cjs", { pid: 77 }),
      verdict: "held",
      reasons: ["live-owner"],
    },
    {
      name: "longer than its own limit",
      lock: { createdAt: NOW - 17 * MINUTE, maxHoldMs: 15 * MINUTE },
      look: titled("openclaw"),
      verdict: "held",
      reasons: ["live-owner", "over-max-hold"],
      says: /held since 2026-11-21 00:43:00 UTC, longer than its own limit of 15 min/,
    },
    {
      name: "a gateway's lock is never too old",
      lock: { of: "gateway", createdAt: NOW - 20 * 60 * MINUTE },
      look: titled("openclaw", { startedAt: NOW - 20 * 60 * MINUTE }),
      verdict: "held",
      reasons: ["live-owner"],
    },
  ]);
});

describe("restored, copied and moved homes", () => {
  run([
    {
      name: "a dead pid says nothing",
      around: MOVED,
      verdict: "unknown",
      reasons: ["restored-home", "dead-pid"],
      says: /written at \/srv\/agents\/host\/\.openclaw.*where no process has it/,
    },
    {
      name: "nor does a live one",
      around: MOVED,
      look: titled("openclaw"),
      verdict: "unknown",
      reasons: ["restored-home"],
    },
    {
      name: "nor another program",
      around: MOVED,
      look: titled("sleep 1"),
      verdict: "unknown",
      reasons: ["restored-home", "non-openclaw-owner"],
    },
    {
      name: "nor another start time",
      lock: { startTicks: 1 },
      around: MOVED,
      look: titled("openclaw"),
      verdict: "unknown",
      reasons: ["restored-home", "recycled-pid"],
    },
    {
      name: "nor one that can't be seen",
      around: MOVED,
      look: "unknown",
      verdict: "unknown",
      reasons: ["restored-home", "owner-unseen"],
    },
    {
      name: "nor a lock from before the boot of this machine",
      lock: { createdAt: NOW - 2 * DAY },
      around: MOVED,
      verdict: "unknown",
      reasons: ["restored-home", "dead-pid"],
    },
    {
      name: "a matching start time decides",
      lock: { startTicks: 5000 },
      around: MOVED,
      look: titled("openclaw"),
      verdict: "held",
      reasons: ["live-owner"],
    },
    {
      name: "a lock without a pid needs none",
      lock: { ...NO_PID, payload: "empty", createdAt: null },
      around: MOVED,
      verdict: "stale",
      reasons: ["missing-pid", "invalid-createdAt"],
    },
  ]);
});

describe("other hosts", () => {
  run([
    {
      name: "the payload names another host",
      lock: { host: "elsewhere.example" },
      look: titled("openclaw"),
      verdict: "unknown",
      reasons: ["other-host"],
    },
    { name: "the payload names this host", lock: { host: "Workbench.local" }, verdict: "stale", reasons: ["dead-pid"] },
    { name: "a network volume, dead here", around: NETWORK, verdict: "unknown", reasons: ["other-host", "dead-pid"] },
    {
      name: "a network volume, live OpenClaw here",
      around: NETWORK,
      look: titled("openclaw"),
      verdict: "held",
      reasons: ["live-owner"],
    },
    {
      name: "a network volume, an empty lock younger than clocks agree",
      lock: { ...NO_PID, payload: "empty", createdAt: null, modifiedAt: NOW - MINUTE },
      around: NETWORK,
      verdict: "unknown",
      reasons: ["fresh-payload", "missing-pid"],
    },
  ]);
});

describe("pid namespaces", () => {
  const inContainer = titled("openclaw", { pid: 9000, pidNamespace: CONTAINER_NAMESPACE });
  run([
    {
      name: "from the host: the owner lives in a container under another number",
      lock: { pid: 7, startTicks: 5000 },
      around: { ...MOVED, namesake: inContainer },
      verdict: "held",
      reasons: ["live-owner", "other-pid-namespace"],
    },
    {
      name: "from the host: something started with the owner in a container",
      lock: { pid: 7, startTicks: 5000 },
      around: { namesake: { ...inContainer, command: "node x.js", argv: ["node", "x.js"] } },
      verdict: "unknown",
      reasons: ["other-pid-namespace"],
    },
    {
      name: "from the host: no start time, and an OpenClaw in a container",
      lock: { pid: 7 },
      around: { programInContainer: true },
      verdict: "unknown",
      reasons: ["other-pid-namespace", "dead-pid"],
    },
    {
      name: "from the host: the start time is none of the container's",
      lock: { pid: 7, startTicks: 1 },
      around: { programInContainer: true },
      verdict: "stale",
      reasons: ["dead-pid"],
    },
    {
      name: "from the host: the number belongs to a container's process",
      look: titled("sleep 1", { pidNamespace: CONTAINER_NAMESPACE }),
      verdict: "unknown",
      reasons: ["other-pid-namespace"],
    },
    {
      name: "inside: a mounted volume, dead here",
      around: IN_CONTAINER,
      verdict: "unknown",
      reasons: ["other-pid-namespace", "dead-pid"],
    },
    {
      name: "inside: a mounted volume, but OpenClaw runs here",
      around: { ...IN_CONTAINER, programHere: true },
      verdict: "stale",
      reasons: ["dead-pid"],
    },
    {
      name: "inside: a mounted volume, from before the machine's boot",
      lock: { createdAt: NOW - 2 * DAY },
      around: IN_CONTAINER,
      verdict: "stale",
      reasons: ["dead-pid", "before-boot", "too-old"],
    },
    {
      name: "inside: the container's own files",
      around: { ...IN_CONTAINER, volume: { network: false, ofRoot: true } },
      verdict: "stale",
      reasons: ["dead-pid"],
    },
    {
      name: "inside: nothing known of the volume",
      around: { ...IN_CONTAINER, volume: null },
      verdict: "unknown",
      reasons: ["other-pid-namespace", "dead-pid"],
    },
    {
      name: "a system without pid namespaces",
      around: { machine: machine({ pidNamespace: null }), volume: null },
      verdict: "stale",
      reasons: ["dead-pid"],
    },
  ]);
});

describe("things that are no lock files", () => {
  run([
    {
      name: "a folder",
      lock: { ...NO_PID, payload: "not-a-file", createdAt: null },
      verdict: "unknown",
      reasons: ["not-a-file"],
    },
    {
      name: "unreadable",
      lock: { ...NO_PID, payload: "unreadable", createdAt: null },
      verdict: "unknown",
      reasons: ["unreadable"],
    },
  ]);
});

test("only a process that holds or may hold the lock is called its holder", () => {
  const holders = [titled("openclaw"), titled("sleep 600"), "dead" as const].map(
    (look) => judgeLock(lockFile(), look, HERE).holder,
  );
  assert.deepEqual(holders, [{ command: "openclaw", startedAt: NOW - 60 * MINUTE }, undefined, undefined]);
});

test("a lock with a pid is never stale where the pid may be another machine's or container's", () => {
  const looks: readonly OwnerLook[] = [
    "dead",
    "unknown",
    titled("openclaw"),
    titled("sleep 1"),
    titled("node x"),
    titled(""),
  ];
  const doubts: readonly Partial<Circumstances>[] = [MOVED, NETWORK, IN_CONTAINER];
  for (const look of looks) {
    for (const doubt of doubts) {
      for (const startTicks of [null, 1, 5000]) {
        const judged = judgeLock(lockFile({ startTicks, pid: PID }), look, { ...HERE, ...doubt });
        assert.notEqual(judged.verdict, "stale", judged.explanation);
      }
    }
  }
  assert.equal(HERE.machine.pidNamespace, FIRST_NAMESPACE);
});

test("a verdict reads the same a minute later", () => {
  const looks: readonly OwnerLook[] = ["dead", titled("openclaw"), titled("sleep 1")];
  for (const look of looks) {
    const [now, later] = [NOW, NOW + MINUTE].map((time) => judgeLock(lockFile(), look, { ...HERE, now: time }));
    assert.equal(now?.explanation, later?.explanation);
    assert.notEqual(now?.ageMs, later?.ageMs);
  }
});
