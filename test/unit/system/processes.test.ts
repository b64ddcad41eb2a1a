import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";

import { procProcesses } from "../../../src/system/processes-proc.ts";
import { psProcesses } from "../../../src/system/processes-ps.ts";
import { signalPid, type SignalAnswer } from "../../../src/system/processes-signal.ts";
import { systemProcesses, type Processes } from "../../../src/system/processes.ts";
import { link, temporaryTree, type TreeNode } from "../../support/homes.ts";

const SELF = { pid: 77, host: "workbench" };
const BOOT = Date.parse("2026-11-20T00:00:00Z");

/** `/proc/<pid>` of a process; field 22 of stat is its start in ticks. */
function procEntry(given: { pid: number; name?: string; ticks?: number; tgid?: number; state?: string }): TreeNode {
  const { pid, name = "node", ticks = 500, tgid = pid, state = "S" } = given;
  const before = `${state} 1 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0`;
  return {
    stat: `${pid} (${name}) ${before} ${ticks} 1000 2000\n`,
    status: `Name:\t${name}\nState:\t${state} (sleeping)\nTgid:\t${tgid}\nPid:\t${pid}\n`,
    cmdline: "openclaw-gateway\u0000--port\u000018789\u0000",
    environ: "HOME=/home/kim\u0000OPENCLAW_STATE_DIR=/srv/state\u0000EMPTY=\u0000=odd\u0000",
    ns: { pid: link("pid:[4026531836]") },
  };
}

function machine(
  test: TestContext,
  entries: { [name: string]: TreeNode },
  signal: (pid: number) => SignalAnswer,
): Processes {
  const proc = temporaryTree(test, {
    stat: `cpu 1 2 3\nbtime ${BOOT / 1000}\n`,
    self: { ns: { pid: link("pid:[4026531836]") } },
    ...entries,
  });
  return procProcesses(proc, SELF, signal);
}

describe("processes by /proc", () => {
  it("are seen with start, arguments, environment and namespace", (test) => {
    const processes = machine(test, { "42": procEntry({ pid: 42, name: "odd ) (name" }) }, () => "dead");
    assert.deepEqual(processes.look(42), {
      pid: 42,
      command: "openclaw-gateway --port 18789",
      argv: ["openclaw-gateway", "--port", "18789"],
      startTicks: 500,
      startedAt: BOOT + 5000,
      pidNamespace: "pid:[4026531836]",
      environment: { HOME: "/home/kim", OPENCLAW_STATE_DIR: "/srv/state", EMPTY: "" },
    });
    assert.deepEqual(processes.self, { ...SELF, bootedAt: BOOT, pidNamespace: "pid:[4026531836]" });
    assert.deepEqual(processes.list(), [processes.look(42)]);
  });

  it("are read anew in a list when another process has the pid or the same one runs another command, else kept", (test) => {
    const proc = temporaryTree(test, { stat: `btime ${BOOT / 1000}\n`, "42": procEntry({ pid: 42 }) });
    const processes = procProcesses(proc, SELF, () => "dead");
    const [first] = processes.list();
    assert.equal(processes.list()[0], first);
    writeFileSync(join(proc, "42/environ"), "HOME=/root\u0000");
    writeFileSync(join(proc, "42/cmdline"), "node\u0000other.js\u0000");
    assert.deepEqual(
      [processes.list()[0]?.command, processes.list()[0]?.environment],
      ["node other.js", { HOME: "/root" }],
    );
    writeFileSync(join(proc, "42/environ"), "HOME=/home/ann\u0000");
    writeFileSync(join(proc, "42/stat"), readFileSync(join(proc, "42/stat"), "utf8").replace(" 500 ", " 900 "));
    assert.deepEqual([processes.list()[0]?.startTicks, processes.list()[0]?.environment], [900, { HOME: "/home/ann" }]);
    writeFileSync(join(proc, "42/environ"), "HOME=/home/kim\u0000");
    const seen = processes.look(42);
    assert.deepEqual(typeof seen === "object" && seen.environment, { HOME: "/home/kim" });
    rmSync(join(proc, "42"), { recursive: true });
    assert.deepEqual(processes.list(), []);
  });

  it("keep the title that a process gave itself", (test) => {
    const entry = { ...(procEntry({ pid: 42 }) as object), cmdline: "openclaw\u0000\u0000\u0000\u0000" };
    const found = machine(test, { "42": entry }, () => "dead").look(42);
    assert.equal(typeof found === "object" && found.command, "openclaw");
  });

  it("have a name in brackets when they have no arguments", (test) => {
    const entry = { ...(procEntry({ pid: 2, name: "kthreadd" }) as object), cmdline: "" };
    const found = machine(test, { "2": entry }, () => "dead").look(2);
    assert.deepEqual(typeof found === "object" && [found.command, found.argv], ["[kthreadd]", []]);
  });

  it("that are threads or zombies hold nothing", (test) => {
    const processes = machine(
      test,
      { "43": procEntry({ pid: 43, tgid: 42 }), "44": procEntry({ pid: 44, state: "Z" }) },
      () => "alive",
    );
    assert.equal(processes.look(43), "dead");
    assert.equal(processes.look(44), "dead");
  });

  it("that /proc hides are asked by signal", (test) => {
    const answers: Record<number, SignalAnswer> = { 1: "alive", 2: "dead", 3: "unknown" };
    const processes = machine(test, {}, (pid) => answers[pid] ?? "dead");
    const hidden = processes.look(1);
    assert.deepEqual(typeof hidden === "object" && [hidden.pid, hidden.command, hidden.environment], [1, "", null]);
    assert.equal(processes.look(2), "dead");
    assert.equal(processes.look(3), "unknown");
  });

  it("without a sensible number don't live", (test) => {
    const processes = machine(test, {}, () => "alive");
    for (const pid of [0, -1, 1.5, Number.NaN]) assert.equal(processes.look(pid), "dead");
  });

  it("may be closed to us in part", (test) => {
    const { stat, cmdline } = procEntry({ pid: 42 }) as { stat: string; cmdline: string };
    const found = machine(test, { "42": { stat, cmdline } }, () => "alive").look(42);
    assert.deepEqual(typeof found === "object" && [found.environment, found.pidNamespace, found.startTicks], [
      null,
      null,
      500,
    ]);
  });

  it("are none where there is no /proc", () => {
    const processes = procProcesses("/nowhere/proc", SELF, () => "dead");
    assert.deepEqual(processes.list(), []);
    assert.equal(processes.self.bootedAt, null);
  });
});

function withoutPs(answer: SignalAnswer): Processes {
  return psProcesses(
    SELF,
    BOOT,
    () => answer,
    () => null,
  );
}

describe("processes by signal and ps", () => {
  const output = [
    "  501 Sat Nov 21 01:15:00 2026 /usr/local/bin/node server.js --title a  b",
    "    1 Fri Nov 20 00:00:00 2026 /sbin/launchd",
    "not a row",
    "",
  ].join("\n");

  it("are read from rows", () => {
    const processes = psProcesses(
      SELF,
      BOOT,
      () => "alive",
      () => output,
    );
    assert.deepEqual(
      processes.list().map(({ pid, command, startedAt }) => ({ pid, command, startedAt })),
      [
        {
          pid: 501,
          command: "/usr/local/bin/node server.js --title a  b",
          startedAt: Date.parse("2026-11-21T01:15:00Z"),
        },
        { pid: 1, command: "/sbin/launchd", startedAt: BOOT },
      ],
    );
    const found = processes.look(501);
    assert.deepEqual(typeof found === "object" && found.argv.slice(0, 2), ["/usr/local/bin/node", "server.js"]);
  });

  it("live though ps has nothing to say, and are dead or unknown by signal alone", () => {
    const found = withoutPs("alive").look(9);
    assert.deepEqual(typeof found === "object" && [found.pid, found.startedAt], [9, null]);
    assert.equal(withoutPs("dead").look(9), "dead");
    assert.equal(withoutPs("unknown").look(9), "unknown");
    assert.deepEqual(withoutPs("alive").list(), []);
  });
});

describe("processes of this machine", () => {
  it("show this one, and another one until it ends", async () => {
    const processes = systemProcesses();
    const own = processes.look(process.pid);
    assert.equal(typeof own === "object" && own.pid, process.pid);
    const child = spawn(process.execPath, ["-e", "process.stdin.resume()"], { stdio: ["pipe", "ignore", "ignore"] });
    const { pid = -1 } = child;
    assert.equal(typeof processes.look(pid), "object");
    child.stdin.end();
    await once(child, "exit");
    assert.equal(processes.look(pid), "dead");
  });

  it("answer to the null signal", () => {
    assert.equal(signalPid(process.pid), "alive");
    for (const pid of [0, -5, 2 ** 40, 0.5]) assert.equal(signalPid(pid), "dead");
  });
});
