// `search`: what it prints while it runs, its JSON document, its exit codes.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";

import type { SearchDocument } from "../../../src/engine/search/search-document.ts";
import { cli, type CliOptions, type CliResult } from "../../support/cli-world.ts";
import { engineOn } from "../../support/engines.ts";
import { goodHome, IDS, MAIN } from "../../support/good-home.ts";
import { header, lines, message, temporaryTree } from "../../support/homes.ts";
import { homeTree, row, sessionId } from "../../support/openclaw.ts";

const search = (home: string, args: readonly string[], options: CliOptions = {}): Promise<CliResult> =>
  cli(["search", ...args], { engine: () => engineOn([home]), ...options });

describe("search", () => {
  it("prints what it finds by session and fragment, with the line", async (test) => {
    const home = goodHome(test);
    const { code, out } = await search(home, ["THE release"]);
    assert.equal(code, 0);
    assert.deepEqual(out.split("\n"), [
      `main  agent main of ${home}`,
      `  reset 2026-11-19 01:10Z  ${MAIN}/${IDS.first}.jsonl.reset.2026-11-19T01-10-00.000Z`,
      "    2: 2026-11-18 01:10:01 UTC  user  plan the release",
      `  reset 2026-11-20 01:10Z  ${MAIN}/${IDS.second}.jsonl.reset.2026-11-20T01-10-00.000Z`,
      "    2: 2026-11-19 01:10:01 UTC  user  go on with the release",
      `  now  ${MAIN}/${IDS.main}.jsonl`,
      "    2: 2026-11-20 01:10:01 UTC  user  what about the release",
      "",
      "3 lines in 1 session; 7 sessions with 10 fragments (4.9 kB) searched.",
      "",
    ]);
  });

  it("marks the text in a terminal", async (test) => {
    const { out } = await search(goodHome(test), ["THE release", "--limit", "1"], { env: { FORCE_COLOR: "1" } });
    assert.ok(out.includes("plan \u001b[33mthe release\u001b[0m"), out);
    assert.match(out, /there may be more, as the search ended at its limit/);
  });

  it("says plainly that nothing was found, and that is no failure", async (test) => {
    const { code, out } = await search(goodHome(test), ["no such words"]);
    assert.equal(code, 0);
    assert.match(
      out,
      /^Nothing found: "no such words" stands nowhere in 7 sessions with 10 fragments \(4\.9 kB\)\.\n$/,
    );
  });

  it("gives one JSON document", async (test) => {
    const home = goodHome(test);
    const { code, err, out } = await search(home, ["release", "--json", "--limit", "2"]);
    assert.deepEqual([code, err], [0, ""]);
    const document = JSON.parse(out) as SearchDocument;
    assert.equal(document.schema, "session-forensics/search/1");
    assert.deepEqual([document.hits, document.truncated, document.sessions.length], [2, true, 1]);
    const [session] = document.sessions;
    assert.deepEqual([session?.home, session?.agent, session?.key], [home, "main", "agent:main:main"]);
    assert.deepEqual(session?.hits[0], {
      path: `${MAIN}/${IDS.first}.jsonl.reset.2026-11-19T01-10-00.000Z`,
      line: 2,
      seq: 1,
      entryId: "0a1b2c3d",
      at: "2026-11-18T01:10:01.000Z",
      role: "user",
      in: "text",
      snippet: "plan the release",
      highlights: [[9, 16]],
      matches: 1,
    });
  });

  it("prints no character that could act on a terminal, and no secret", async (test) => {
    const id = sessionId(1);
    const time = "2026-11-21T00:00:00.000Z";
    const text = "needle \u001b]0;title\u0007 \u202e token=abcdef123456";
    const home = temporaryTree(
      test,
      homeTree({ "agent:main:x": row(id) }, { [`${id}.jsonl`]: lines(header(id, time), message("user", text, time)) }),
    );
    const { out } = await search(home, ["NEEDLE"]);
    assert.match(out, /needle \\x1b\]0;title\\x07 \\u\{202e\} token=\[masked: secret\]/);
    assert.match((await search(home, ["NEEDLE", "--show-secrets"])).out, /token=abcdef123456/);
  });

  it("names transcripts that can't be read, for the text may stand there", async (test) => {
    const home = goodHome(test);
    const name = "agents/main/sessions/0f3a1b52-7c8d-4e9f-8a6b-5c4d3e2f1a00.jsonl";
    mkdirSync(join(home, name));
    assert.match((await search(home, ["no such words"])).out, /^Not searched: .*0f3a1b52\S+ {2}a folder, /m);
    const { out } = await search(home, ["no such words", "--json"]);
    const { unsearched } = JSON.parse(out) as { unsearched: { home: string; path: string }[] };
    assert.deepEqual(
      unsearched.map((one) => [one.home, one.path]),
      [[home, name]],
    );
  });

  it("refuses an empty text, one without end and a limit that is none", async (test) => {
    const home = goodHome(test);
    assert.equal((await search(home, [" "])).code, 2);
    assert.equal((await search(home, ["x", "--limit", "0"])).code, 2);
    const long = await search(home, ["a".repeat(100_000)]);
    assert.deepEqual([long.code, long.err.length < 200], [2, true]);
    assert.equal((await search(home, ["a".repeat(8000)])).code, 0);
    assert.equal((await search(home, [])).code, 2);
  });

  it("says that a home is not there, and that it was stopped", async (test) => {
    const home = goodHome(test);
    const missing = await search(home, ["x", "--home", "/nowhere/at/all"], { engine: () => engineOn([]) });
    assert.equal(missing.code, 3);
    assert.match(missing.err, /Can't read \/nowhere\/at\/all: does not exist/);
    assert.equal((await search(home, ["x"], { signal: AbortSignal.abort() })).code, 130);
  });
});
