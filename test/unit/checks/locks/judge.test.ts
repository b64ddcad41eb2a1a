import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeLocks, type LocksInput } from "../../../../src/checks/locks/judge.ts";
import type { LockFile } from "../../../../src/model/lock.ts";
import type { OwnerLook } from "../../../../src/model/machine.ts";
import {
  CONTAINER_NAMESPACE,
  homeReading,
  liveProcess,
  lockFile,
  machine,
  NOW,
  PID,
  SESSIONS,
} from "../../../support/model.ts";

function input(locks: readonly LockFile[], given: Partial<LocksInput> = {}): LocksInput {
  return {
    reading: homeReading({ locks }),
    machine: machine(),
    looks: new Map([[PID, "dead"]]),
    processes: [],
    volume: { network: false, ofRoot: true },
    now: NOW,
    ...given,
  };
}

test("each lock gets its verdict, in order", () => {
  const other = lockFile({
    path: `${SESSIONS}/sessions.json.lock`,
    of: "store",
    target: `${SESSIONS}/sessions.json`,
    pid: 9,
  });
  const looks = new Map<number, OwnerLook>([
    [PID, "dead"],
    [9, liveProcess({ pid: 9 })],
  ]);
  const judged = judgeLocks(input([lockFile(), other], { looks }));
  assert.deepEqual(
    judged.map((one) => [one.path, one.verdict]),
    [
      [lockFile().path, "stale"],
      [other.path, "held"],
    ],
  );
});

test("a pid that nobody looked at counts as unseen", () => {
  assert.deepEqual(judgeLocks(input([lockFile()], { looks: new Map() }))[0]?.reasons, ["owner-unseen"]);
});

test("a container's process is recognised by its start time, also where its namespace can't be read", () => {
  const lock = lockFile({ pid: 7, startTicks: 5000 });
  for (const pidNamespace of [CONTAINER_NAMESPACE, null]) {
    const processes = [liveProcess({ pid: 60, command: "sh", pidNamespace }), liveProcess({ pid: 61, pidNamespace })];
    const [judged] = judgeLocks(input([lock], { processes, looks: new Map([[7, "dead"]]) }));
    assert.equal(judged?.verdict, "held");
    assert.equal(judged?.holder?.command, "openclaw");
  }
});

test("a process of this tool's own namespace that started in the same tick is another one", () => {
  const lock = lockFile({ pid: 7, startTicks: 5000 });
  const processes = [liveProcess({ pid: 61 })];
  assert.equal(judgeLocks(input([lock], { processes, looks: new Map([[7, "dead"]]) }))[0]?.verdict, "stale");
});

test("an OpenClaw in the same container says that the home's pids mean something there", () => {
  const inside = machine({ pidNamespace: CONTAINER_NAMESPACE });
  const volume = { network: false, ofRoot: false };
  const gateway = liveProcess({ pid: 1, pidNamespace: CONTAINER_NAMESPACE });
  assert.equal(judgeLocks(input([lockFile()], { machine: inside, volume }))[0]?.verdict, "unknown");
  assert.equal(judgeLocks(input([lockFile()], { machine: inside, volume, processes: [gateway] }))[0]?.verdict, "stale");
});
