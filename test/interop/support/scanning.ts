// Scans of a home of the real OpenClaw, with nothing remembered.
import assert from "node:assert/strict";

import { openclaw } from "../../../src/agents/openclaw/index.ts";
import type { World } from "../../../src/agents/program.ts";
import { createEngine } from "../../../src/engine/create-engine.ts";
import type { HomeSnapshot, Snapshot } from "../../../src/model/snapshot.ts";

/** Of the home at this path and of those within it. */
export async function scan(home: string, world: World): Promise<Snapshot> {
  const engine = createEngine({
    programs: [openclaw],
    world,
    given: { paths: [home], discover: false },
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

export function homeAt(snapshot: Snapshot, path: string): HomeSnapshot {
  const home = snapshot.homes.find((one) => one.home.path === path);
  assert.ok(home !== undefined, `${path} was not scanned`);
  return home;
}

export const scannedHome = async (path: string, world: World): Promise<HomeSnapshot> =>
  homeAt(await scan(path, world), path);
