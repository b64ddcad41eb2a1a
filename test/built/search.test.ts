// Searching with the command line as shipped: the same with the machine's ripgrep and without, and stopped by Ctrl-C.
import assert from "node:assert/strict";
import path from "node:path";
import { suite, test } from "node:test";

import { rgPath } from "@vscode/ripgrep";

import { CLI, emptyHome, exitOf, ownEnvironment, runCli, spawnBundle } from "../support/bundles.ts";
import { header, lines, message, temporaryTree } from "../support/homes.ts";
import { homeTree, row, sessionId } from "../support/openclaw.ts";

const AT = "2026-11-21T00:00:00.000Z";

/** More than ripgrep is started for; each hundredth message says "needle". */
function largeTranscript(id: string): string {
  const texts = Array.from(
    { length: 1500 },
    (_, number) => `${"hay ".repeat(250)}${number % 100 === 0 ? "needle" : ""}`,
  );
  return lines(header(id, AT), ...texts.map((text) => message("user", text, AT)));
}

suite("search", () => {
  const id = sessionId(1);
  const tree = homeTree({ "agent:main:x": row(id) }, { [`${id}.jsonl`]: largeTranscript(id) });

  test("finds the same with the ripgrep in PATH and without", async (context) => {
    const home = temporaryTree(context, tree);
    const env = ownEnvironment(emptyHome(context));
    const withRipgrep = { ...env, PATH: `${path.dirname(rgPath)}${path.delimiter}${env["PATH"] ?? ""}` };
    const args = ["search", "NEEDLE", "--home", home, "--no-cache", "--json"];
    const ours = await runCli([...args, "--no-ripgrep"], withRipgrep);
    const theirs = await runCli(args, withRipgrep);
    assert.deepEqual([ours.code, ours.err], [0, ""]);
    assert.deepEqual(theirs, ours);
    assert.equal((JSON.parse(ours.out) as { hits: number }).hits, 15);
  });

  test("prints while it searches, and ends when nobody reads any more", async (context) => {
    const home = temporaryTree(context, tree);
    const child = spawnBundle(
      CLI,
      ["search", "hay", "--home", home, "--limit", "100000"],
      ownEnvironment(emptyHome(context)),
    );
    child.stdout.once("data", () => child.stdout.destroy());
    assert.equal(await exitOf(child), 0);
  });
});
