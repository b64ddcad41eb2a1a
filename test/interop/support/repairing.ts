// Repairs of homes of the real OpenClaw by the engine: scan, plan, run, undo. The processes and the clock are those of this machine.
import assert from "node:assert/strict";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import path from "node:path";

import { openclaw } from "../../../src/agents/openclaw/index.ts";
import { createEngine } from "../../../src/engine/create-engine.ts";
import { createExecutor, type Executor } from "../../../src/engine/executor/executor.ts";
import { planRepair, type RepairRequest } from "../../../src/engine/planning/plan-repairs.ts";
import { FORENSICS_FOLDER, type Plan } from "../../../src/model/plan.ts";
import type { Finding } from "../../../src/model/finding.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { systemProcesses } from "../../../src/system/processes.ts";
import type { OpenClawWorld } from "./world.ts";

/** A scan of the world's homes with nothing remembered. */
export async function scanned(world: OpenClawWorld): Promise<Snapshot> {
  const engine = createEngine({
    programs: [openclaw],
    world: {
      env: world.env,
      userHome: world.env["HOME"] ?? "",
      platform: process.platform,
      processes: systemProcesses(),
      now: Date.now,
    },
    given: { paths: [world.home], discover: false },
    settings: { locksWarnAfterSeconds: 60 },
    memoFolder: null,
    log: (line) => assert.fail(line),
  });
  try {
    return await engine.scan();
  } finally {
    await engine.close();
  }
}

/** Findings that would call the home unhealthy. */
export function findingsOf(snapshot: Snapshot): readonly Finding[] {
  return snapshot.homes.flatMap(({ findings }) => findings);
}
