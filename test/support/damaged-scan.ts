/** A scan of a home with damaged databases: what must hold whatever is wrong with them. */
import assert from "node:assert/strict";

import { type DatabaseState, isReadable } from "../../src/model/database.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { FileError } from "../../src/system/files.ts";
import { engineOn, homeAt } from "./engines.ts";
import { treeState } from "./homes.ts";

/** Fragments whose events are asked for. */
const MOST_OPENED = 6;

/** States of the databases. Throws when a promise is broken: a crash, a changed file, a damage without a finding. */
export async function scanDamaged(home: string): Promise<DatabaseState[]> {
  const before = treeState(home);
  const engine = engineOn([home]);
  const snapshot = await engine.scan();
  const readings = homeAt(snapshot, home).agents.map(({ reading }) => reading);
  for (const { fragments } of readings) {
    for (const place of fragments.slice(0, MOST_OPENED)) {
      try {
        await engine.readTranscript(home, place, {});
      } catch (error) {
        // What can't be read is refused in so many words.
        if (!(error instanceof FileError)) throw error;
      }
    }
  }
  await engine.close();
  assertUntouched(before, treeState(home));
  const databases = readings.flatMap((reading) => reading.databases);
  for (const database of databases) {
    const { path, state, trouble } = database;
    const isDamaged = !isReadable(database) || state === "corrupt" || trouble.some(({ kind }) => kind === "damage");
    if (isDamaged) assert.ok(hasFinding(snapshot, home, path), `${state}, and no finding says so`);
  }
  return databases.map(({ state }) => state);
}

function assertUntouched(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): void {
  const names = new Set([...before.keys(), ...after.keys()]);
  assert.deepEqual(
    [...names].filter((name) => before.get(name) !== after.get(name)),
    [],
    "files that were touched",
  );
}

function hasFinding(snapshot: Snapshot, home: string, path: string): boolean {
  return homeAt(snapshot, home).findings.some((finding) => finding.code.startsWith("store/") && finding.path === path);
}
