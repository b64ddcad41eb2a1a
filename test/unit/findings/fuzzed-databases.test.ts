// Databases that were damaged at random: no scan ends with an error, each damage that is met has its finding, and no file is touched.
// `npm run fuzz:databases` does the same for thousands, in processes of their own that are watched for time and memory.
import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";

import type { DatabaseState } from "../../../src/model/database.ts";
import { DAMAGES } from "../../support/damaged-files.ts";
import { DamagedHomes } from "../../support/damaged-homes.ts";
import { scanDamaged } from "../../support/damaged-scan.ts";
import { temporaryTree } from "../../support/homes.ts";

const SEED = 20_261_121;
const HOMES = 200;

function damagedHomes(test: TestContext): DamagedHomes {
  return new DamagedHomes(temporaryTree(test, {}), SEED);
}

describe("a home with damaged databases", () => {
  it(`is scanned and told of: ${HOMES} of them`, async (test) => {
    const homes = damagedHomes(test);
    const damaged = new Set<string>();
    const states = new Set<DatabaseState>();
    for (let number = 0; number < HOMES; number++) {
      const { damages, path } = homes.make(number);
      try {
        for (const state of await scanDamaged(path)) states.add(state);
      } catch (error) {
        throw new Error(`home ${number}: ${damages.join(", ")}`, { cause: error });
      }
      for (const damage of damages) damaged.add(damage);
    }
    assert.deepEqual([...damaged].toSorted(), Object.keys(DAMAGES).toSorted(), "each kind of damage was done");
    for (const state of ["ok", "corrupt", "empty", "wal-missing"] as const) assert.ok(states.has(state), state);
  });

  it("is the same one for the same number", (test) => {
    const [first, second] = [damagedHomes(test), damagedHomes(test)];
    for (const number of [3, 1, 4]) assert.deepEqual(first.make(number).damages, second.make(number).damages);
  });
});
