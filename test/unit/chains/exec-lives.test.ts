// Made-up lives of an agent, with names of execs that are alike far oftener than real ones: no false origin is called certain.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { execProvenance } from "../../../src/chains/exec-provenance.ts";
import { scopedFragments } from "../../../src/chains/exec-scope.ts";
import { linkChains } from "../../../src/chains/link.ts";
import { composeSessions } from "../../../src/chains/sessions.ts";
import { finished } from "../../../src/chains/steps.ts";
import type { ExecNotice, ExecProvenance } from "../../../src/model/exec.ts";
import { type LifeOptions, simulate, type SimulatedLife } from "../../support/simulated-agent.ts";

const LIVES = 40;

interface World {
  readonly name: string;
  readonly options: Omit<LifeOptions, "seed">;
  /** Least share of notices whose true start is named. */
  readonly recall: number;
}

const BUSY = { keys: 12, operations: 120, paceMs: 1500 };
const QUIET = { keys: 4, operations: 120, paceMs: 30 * 60_000 };

const WORLDS: readonly World[] = [
  { name: "2026.3.24, busy", options: { release: "2026.3.24", trajectories: false, ...BUSY }, recall: 0.95 },
  { name: "2026.3.24, quiet", options: { release: "2026.3.24", trajectories: false, ...QUIET }, recall: 0.95 },
  { name: "2026.5.12, busy", options: { release: "2026.5.12", trajectories: true, ...BUSY }, recall: 0.95 },
  {
    name: "2026.5.12, notices without a name",
    options: { release: "2026.5.12", trajectories: true, unnamedNotices: true, ...BUSY },
    recall: 0.3,
  },
];

function provenanceOf({ agent }: SimulatedLife): ExecProvenance {
  const sessions = composeSessions(agent, linkChains(agent));
  return finished(execProvenance(finished(scopedFragments(agent, sessions)), () => true));
}

for (const { name, options, recall } of WORLDS) {
  describe(name, () => {
    const lives = Array.from({ length: LIVES }, (_, seed) => simulate({ ...options, seed: seed + 1 }));
    const told = lives.map((life) => ({ life, provenance: provenanceOf(life) }));
    const isRight = (life: SimulatedLife, { origin, place }: ExecNotice): boolean =>
      origin !== null && origin.start.entryId === life.startOf.get(place.entryId ?? "");

    test("an origin that is not inferred is the true one", () => {
      for (const { life, provenance } of told) {
        const sure = provenance.notices.filter(({ origin }) => origin !== null && origin.certainty !== "inferred");
        for (const notice of sure) assert.ok(isRight(life, notice), notice.place.entryId ?? "");
      }
    });

    test(`${recall} of the notices lead to their start, the others mostly keep it as an alternative`, () => {
      const notices = told.flatMap(({ life, provenance }) => provenance.notices.map((notice) => ({ life, notice })));
      const right = notices.filter(({ life, notice }) => isRight(life, notice));
      assert.ok(right.length >= recall * notices.length, `${right.length} of ${notices.length}`);
      const kept = notices.filter(({ life, notice }) =>
        notice.origin?.alternatives.some(({ entryId }) => entryId === life.startOf.get(notice.place.entryId ?? "")),
      );
      assert.ok(right.length + kept.length >= 0.97 * notices.length, `${kept.length} of ${notices.length}`);
    });

    test("a delivery is a notice seen from the other side", () => {
      for (const { provenance } of told) {
        for (const { delivery, start, undelivered } of provenance.execs) {
          assert.equal(delivery === null, undelivered !== null);
          const notice = provenance.notices.find(({ place }) => place.entryId === delivery?.place.entryId);
          if (delivery !== null) assert.deepEqual(notice?.origin?.start, start);
        }
      }
    });

    test("an exec that was never reported has no delivery that is called certain", () => {
      for (const { life, provenance } of told) {
        const reported = new Set(life.startOf.values());
        for (const { delivery, start } of provenance.execs) {
          if (!reported.has(start.entryId ?? "")) assert.notEqual(delivery?.certainty, "derived");
        }
      }
    });
  });
}
