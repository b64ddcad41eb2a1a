// A history as people read it: who spoke, where fragments meet, what is not shown, and nothing that acts on a terminal.
import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";

import { historyPage } from "../../../src/engine/history/document.ts";
import { historyText } from "../../../src/engine/present/history-text.ts";
import { plainText } from "../../../src/engine/present/lines.ts";
import { findSessions } from "../../../src/engine/query.ts";
import { engineOn } from "../../support/engines.ts";
import { fixtureHome, header, lines, message, temporaryTree } from "../../support/homes.ts";
import { homeTree, row, sessionId } from "../../support/openclaw.ts";

interface Given {
  readonly limit?: number;
  readonly archived?: boolean;
  readonly full?: boolean;
}

async function textOf(home: string, query: string, { archived = true, full = false, limit = 50 }: Given = {}) {
  const engine = engineOn([home]);
  const [hit] = findSessions(await engine.scan(), query, []);
  assert.ok(hit !== undefined);
  const request = { limit, archived, mostCharacters: 10_000, showSecrets: false, now: Date.parse("2026-11-22T00:00Z") };
  const page = await historyPage(engine, hit, request);
  return plainText([...historyText(hit, page, { full })]);
}

const AT = "2026-11-21T00:00:01.000Z";

function oneSession(t: TestContext, ...entries: unknown[]): string {
  const file = lines(header(sessionId(1), "2026-11-21T00:00:00.000Z"), ...entries);
  return temporaryTree(t, homeTree({ "agent:main:main": row(sessionId(1)) }, { [`${sessionId(1)}.jsonl`]: file }));
}

describe("a history to read", () => {
  it("shows where a reset lies, what ties the fragments, and the way of a background command", async (t) => {
    const text = await textOf(fixtureHome(t, "2026.3.24-shadow"), "agent:main:incident");
    assert.match(text, /^agent:main:incident\n2 fragments · agent main of /);
    assert.match(text, /──── Reset 2026-11-21 00:16:09 UTC ────\nFragment 2 of 2, live: /);
    assert.match(text, /continues the one before: derived/);
    assert.match(text, /→ exec \{"command":"sleep 14; echo build-finished-A"/);
    assert.match(text, /Its completion was told in line 9 of .*\.jsonl \(derived\)\./);
    assert.match(text, /Tells of grand-shore, started in line 7 of .*\.reset\..* \(derived\)\./);
  });

  it("names the command for older messages, and says when archives are left out", async (t) => {
    const home = fixtureHome(t, "2026.3.24-shadow");
    const page = await textOf(home, "agent:main:incident", { limit: 2 });
    assert.match(page, /Older messages: session-forensics history agent:main:incident --home \S+ --before [\w-]+/);
    const current = await textOf(home, "agent:main:incident", { archived: false });
    assert.match(current, /Messages of archives are left out/);
    assert.doesNotMatch(current, /Start the build/);
  });

  it("shows the first lines of a tool's answer, or all of it", async (t) => {
    const long = Array.from({ length: 40 }, (_, index) => `line ${index}`).join("\n");
    const home = oneSession(t, message("toolResult", long, AT, { toolName: "exec", toolCallId: "a" }));
    const short = await textOf(home, "agent:main:main");
    assert.match(short, /line 11\n {2}… 28 more lines \(--full shows them\)/);
    assert.match(await textOf(home, "agent:main:main", { full: true }), /line 39/);
  });

  it("shows errors, compactions and damaged lines as what they are", async (t) => {
    const home = oneSession(
      t,
      { type: "compaction", id: "c", timestamp: AT, summary: "so far" },
      message("assistant", "", AT, { stopReason: "error", errorMessage: "400 bad request" }),
      { type: "custom", customType: "openclaw:prompt-error", data: { error: "aborted" }, timestamp: AT },
    );
    const text = await textOf(home, "agent:main:main");
    assert.match(text, /Compaction: what was before, summed up .*\n {2}so far/);
    assert.match(text, /Error: 400 bad request/);
    assert.match(text, /The prompt failed .*\n {2}aborted/);
  });

  it("lets nothing of a transcript act on the terminal", async (t) => {
    const hostile = "a\u001b[2Jb\u202ec\r\nd\te\u0007";
    const home = oneSession(t, message("user", hostile, AT), message("assistant", hostile, AT));
    const text = await textOf(home, "agent:main:main");
    assert.match(text, /a\\x1b\[2Jb\\u\{202e\}c\n {2}d {4}e\\x07/);
    for (const character of ["\u001b", "\u202e", "\u0007", "\r", "\t"]) assert.ok(!text.includes(character));
  });

  it("of nothing says so", async (t) => {
    assert.match(await textOf(oneSession(t), "agent:main:main"), /No messages\./);
  });
});
