// Chains of homes that real releases wrote, against what truly happened in them: the figures of docs/accuracy.md, and what must never be.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";

import { greedyLinks } from "../../../scripts/accuracy/greedy.ts";
import { type Accuracy, type LinkCount, measure } from "../../../scripts/accuracy/measure.ts";
import { trueChains, trueDeletions } from "../../../scripts/accuracy/truth.ts";
import { openclaw } from "../../../src/agents/openclaw/index.ts";
import { createEngine } from "../../../src/engine/create-engine.ts";
import {
  DATABASE_HOMES,
  type DatabaseHome,
  FIXTURE_HOMES,
  type FixtureHome,
  fixtureHome,
} from "../../support/homes.ts";
import { only, world } from "../../support/world.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const FIXTURES = path.join(ROOT, "test/fixtures/openclaw");

type RecordedHome = FixtureHome | DatabaseHome;

/** The rows of the table in docs/accuracy.md, in its order. */
const STATED: readonly { readonly label: RegExp; readonly home: RecordedHome; readonly trajectories: boolean }[] = [
  { label: /^2026\.3\.24, one operation at a time/, home: "2026.3.24-shadow", trajectories: true },
  { label: /^2026\.3\.24, 76 random operations/, home: "2026.3.24-random", trajectories: true },
  { label: /^2026\.5\.12, deliveries/, home: "2026.5.12-delivery", trajectories: true },
  { label: /^2026\.5\.12, killed/, home: "2026.5.12-killed", trajectories: true },
  { label: /^the same without trajectories/, home: "2026.5.12-killed", trajectories: false },
  { label: /^2026\.5\.12, 85 random operations/, home: "2026.5.12-random", trajectories: true },
  { label: /^the same without trajectories/, home: "2026.5.12-random", trajectories: false },
  { label: /^2026\.9\.6, one operation at a time/, home: "2026.9.6-clean", trajectories: true },
];

interface Measured {
  readonly accuracy: Accuracy;
  readonly greedy: LinkCount;
}

async function measured(home: RecordedHome, trajectories: boolean): Promise<Measured> {
  const cleanups: (() => void)[] = [];
  const state = fixtureHome({ after: (clean) => cleanups.push(clean as () => void) }, home);
  try {
    if (!trajectories) removeTrajectories(state);
    const engine = createEngine({
      programs: [openclaw],
      world: world(),
      given: only(state),
      settings: { locksWarnAfterSeconds: 60 },
      memoFolder: null,
      log: assert.fail,
    });
    const snapshot = await engine.scan();
    const folder = path.join(FIXTURES, home);
    const truth = trueChains(folder);
    return { accuracy: measure(snapshot, truth, trueDeletions(folder)), greedy: greedyLinks(snapshot, truth) };
  } finally {
    for (const clean of cleanups) clean();
  }
}

function removeTrajectories(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }))
    if (name.includes(".trajectory")) rmSync(path.join(folder, name));
}

function rightLinks({ byCertainty }: Accuracy): number {
  return Object.values(byCertainty).reduce((sum, { right }) => sum + right, 0);
}

/** Cells of the table's rows, without its head. */
function statedRows(): string[][] {
  const lines = readFileSync(path.join(ROOT, "docs/accuracy.md"), "utf8").split("\n");
  const head = lines.findIndex((line) => line.startsWith("| home | links | recorded | derived |"));
  assert.ok(head > 0, "docs/accuracy.md has no table of the fixture homes");
  const rows = lines.slice(head + 2);
  return rows
    .slice(
      0,
      rows.findIndex((line) => !line.startsWith("|")),
    )
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** A row of the table as it must stand there, but for its label. */
function rowOf({ accuracy, greedy }: Measured): string[] {
  const { links, byCertainty, wholeChains, chains } = accuracy;
  const dashed = (count: number): string => (count === 0 ? "-" : String(count));
  const { right, wrong } = byCertainty.inferred;
  return [
    `${rightLinks(accuracy)} of ${links}`,
    dashed(byCertainty.recorded.right),
    dashed(byCertainty.derived.right),
    right + wrong === 0 ? "-" : `${right} / ${wrong}`,
    `${wholeChains} of ${chains}`,
    `${greedy.right} / ${greedy.wrong}`,
  ];
}

const BOTH_WAYS = FIXTURE_HOMES.flatMap((home) => [true, false].map((trajectories) => ({ home, trajectories })));
const results = new Map<string, Measured>();
for (const { home, trajectories } of BOTH_WAYS)
  results.set(`${home} ${trajectories}`, await measured(home, trajectories));
for (const home of DATABASE_HOMES) results.set(`${home} true`, await measured(home, true));
const resultOf = (home: RecordedHome, trajectories: boolean): Measured => results.get(`${home} ${trajectories}`)!;

for (const { home, trajectories } of BOTH_WAYS) {
  describe(`${home}${trajectories ? "" : ", without trajectories"}`, () => {
    const { accuracy, greedy } = resultOf(home, trajectories);

    it("has no recorded or derived link, and no key that rests on such, that is wrong", () => {
      assert.deepEqual(accuracy.breaches, []);
      const { recorded, derived } = accuracy.byCertainty;
      assert.equal(recorded.wrong + derived.wrong + accuracy.sureKeys.wrong, 0);
      assert.ok(recorded.right + derived.right > 0 && accuracy.sureKeys.right > 0, "nothing was found to be sure of");
    });

    it("names the right predecessor, or offers it", () => {
      assert.equal(rightLinks(accuracy) + accuracy.amongAlternatives, accuracy.links);
      assert.equal(accuracy.invented, 0);
    });

    if (home !== "2026.3.24-random") {
      it("has every chain whole", () => {
        assert.deepEqual([rightLinks(accuracy), accuracy.wholeChains], [accuracy.links, accuracy.chains]);
      });
    }

    if (home.endsWith("-random")) {
      it("finds more, and errs less, than a greedy walk by time", () => {
        const wrong = Object.values(accuracy.byCertainty).reduce((sum, count) => sum + count.wrong, 0);
        assert.ok(rightLinks(accuracy) > greedy.right, `${rightLinks(accuracy)} right`);
        assert.ok(wrong < greedy.wrong, `${wrong} wrong`);
      });
    }
  });
}

for (const home of DATABASE_HOMES) {
  describe(`${home}, which has it all on record`, () => {
    const { accuracy } = resultOf(home, true);

    it("has every window in its place, each link recorded, and every key", () => {
      assert.deepEqual(accuracy.breaches, []);
      assert.deepEqual(accuracy.byCertainty.recorded, { right: accuracy.links, wrong: 0 });
      assert.ok(accuracy.links > 0);
      assert.deepEqual([accuracy.wholeChains, accuracy.sureKeys.wrong], [accuracy.chains, 0]);
    });

    it("shows each deleted session with its key", () => {
      assert.equal(accuracy.deletions.wrong, 0);
      assert.ok(accuracy.deletions.right > 0);
    });
  });
}

describe("2026.3.24-random, where much can't be decided", () => {
  it("has at least 22 of its 30 links named right", () => {
    const { accuracy } = resultOf("2026.3.24-random", true);
    assert.equal(accuracy.links, 30);
    assert.ok(rightLinks(accuracy) >= 22, `${rightLinks(accuracy)}`);
  });
});

describe("docs/accuracy.md", () => {
  it("states what is measured, home by home", () => {
    const rows = statedRows();
    assert.equal(rows.length, STATED.length);
    STATED.forEach(({ label, home, trajectories }, index) => {
      const [name = "", ...cells] = rows[index] ?? [];
      assert.match(name, label);
      assert.deepEqual(cells, rowOf(resultOf(home, trajectories)), name);
    });
  });
});

describe("npm run evaluate:chains", () => {
  const script = path.join(ROOT, "scripts/evaluate-chains.ts");
  const run = (...args: string[]): string =>
    execFileSync(process.execPath, [script, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

  it("prints precision and recall of a folder of homes and ends well", () => {
    const text = run(FIXTURES);
    for (const home of [...FIXTURE_HOMES, ...DATABASE_HOMES]) {
      const { accuracy } = resultOf(home, true);
      const block = text.split(/^(?=\S)/m).find((part) => part.startsWith(`${home}\n`)) ?? "";
      assert.ok(block.includes(`links         ${rightLinks(accuracy)} of ${accuracy.links} right (recall `), block);
      assert.ok(block.includes(`whole chains  ${accuracy.wholeChains} of ${accuracy.chains}`), block);
      assert.ok(!block.includes("WRONG"), block);
    }
  });

  it("measures one home without its trajectories, and leaves them where they are", () => {
    const home = path.join(FIXTURES, "2026.5.12-random");
    assert.match(run("--without-trajectories", home), /^2026\.5\.12-random, without trajectories\n/);
    assert.ok(readdirSync(home, { recursive: true, encoding: "utf8" }).some((name) => name.includes(".trajectory")));
  });

  it("refuses folders without a recorded home", () => {
    assert.throws(() => run(path.join(ROOT, "docs")), { status: 2 });
  });
});
