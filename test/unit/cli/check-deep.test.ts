// `check --deep` promises every byte: what it could not read is an exit code of its own.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";

import { cli, type CliResult } from "../../support/cli-world.ts";
import { engineOn } from "../../support/engines.ts";
import { fixtureHome } from "../../support/homes.ts";
import { sessionId } from "../../support/openclaw.ts";

const check = (home: string, ...args: string[]): Promise<CliResult> =>
  cli(["check", home, "--fail-on", "error", ...args], { engine: () => engineOn([home]) });

const homeOf = (t: TestContext): string => fixtureHome(t, "2026.5.12-delivery");

describe("check --deep", () => {
  it("says what it read, and ends with 0 where all of it could be", async (t) => {
    const { code, out } = await check(homeOf(t), "--deep");
    assert.equal(code, 0);
    assert.match(out, /^Read whole: \d+ transcripts?, /m);
  });

  it("ends with 3 where a transcript could not be read, which the first look passes over", async (t) => {
    const home = homeOf(t);
    mkdirSync(join(home, `agents/main/sessions/${sessionId(7)}.jsonl`));
    assert.equal((await check(home)).code, 0);
    const { code, out } = await check(home, "--deep");
    assert.equal(code, 3);
    assert.match(out, new RegExp(sessionId(7)));
  });
});
