import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";

import { rgPath } from "@vscode/ripgrep";

import type { TranscriptPage } from "../../../../src/agents/program.ts";
import { readEntry } from "../../../../src/agents/transcripts.ts";
import type { Engine } from "../../../../src/engine/engine.ts";
import { readableTexts } from "../../../../src/engine/search/readable-texts.ts";
import { type SearchEvent, type SearchRequest, searchSessions } from "../../../../src/engine/search/search.ts";
import { snippetOf } from "../../../../src/engine/search/snippet.ts";
import { searchedText } from "../../../../src/formats/searched-text.ts";
import type { FragmentPlace } from "../../../../src/model/fragment.ts";
import type { SearchEnd, SearchHit } from "../../../../src/model/search.ts";
import type { Snapshot } from "../../../../src/model/snapshot.ts";
import { DatabaseHome } from "../../../support/database-home.ts";
import { engineOn } from "../../../support/engines.ts";
import { conversation, goodHome, IDS, MAIN } from "../../../support/good-home.ts";
import {
  DATABASE_HOMES,
  fixtureHome,
  FIXTURE_HOMES,
  header,
  lines,
  message,
  temporaryTree,
  treeState,
} from "../../../support/homes.ts";
import { homeTree, row, sessionId } from "../../../support/openclaw.ts";
import { Random } from "../../../support/random.ts";
import { escapedJson, hostileText, inOtherCase } from "../../../support/searched-lines.ts";
import { NOW } from "../../../support/world.ts";

/** With ripgrep also where there is little to read. */
const WITH_RIPGREP = { ripgrep: rgPath, ripgrepFromBytes: 0 } as const;

async function scanned(...paths: string[]): Promise<{ engine: Engine; snapshot: Snapshot }> {
  const engine = engineOn(paths);
  return { engine, snapshot: await engine.scan() };
}

async function collected(search: AsyncIterable<SearchEvent>): Promise<SearchEvent[]> {
  const all: SearchEvent[] = [];
  for await (const event of search) all.push(event);
  return all;
}

async function events(path: string, request: SearchRequest): Promise<SearchEvent[]> {
  const { engine, snapshot } = await scanned(path);
  return collected(searchSessions(engine, snapshot, request));
}

/** What was found, without how far the search had come in between. */
const findings = (all: readonly SearchEvent[]): readonly unknown[] =>
  all
    .filter(({ what }) => what !== "progress")
    .map((event) => (event.what === "session" ? event.session.session.id : event));

const hitsIn = (all: readonly SearchEvent[]): SearchHit[] =>
  all.flatMap((event) => (event.what === "hit" ? [event.hit] : []));

function endOf(all: readonly SearchEvent[]): SearchEnd {
  const last = all.at(-1);
  assert.ok(last?.what === "end");
  return last.end;
}

/** Kind of archive or "live", line, role, part and snippet of each hit. */
const shown = (hits: readonly SearchHit[]): unknown[] =>
  hits.map(({ fragment, line, part, role, snippet }) => [
    /\.jsonl(?:\.(\w+))?/.exec(fragment.path)?.[1] ?? "live",
    line,
    role,
    part,
    snippet.text,
  ]);

describe("a search", () => {
  it("finds a text in live transcripts and archives, session by session, with its place", async (test) => {
    const all = await events(goodHome(test), { text: "THE release" });
    const sessions = all.flatMap((event) => (event.what === "session" ? [event.session.session.key] : []));
    assert.deepEqual(sessions, ["agent:main:main"]);
    assert.deepEqual(shown(hitsIn(all)), [
      ["reset", 2, "user", "text", "plan the release"],
      ["reset", 2, "user", "text", "go on with the release"],
      ["live", 2, "user", "text", "what about the release"],
    ]);
    assert.deepEqual(hitsIn(all)[0]?.snippet.matches, [{ start: 5, end: 16 }]);
    assert.deepEqual(hitsIn(all)[0]?.entryId, "0a1b2c3d");
    const { hits, repeated, searched, sessionsWithHits, truncated } = endOf(all);
    assert.deepEqual(
      { hits, repeated, sessionsWithHits, truncated },
      { hits: 3, repeated: 0, sessionsWithHits: 1, truncated: false },
    );
    assert.equal(searched.fragments, searched.ofFragments);
    assert.equal(searched.bytes, searched.ofBytes);
  });

  it("finds sessions by what they are called", async (test) => {
    const home = goodHome(test);
    const named = async (text: string): Promise<unknown[]> =>
      (await events(home, { text })).flatMap((event) =>
        event.what === "session" ? [event.session.session.key] : event.what === "name" ? [event.name.part] : [],
      );
    assert.deepEqual(await named("agent:OPS:main"), ["agent:ops:main", "key"]);
    assert.deepEqual(await named(IDS.second), ["agent:main:main", "id"]);
  });

  it("tells a line that a checkpoint repeats once, and what only the checkpoint holds", async (test) => {
    const home = goodHome(test);
    const checkpoint = join(home, MAIN, `${IDS.compacted}.checkpoint.00000000-0000-4000-8000-000000000017.jsonl`);
    appendFileSync(checkpoint, lines(message("user", "a long talk that was cut away", new Date(NOW).toISOString())));
    const all = await events(home, { text: "a long talk" });
    assert.deepEqual(
      hitsIn(all).map(({ snippet }) => snippet.text),
      ["a long talk", "a long talk that was cut away"],
    );
    assert.equal(endOf(all).repeated, 1);
  });

  it("finds what stands in databases, in archives inside them, and in packed archives", async (test) => {
    const home = new DatabaseHome(test);
    const live = home.database.session("live");
    live.user("one needle");
    live.reset();
    live.user("another needle");
    live.assistant(`large ${"x".repeat(4000)} needle`);
    const gone = home.database.session("gone");
    gone.user("needle in an archive");
    gone.delete({ sessionsFolder: home.sessionsFolder });
    const kept = home.database.session("kept");
    kept.user("needle in the database's archive");
    kept.delete({});
    const hits = hitsIn(await events(home.path, { text: "NEEDLE" }));
    const told = hits.map(({ fragment, line, seq, snippet }) => [
      fragment.archive === undefined ? (fragment.window === undefined ? "file" : "window") : "archive",
      line,
      seq,
      snippet.text.slice(-20),
    ]);
    assert.deepEqual(
      told.toSorted((a, b) => (String(a) < String(b) ? -1 : 1)),
      [
        ["archive", null, 1, "e database's archive"],
        ["file", 2, 1, "needle in an archive"],
        ["window", null, 1, "one needle"],
        ["window", null, 3, "another needle"],
        ["window", null, 4, "xxxxxxxxxxxxx needle"],
      ],
    );
  });

  it("finds the same in a database, in which order ever its sessions and windows stand", async (test) => {
    const home = new DatabaseHome(test);
    const sessions = Array.from({ length: 9 }, (_, number) => home.database.session(`s${number}`));
    // More than is read at once, in windows that lie among those of others.
    for (let round = 0; round < 4; round += 1)
      for (const [number, session] of sessions.entries()) {
        session.user(`needle ${number} ${round} ${"x".repeat(number === 3 ? 700_000 : 40)}`);
        if (number % 2 === 0) session.reset();
      }
    const { engine, snapshot } = await scanned(home.path);
    const all = await collected(searchSessions(engine, snapshot, { text: "NEEDLE" }));
    assert.equal(hitsIn(all).length, 36);
    assert.equal(await linesThatHold(engine, snapshot, "NEEDLE"), 36);
    const windows = hitsIn(all).map(({ fragment, seq }) => [fragment.window?.sessionId, seq]);
    const inOrder = Map.groupBy(windows, ([id]) => id);
    for (const own of inOrder.values())
      assert.deepEqual(
        own.map(([, seq]) => seq),
        own.map(([, seq]) => seq).toSorted((a, b) => Number(a) - Number(b)),
      );
    const only = await collected(
      searchSessions(engine, snapshot, { text: "NEEDLE", accepts: ({ session }) => session.key === sessions[5]?.key }),
    );
    assert.equal(hitsIn(only).length, 4);
  });

  it("goes on behind a window that can't be read", async (test) => {
    const home = new DatabaseHome(test);
    for (const name of ["a", "b", "c"]) home.database.session(name).user("needle");
    const { engine, snapshot } = await scanned(home.path);
    home.database.sql.exec("ALTER TABLE transcript_events RENAME TO gone");
    const all = await collected(searchSessions(engine, snapshot, { text: "needle" }));
    assert.deepEqual(
      all.map(({ what }) => what).filter((what) => what !== "progress"),
      ["unsearched", "unsearched", "unsearched", "end"],
    );
  });

  it("reads tool calls, results, thinking, errors, summaries and torn lines, and no bookkeeping", async (test) => {
    const id = sessionId(1);
    const at = "2026-11-21T00:00:01.000Z";
    const entry = (given: Record<string, unknown>): unknown => ({ id: "1", parentId: null, timestamp: at, ...given });
    const said = (given: Record<string, unknown>): unknown => entry({ type: "message", message: given });
    const transcript = lines(
      header(id, at, { cwd: "/needle" }),
      said({ role: "assistant", content: [{ type: "thinking", thinking: "needle 1" }] }),
      said({
        role: "assistant",
        content: [{ type: "toolCall", id: "c", name: "exec", arguments: { deep: [{ command: "echo needle 2" }] } }],
      }),
      said({ role: "toolResult", toolCallId: "c", content: [{ type: "text", text: "needle 3" }] }),
      said({ role: "assistant", content: [], stopReason: "error", errorMessage: "needle 4" }),
      entry({ type: "compaction", summary: "needle 5", firstKeptEntryId: "1" }),
      entry({ type: "custom", customType: "openclaw:prompt-error", data: { error: "needle 6" } }),
      entry({ type: "custom_message", customType: "openclaw.runtime-context", content: "needle 7" }),
      entry({ type: "custom", customType: "needle", data: { needle: "needle" } }),
      message("user", "System: [2026-11-21 00:00:00 UTC] Exec completed (needle-8, code 0)\n\ngo on", at),
    );
    const home = temporaryTree(
      test,
      homeTree({ "agent:main:x": row(id) }, { [`${id}.jsonl`]: `${transcript}{"torn needle 9` }),
    );
    const hits = hitsIn(await events(home, { text: "needle" }));
    assert.deepEqual(
      hits.map(({ line, part, matches }) => [line, part, matches]),
      [
        [2, "thinking", 1],
        [3, "tool-call", 1],
        [4, "tool-result", 1],
        [5, "error", 1],
        [6, "summary", 1],
        [7, "error", 1],
        [8, "context", 1],
        [10, "notice", 1],
        [11, "raw", 1],
      ],
    );
  });

  it("finds who sent a message, where nothing of the message itself holds the text", async (test) => {
    const id = sessionId(1);
    const at = "2026-11-21T00:00:01.000Z";
    const metadata = 'Sender (untrusted metadata):\n```json\n{"label":"Ann Needle","id":"4711"}\n```\n\n';
    const transcript = lines(header(id, at), message("user", `${metadata}[Sat 2026-11-21 00:48 UTC] hello`, at));
    const home = temporaryTree(test, homeTree({ "agent:main:x": row(id) }, { [`${id}.jsonl`]: transcript }));
    const partsFor = async (text: string): Promise<unknown[]> =>
      hitsIn(await events(home, { text })).map(({ matches, part }) => [part, matches]);
    assert.deepEqual(await partsFor("needle"), [["wrapper", 1]]);
    assert.deepEqual(await partsFor("00:48 UTC"), [["wrapper", 1]]);
    assert.deepEqual(await partsFor("hello"), [["text", 1]]);
  });

  it("ends at its limit and says so, wherever the last hit stands", async (test) => {
    const home = goodHome(test);
    for (const limit of [1, 2]) {
      const all = await events(home, { text: "the release", limit });
      assert.equal(hitsIn(all).length, limit);
      assert.equal(endOf(all).truncated, true);
    }
    assert.equal(endOf(await events(home, { text: "the release", limit: 3 })).truncated, false);
  });

  it("looks only at the sessions that are asked for", async (test) => {
    const all = await events(goodHome(test), {
      text: "done",
      accepts: ({ session }) => session.key === "agent:ops:main",
    });
    assert.equal(endOf(all).searched.ofFragments, 2);
    assert.equal(hitsIn(all).length, 1);
  });

  it("masks secrets in what it shows, also where the text is a part of one", async (test) => {
    const id = sessionId(1);
    const secret = `ghp_${"a1B2".repeat(10)}`;
    const told = `use ${secret} for the needle`;
    const transcript = lines(header(id, "2026-11-21T00:00:00.000Z"), message("user", told, "2026-11-21T00:00:01.000Z"));
    const home = temporaryTree(test, homeTree({ "agent:main:x": row(id) }, { [`${id}.jsonl`]: transcript }));
    const masked = "use [masked: GitHub token] for the needle";
    const snippetFor = async (text: string, showSecrets = false): Promise<unknown> =>
      hitsIn(await events(home, { text, showSecrets }))[0]?.snippet;
    assert.deepEqual(await snippetFor("needle"), { text: masked, matches: [{ start: 35, end: 41 }] });
    assert.deepEqual(await snippetFor("a1B2a1B2"), { text: masked, matches: [] });
    const start = told.indexOf("needle");
    assert.deepEqual(await snippetFor("needle", true), { text: told, matches: [{ start, end: start + 6 }] });
  });

  it("masks a secret that begins or ends far from the match", () => {
    const key = `-----BEGIN PRIVATE KEY-----\n${"MIIabc/needle/9\n".repeat(300)}-----END PRIVATE KEY-----`;
    const token = `sk-ant-${"a1B2-needle-".repeat(400)}`;
    const around = "hay ".repeat(2000);
    const searched = searchedText("needle");
    for (const secret of [key, token, `password=${"x".repeat(200)}needle`])
      for (const match of searched.matchesIn(`${around}${secret} ${around}`).slice(0, 200)) {
        const { matches, text } = snippetOf(searched, `${around}${secret} ${around}`, match, true);
        assert.ok(matches.length === 0 && !/needle|abc|a1B2|xxx/.test(text), text);
        assert.match(text, /\[masked: |hay/);
      }
  });

  it("names what it could not search, and goes on", async (test) => {
    const home = goodHome(test);
    const { engine, snapshot } = await scanned(home);
    const outside = temporaryTree(test, { secret: "the release" });
    const transcript = join(home, MAIN, `${IDS.main}.jsonl`);
    const makePipe = (): unknown => execFileSync("mkfifo", [transcript]);
    for (const [replace, request] of [
      [() => symlinkSync(join(outside, "secret"), transcript), {}],
      [() => symlinkSync(join(outside, "secret"), transcript), WITH_RIPGREP],
      [() => mkdirSync(transcript), WITH_RIPGREP],
      [makePipe, {}],
      [makePipe, WITH_RIPGREP],
      [() => undefined, WITH_RIPGREP],
    ] as const) {
      rmSync(transcript, { recursive: true, force: true });
      replace();
      const all = await collected(searchSessions(engine, snapshot, { text: "the release", ...request }));
      assert.equal(hitsIn(all).length, 2);
      const unsearched = all.flatMap((event) => (event.what === "unsearched" ? [event.unsearched] : []));
      assert.deepEqual(
        unsearched.map(({ path: name }) => name),
        [`${MAIN}/${IDS.main}.jsonl`],
      );
    }
  });

  it("ends when nobody wants it any more", async (test) => {
    const { engine, snapshot } = await scanned(goodHome(test));
    const controller = new AbortController();
    const reason = new Error("enough");
    await assert.rejects(async () => {
      for await (const { what } of searchSessions(engine, snapshot, { text: "e", signal: controller.signal }))
        if (what === "hit") controller.abort(reason);
    }, reason);
  });

  it("changes nothing in a home", async (test) => {
    const home = goodHome(test);
    const before = treeState(home);
    await events(home, { text: "e" });
    await events(home, { text: "e", ...WITH_RIPGREP });
    assert.deepEqual(treeState(home), before);
  });
});

/** Transcripts with anything in them that a disk may hold. */
function hostileTranscript(random: Random, id: string): Buffer {
  const parts: Buffer[] = [Buffer.from(lines(header(id, "2026-11-21T00:00:00.000Z")))];
  const count = 1 + random.below(40);
  for (let index = 0; index < count; index += 1) {
    const text = hostileText(random);
    const value = random.chance(0.3)
      ? message("assistant", "", "2026-11-21T00:00:01.000Z", {
          content: [{ type: "toolCall", id: "c", name: "exec", arguments: { [text]: { list: [text, 12.5, null] } } }],
        })
      : message("user", text, "2026-11-21T00:00:01.000Z");
    const line = Buffer.from(escapedJson(random, value));
    const damage = random.below(12);
    if (damage === 0) parts.push(line.subarray(0, random.below(line.length)));
    else if (damage === 1) parts.push(Buffer.concat([line, line]));
    else if (damage === 2) parts.push(Buffer.concat([Buffer.alloc(9), line]));
    else if (damage === 3) parts.push(Buffer.concat([line, Buffer.from([0xff, 0xc3, 0x28])]));
    else if (damage === 4) parts.push(Buffer.alloc(0));
    else parts.push(line);
    parts.push(Buffer.from(random.chance(0.2) ? "\r\n" : "\n"));
  }
  if (random.chance(0.3)) parts.push(Buffer.from('{"type":"message","message":{"role":"user","content":"torn Needle'));
  const all = Buffer.concat(parts);
  if (random.chance(0.1)) return Buffer.from(`\ufeff${all.toString("utf8")}`, "utf16le");
  return random.chance(0.1) ? Buffer.concat([Buffer.from("\ufeff"), all]) : all;
}

function hostileHome(test: TestContext, random: Random): string {
  const ids = Array.from({ length: 12 }, (_, index) => sessionId(index + 1));
  const rows = Object.fromEntries(
    ids.slice(0, 6).map((id, index) => [`agent:main:${index}`, row(id, { updatedAt: index })]),
  );
  const files = ids.map((id, index) => [
    index % 3 === 2 ? `${id}.jsonl.reset.2026-11-21T00-00-0${index % 10}.000Z` : `${id}.jsonl`,
    hostileTranscript(random, id),
  ]);
  return temporaryTree(test, homeTree(rows, Object.fromEntries(files) as Record<string, Buffer>));
}

describe("what is found", () => {
  it("is the same with ripgrep and without, and what reading every line gives", async (test) => {
    const random = new Random(5);
    for (let round = 0; round < 6; round += 1) {
      const { engine, snapshot } = await scanned(hostileHome(test, random));
      for (let asked = 0; asked < 12; asked += 1) {
        const text = inOtherCase(
          random,
          random.chance(0.3) ? random.pick(["needle", "e", "12.5", "\\u"]) : hostileText(random),
        );
        const limit = random.chance(0.3) ? 1 + random.below(20) : 10_000;
        const search = (given: Partial<SearchRequest>): Promise<SearchEvent[]> =>
          collected(searchSessions(engine, snapshot, { text, limit, ...given }));
        const ours = await search({});
        assert.deepEqual(findings(await search(WITH_RIPGREP)), findings(ours), JSON.stringify(text));
        if (limit === 10_000)
          assert.equal(hitsIn(ours).length, await linesThatHold(engine, snapshot, text), JSON.stringify(text));
      }
    }
  });

  it("is the same on homes that real releases wrote", async (test) => {
    for (const name of FIXTURE_HOMES) {
      const { engine, snapshot } = await scanned(fixtureHome(test, name));
      for (const text of ["exec completed", "[[", "\n", '"', "untrusted metadata", "é"]) {
        const ours = await collected(searchSessions(engine, snapshot, { text, limit: 10_000 }));
        const theirs = await collected(searchSessions(engine, snapshot, { text, limit: 10_000, ...WITH_RIPGREP }));
        assert.deepEqual(findings(theirs), findings(ours), `${name} ${text}`);
        assert.equal(
          hitsIn(ours).length + endOf(ours).repeated,
          await linesThatHold(engine, snapshot, text),
          `${name} ${text}`,
        );
      }
    }
  });

  it("can be seen in its line, whatever part of an entry it is", async (test) => {
    const random = new Random(9);
    let looked = 0;
    for (const name of [...FIXTURE_HOMES, ...DATABASE_HOMES]) {
      const { engine, snapshot } = await scanned(fixtureHome(test, name));
      const [home] = snapshot.homes;
      const fragments = home?.agents.flatMap(({ reading }) => reading.fragments) ?? [];
      for (const fragment of fragments)
        for (const line of await linesIn(engine, home?.home.path ?? "", fragment))
          for (const text of textsOf(line).filter((one) => one !== "")) {
            const from = random.below(text.length);
            const part = text.slice(from, from + 1 + random.below(30));
            assert.ok(searchedText(part).mayStandIn(line), `${JSON.stringify(part)} in ${line}`);
            looked += 1;
          }
    }
    assert.ok(looked > 1000);
  });

  it("is the same when ripgrep breaks down", async (test) => {
    const folder = temporaryTree(test, {});
    const broken = { none: "#!/bin/sh\nexit 2\n", killed: "#!/bin/sh\nkill -9 $$\n", words: "#!/bin/sh\necho hello\n" };
    const { engine, snapshot } = await scanned(goodHome(test));
    const search = (given: Partial<SearchRequest>): Promise<SearchEvent[]> =>
      collected(searchSessions(engine, snapshot, { text: "done", ...given }));
    const ours = findings(await search({}));
    for (const [name, script] of Object.entries(broken)) {
      writeFileSync(join(folder, name), script, { mode: 0o755 });
      const theirs = findings(await search({ ripgrep: join(folder, name), ripgrepFromBytes: 0 }));
      assert.deepEqual(theirs, ours, name);
    }
    assert.deepEqual(findings(await search({ ripgrep: join(folder, "not-there"), ripgrepFromBytes: 0 })), ours);
  });

  it("is read from the file as it is now, when it changed after ripgrep looked", async (test) => {
    const home = goodHome(test);
    const path = join(home, MAIN, `${IDS.main}.jsonl`);
    const rewriting = join(temporaryTree(test, {}), "rg");
    const changed = conversation(IDS.main, NOW, "a release of another length, and the release");
    // It names places in the file as it was; then the file is another one.
    writeFileSync(rewriting, `#!/bin/sh\n"${rgPath}" "$@"\ncp "$0.new" "${path}"\n`, { mode: 0o755 });
    writeFileSync(`${rewriting}.new`, changed);
    const { engine, snapshot } = await scanned(home);
    const request = { text: "release", ripgrep: rewriting, ripgrepFromBytes: 0 };
    const hits = hitsIn(await collected(searchSessions(engine, snapshot, request)));
    assert.deepEqual(hits.at(-1)?.snippet.text, "a release of another length, and the release");
    assert.equal(hits.length, 3);
  });
});

/** Counted by reading every line of every fragment. */
async function linesThatHold(engine: Engine, snapshot: Snapshot, text: string): Promise<number> {
  const searched = searchedText(text);
  const holds = (line: string): boolean => textsOf(line).some((one) => searched.matchesIn(one).length > 0);
  const all = snapshot.homes.flatMap(({ agents, home }) =>
    agents.flatMap(({ reading }) => reading.fragments.map((fragment) => ({ home: home.path, fragment }))),
  );
  let count = 0;
  for (const { fragment, home } of all)
    for (const line of await linesIn(engine, home, fragment)) if (holds(line)) count += 1;
  return count;
}

function textsOf(line: string): string[] {
  const entry = readEntry("openclaw", line);
  return [...Array.from(readableTexts(entry, line), ({ text }) => text), entry.wrapped ?? ""];
}

async function linesIn(engine: Engine, home: string, fragment: FragmentPlace): Promise<string[]> {
  const texts: string[] = [];
  for (let from: number | null = 0; from !== null;) {
    const page: TranscriptPage = await engine.readTranscript(home, fragment, { from });
    texts.push(...page.events.map(({ text }) => text));
    from = page.next;
  }
  return texts;
}
