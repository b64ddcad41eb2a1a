// The server may die; the extension brings it back, and the views with it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

import type { ExtensionApi } from "../../src/extension/extension.ts";
import { activated, eventually, labelsBelow, nodeEventually } from "./support/extension.ts";

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** A bare machine has no `ps`, but a Linux one has /proc. */
async function processes(): Promise<Process[]> {
  if (existsSync("/proc/self/stat"))
    return Promise.all(readdirSync("/proc").filter(isNumber).map(fromProc)).then(known);
  const { stdout } = await promisify(execFile)("ps", ["-eo", "pid=,ppid=,args="]);
  return stdout.split("\n").map((line) => {
    const [pid, parent, ...args] = line.trim().split(/\s+/);
    return { pid: Number(pid), parent: Number(parent), command: args.join(" ") };
  });
}

const isNumber = (name: string): boolean => /^\d+$/.test(name);
const known = (all: readonly (Process | undefined)[]): Process[] => all.filter((one) => one !== undefined);

/** Undefined when the process ended meanwhile. */
async function fromProc(pid: string): Promise<Process | undefined> {
  try {
    const status = await readFile(`/proc/${pid}/status`, "utf8");
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8");
    return { pid: Number(pid), parent: Number(/^PPid:\s*(\d+)$/m.exec(status)?.[1]), command };
  } catch {
    return undefined;
  }
}

/** The server that this extension host started. */
async function serverPid(): Promise<number | undefined> {
  const all = await processes();
  return all.find(({ parent, command }) => parent === process.pid && command.includes("server.cjs"))?.pid;
}

describe("a server that is killed", () => {
  let api: ExtensionApi;

  before(async () => {
    api = await activated();
    await nodeEventually(api.sessions, ["~/.openclaw", "main"]);
  });

  it("is started again, and the view shows the same as before", async () => {
    const before = await labelsBelow(api.sessions);
    const killed = await serverPid();
    assert.ok(killed !== undefined, "no server process was found");
    process.kill(killed, "SIGKILL");
    await eventually("another server", async () => {
      const pid = await serverPid();
      return pid !== undefined && pid !== killed ? pid : undefined;
    });
    await eventually("the ready phase", () => (api.phase() === "ready" ? true : undefined));
    assert.deepEqual(await labelsBelow(api.sessions), before);
    await nodeEventually(api.sessions, ["~/.openclaw", "main", "incident"]);
  });
});
