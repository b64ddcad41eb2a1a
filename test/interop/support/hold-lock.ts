// A run of the executor, in a process of its own, that holds OpenClaw's lock on a transcript between two steps until its stdin ends:
// `node hold-lock.ts HOME LOCK plain|disguised`, LOCK relative to HOME. It says "held" and, at the end, what came of the run.
import { once } from "node:events";

import { systemProcesses } from "../../../src/system/processes.ts";
import { createExecutor } from "../../../src/engine/executor/executor.ts";
import { localSurroundings } from "../../../src/engine/executor/local-surroundings.ts";
import { planOf, type Step } from "../../../src/model/plan.ts";
import { scannedHome } from "./scanning.ts";

const [home = "", lock = "", looks = "disguised"] = process.argv.slice(2);
const processes = systemProcesses();
const world = {
  env: process.env,
  userHome: process.env["HOME"] ?? "",
  platform: process.platform,
  processes,
  now: Date.now,
};
const { home: identity, agents } = await scannedHome(home, world);
const here = localSurroundings({ home: identity, agents: agents.map(({ reading }) => reading) }, world);

/** The executor sleeps for no time between two steps, and for longer while it waits for a lock. */
let isHeld = false;
async function sleep(ms: number): Promise<void> {
  if (ms > 0 || isHeld) return here.sleep(ms);
  isHeld = true;
  console.log("held");
  await once(process.stdin.resume(), "end");
}

const around = { ...here, sleep, ...(looks === "plain" ? { appearAsOwner: () => () => undefined } : {}) };
const folder = (name: string): Step => ({
  do: "make-folder",
  path: `agents/main/${name}`,
  before: { is: "absent" },
  after: { is: "folder" },
  mode: 0o700,
  why: "Something harmless to do while the lock is held.",
});
const plan = planOf({
  home: identity.path,
  title: "Hold a lock",
  repairs: [],
  steps: [folder(`first-${process.pid}`), folder(`second-${process.pid}`)],
  gates: [],
  locks: [{ path: lock, of: "transcript", target: lock.replace(/\.lock$/, "") }],
  conflicts: [],
  notes: [],
});
const by = { pid: process.pid, host: processes.self.host, face: "interop tests", version: "0.0.0" };
const result = await createExecutor({ home: identity.path, around, by, lockWaitMs: 60_000 }).run(plan);
console.log(result.outcome === "refused" ? result.refusals.map(({ reason }) => reason).join(" ") : result.outcome);
