// Findings as diagnostics: pushed without open files, only what changed, at exact places where the text is at hand.
import assert from "node:assert/strict";
import path from "node:path";
import { after, suite, test } from "node:test";

import { TextDocument } from "vscode-languageserver-textdocument";

import type { Finding } from "../../../src/model/finding.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { MOST_DIAGNOSTICS } from "../../../src/server/diagnostics.ts";
import { lineOnDisk } from "../../../src/server/line-on-disk.ts";
import { rangeOf } from "../../../src/server/ranges.ts";
import { temporaryTree } from "../../support/homes.ts";
import type { ClientOptions } from "../../support/lsp-client.ts";
import { FULL } from "../../support/lsp-client.ts";
import { serverWorld } from "../../support/server-world.ts";
import type { ServerWorld } from "../../support/server-world.ts";
import { aFinding, aHome, aSnapshot, SECOND_ID } from "../../support/snapshots.ts";

const LOCK = `file:///home/ann/.openclaw/agents/main/sessions/${SECOND_ID}.jsonl.lock`;
const STORE = "file:///home/ann/.openclaw/agents/main/sessions/sessions.json";

const withFindings = (findings: readonly Finding[], revision = 1): Snapshot =>
  aSnapshot([aHome({ findings })], { revision });

async function opened(snapshot: Snapshot, options: ClientOptions = {}): Promise<ServerWorld> {
  const world = await serverWorld(snapshot, options);
  after(() => world.close());
  return world;
}

suite("diagnostics", () => {
  test("a plain client gets them by URI, without having opened anything", async () => {
    const { client } = await opened(
      withFindings([aFinding(), aFinding({ id: "2", severity: "info", code: "lock/unknown" })]),
    );
    await client.until(() => client.diagnostics.has(LOCK), "diagnostics");
    assert.deepEqual(
      client.diagnostics.get(LOCK)?.map((one) => [one.source, one.code, one.severity, one.message]),
      [
        ["Session Forensics", "lock/stale", 2, "The lock's process is dead, so the agent waits for nobody."],
        ["Session Forensics", "lock/unknown", 3, "The lock's process is dead, so the agent waits for nobody."],
      ],
    );
    assert.deepEqual(client.notices, []);
  });

  test("links and related places go to clients that show them", async () => {
    const finding = aFinding({ related: [{ path: "agents/main/sessions/copy.jsonl", label: "Its copy" }] });
    const options = { capabilities: FULL, initializationOptions: { documentation: "https://example.org/docs/" } };
    const { client } = await opened(withFindings([finding]), options);
    await client.until(() => client.diagnostics.has(LOCK), "diagnostics");
    const [diagnostic] = client.diagnostics.get(LOCK) ?? [];
    assert.equal(diagnostic?.codeDescription?.href, "https://example.org/docs/findings.md#lock-stale");
    assert.equal(diagnostic.relatedInformation?.[0]?.message, "Its copy");
    assert.match(diagnostic.relatedInformation[0].location.uri, /copy\.jsonl$/);
  });

  test("only what changed is sent, and what is gone is taken back", async () => {
    const stays = aFinding({ id: "s", path: "agents/main/sessions/sessions.json" });
    const { client, engine, watches } = await opened(withFindings([aFinding(), stays]));
    await client.until(() => client.diagnostics.size === 2, "diagnostics");
    const before = client.diagnostics.get(STORE);
    engine.next = withFindings([stays], 2);
    watches[0]?.tell(["/home/ann/.openclaw/agents/main/sessions/x"]);
    await client.until(() => !client.diagnostics.has(LOCK), "the lock's diagnostics taken back");
    // A second publication would have made a new list.
    assert.equal(client.diagnostics.get(STORE), before);
  });

  test("the worst come first where there are too many to send", async () => {
    const many = Array.from({ length: MOST_DIAGNOSTICS + 5 }, (_, index) =>
      aFinding({ id: `${index}`, severity: "info", path: `agents/main/sessions/${index}.jsonl` }),
    );
    const { client } = await opened(withFindings([...many, aFinding({ severity: "error" })]));
    await client.until(() => client.logs.some((one) => one.startsWith("6 findings are not shown")), "a log line");
    await client.until(() => client.diagnostics.size === MOST_DIAGNOSTICS, "all diagnostics");
    assert.ok(client.diagnostics.has(LOCK));
  });

  test("become exact when the document is opened", async () => {
    const range = { line: 2, offset: 7, bytes: 4 };
    const { client } = await opened(withFindings([aFinding({ path: "agents/main/sessions/sessions.json", range })]));
    await client.until(() => client.diagnostics.has(STORE), "diagnostics");
    assert.deepEqual(client.diagnostics.get(STORE)?.[0]?.range.start, { line: 1, character: 0 });
    await client.open(STORE, '{\n  é"abcd"\n}');
    await client.until(() => client.diagnostics.get(STORE)?.[0]?.range.start.character === 4, "an exact range");
    assert.deepEqual(client.diagnostics.get(STORE)?.[0]?.range.end, { line: 1, character: 8 });
  });
});

const placed = (text: string, line: number, offset: number, bytes: number) => {
  const document = TextDocument.create("file:///x", "json", 1, text);
  const { start, end } = rangeOf({ line, offset, bytes }, document, () => null);
  return [start.line, start.character, end.line, end.character];
};

suite("ranges", () => {
  const END = 2 ** 31 - 1;

  test("count UTF-16 units, not bytes", () => {
    assert.deepEqual(placed("é😀x", 1, 6, 1), [0, 3, 0, 4]);
    assert.deepEqual(placed("a\né😀x", 2, 4, 4), [1, 1, 1, 3]);
    assert.deepEqual(placed("ab\r\ncd", 2, 5, 99), [1, 1, 1, 2]);
  });

  test("an empty place at the end is made visible", () => {
    assert.deepEqual(placed("abc", 1, 3, 0), [0, 2, 0, 3]);
    assert.deepEqual(placed("", 1, 0, 0), [0, 0, 0, 0]);
  });

  test("the line is looked up where only the offset is known", () => {
    const range = { line: null, offset: 7, bytes: 1 };
    assert.equal(rangeOf(range, undefined, (offset) => offset).start.line, 6);
    assert.equal(rangeOf(range, undefined, () => null).start.line, 0);
  });

  test("on disk, a line is found at its offset", (context) => {
    const folder = temporaryTree(context, { a: "a\nbc\n\nd", big: `${"x".repeat(2_500_000)}\n`.repeat(2) });
    const lineAt = (name: string, offset: number) => lineOnDisk(path.join(folder, name), offset);
    assert.deepEqual(
      [0, 1, 2, 4, 5, 6, 99].map((offset) => lineAt("a", offset)),
      [1, 1, 2, 2, 3, 4, 4],
    );
    assert.deepEqual(
      [2_500_000, 2_500_001, 5_000_002].map((offset) => lineAt("big", offset)),
      [1, 2, 3],
    );
    assert.equal(lineAt("missing", 3), null);
    assert.equal(lineAt("a", 2 ** 40), null);
  });

  test("a text that no longer fits gives whole lines", () => {
    assert.deepEqual(placed("a\nb", 2, 99, 1), [1, 0, 1, END]);
    assert.deepEqual(placed("a\nb", 2, 0, 1), [1, 0, 1, END]);
    assert.deepEqual(placed("a", 9, 99, 1), [8, 0, 8, END]);
    assert.deepEqual(rangeOf(undefined, undefined, () => null).start, { line: 0, character: 0 });
  });
});
