// Whatever is taken away from a home: the origins of notices that are still called sure are the true ones.
import assert from "node:assert/strict";
import { readdirSync, renameSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";

import type { ExecNotice } from "../../../src/model/exec.ts";
import { engineOn } from "../../support/engines.ts";
import { fixtureHome, fixtureTruth } from "../../support/homes.ts";

interface TrueExec {
  readonly startEntryId: string;
  readonly delivered: readonly { readonly entryId: string }[];
}

async function noticesIn(state: string): Promise<ExecNotice[]> {
  const engine = engineOn([state]);
  const { homes } = await engine.scan();
  const agents = homes.flatMap(({ home, agents: all }) =>
    all.map(({ reading }) => ({ home: home.path, name: reading.name })),
  );
  const found: ExecNotice[] = [];
  for (const { home, name } of agents) found.push(...(await engine.execs(home, name)).notices);
  return found;
}

for (const name of ["2026.3.24-shadow", "2026.5.12-delivery"] as const) {
  describe(name, () => {
    const { backgroundExecs } = fixtureTruth(name) as { backgroundExecs: readonly TrueExec[] };
    const startOf = new Map(
      backgroundExecs.flatMap(({ delivered, startEntryId }) => delivered.map(({ entryId }) => [entryId, startEntryId])),
    );

    it("has no false origin that is sure, whichever transcript, trajectory or store is gone", async (test) => {
      const state = fixtureHome(test, name);
      const files = readdirSync(state, { recursive: true, encoding: "utf8" })
        .filter((file) => /[\\/]sessions[\\/][^\\/]+\.json/.test(file))
        .map((file) => path.join(state, file));
      let sure = 0;
      for (const file of files) {
        renameSync(file, path.join(state, "aside"));
        for (const { origin, place } of await noticesIn(state)) {
          if (origin === null || origin.certainty === "inferred") continue;
          sure += 1;
          assert.equal(origin.start.entryId, startOf.get(place.entryId ?? ""), file);
        }
        renameSync(path.join(state, "aside"), file);
      }
      assert.ok(sure > files.length, `${sure} sure origins without one of ${files.length} files each`);
    });
  });
}
