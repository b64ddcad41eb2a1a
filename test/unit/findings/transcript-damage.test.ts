// A good transcript, one damage, and exactly the finding that tells of it, at exactly its bytes.
import assert from "node:assert/strict";
import { readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";
import { zstdCompressSync } from "node:zlib";

import { openclaw } from "../../../src/agents/openclaw/index.ts";
import { DAMAGE_KINDS } from "../../../src/checks/transcript/kinds.ts";
import { createEngine } from "../../../src/engine/create-engine.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import type { Finding } from "../../../src/model/finding.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { DatabaseHome } from "../../support/database-home.ts";
import { goodLines, TRANSCRIPT_DAMAGES } from "../../support/damaged-transcripts.ts";
import { GATEWAY, goodHome, IDS, MAIN } from "../../support/good-home.ts";
import { DATABASE_HOMES, FIXTURE_HOMES, fixtureHome, treeState } from "../../support/homes.ts";
import { uuid } from "../../support/model.ts";
import { NOW, only, processes, world } from "../../support/world.ts";

function engineFor(home: string, options: { readonly memoFolder?: string } = {}): Engine {
  return createEngine({
    programs: [openclaw],
    world: world({ processes: processes([GATEWAY]), platform: "darwin" }),
    given: only(home),
    settings: { locksWarnAfterSeconds: 60 },
    memoFolder: options.memoFolder ?? null,
    log: () => {},
  });
}

const findingsOf = (snapshot: Snapshot): readonly Finding[] => snapshot.homes.flatMap(({ findings }) => findings);

const FILE = `${MAIN}/${IDS.subagent}.jsonl`;

/** A good home whose transcript of the subagent holds these bytes. */
function homeWith(context: Pick<TestContext, "after">, bytes: Buffer, path = FILE): string {
  const home = goodHome(context);
  writeFileSync(join(home, path), bytes);
  utimesSync(join(home, path), NOW / 1000 - 600, NOW / 1000 - 600);
  return home;
}

const good = (): Buffer =>
  Buffer.from(
    goodLines(IDS.subagent)
      .map((line) => `${line}\n`)
      .join(""),
  );

describe("one damage, one finding, at its bytes", () => {
  for (const { act, code, name, severity } of TRANSCRIPT_DAMAGES) {
    test(`${code}: ${name}`, async (context) => {
      const damaged = act(goodLines(IDS.subagent));
      const home = homeWith(context, damaged.bytes);
      const before = treeState(home);
      const { read, snapshot } = await engineFor(home).deepCheck({});
      const found = findingsOf(snapshot);
      assert.deepEqual(
        found.map((one) => [one.severity, one.code, one.path, one.range?.line]),
        [[severity, code, FILE, damaged.line]],
        found.map(({ message }) => message).join("\n"),
      );
      const { bytes = -1, offset = -1 } = found[0]?.range ?? {};
      assert.equal(damaged.bytes.toString("utf8", offset, offset + bytes), damaged.found);
      assert.deepEqual(found[0]?.damage?.code, code);
      assert.deepEqual(read.failed, []);
      assert.deepEqual(treeState(home), before);
    });
  }

  test("every code has a damage", () => {
    const shown = new Set<string>(TRANSCRIPT_DAMAGES.map(({ code }) => code));
    assert.deepEqual(
      Object.keys(DAMAGE_KINDS).filter((code) => !shown.has(code)),
      [],
    );
  });
});

describe("a good transcript", () => {
  test("has no finding, and is counted", async (context) => {
    const home = homeWith(context, good());
    const { read, snapshot } = await engineFor(home).deepCheck({});
    assert.deepEqual(findingsOf(snapshot), []);
    assert.equal(read.transcripts, snapshot.checked.fragments);
    assert.ok(read.bytes > good().length && read.lines > 12);
    assert.deepEqual([read.known, read.failed, read.notFollowed], [0, [], []]);
  });

  test("with everything that is no damage has none", async (context) => {
    const lines = goodLines(IDS.subagent);
    lines.splice(3, 0, "", "  ");
    const bytes = Buffer.from(lines.join("\r\n"));
    const { snapshot } = await engineFor(homeWith(context, bytes)).deepCheck({});
    assert.deepEqual(findingsOf(snapshot), []);
  });

  test("may have words of the gateway between a call and its result, and end in the middle of it", async (context) => {
    const lines = goodLines(IDS.main);
    const aside = lines[6]!.replace('"provider":"p","model":"m"', '"provider":"openclaw","model":"gateway-injected"');
    lines.splice(
      10,
      0,
      aside.replace('"id":"a2"', '"id":"g1"').replace('"parentId":"r2"', '"parentId":"a3"').replace(":06.", ":09."),
    );
    lines[11] = lines[11]!.replace('"parentId":"a3"', '"parentId":"g1"');
    const bytes = (count: number): Buffer =>
      Buffer.from(
        lines
          .slice(0, count)
          .map((line) => `${line}\n`)
          .join(""),
      );
    const whole = await engineFor(homeWith(context, bytes(13), `${MAIN}/${IDS.main}.jsonl`)).deepCheck({});
    assert.deepEqual(findingsOf(whole.snapshot), []);
    const underWay = await engineFor(homeWith(context, bytes(11), `${MAIN}/${IDS.main}.jsonl`)).deepCheck({});
    assert.deepEqual(findingsOf(underWay.snapshot), [], "its lock is held");
    const given = bytes(11).toString().replaceAll(IDS.main, IDS.subagent);
    const { snapshot } = await engineFor(homeWith(context, Buffer.from(given))).deepCheck({});
    assert.deepEqual(
      findingsOf(snapshot).map(({ code, range }) => [code, range?.line]),
      [["transcript/unfinished-turn", 10]],
    );
  });

  for (const name of [...FIXTURE_HOMES, ...DATABASE_HOMES])
    test(`of a real release has no damage that is not true: ${name}`, async (context) => {
      const home = fixtureHome(context, name);
      const { read, snapshot } = await engineFor(home).deepCheck({});
      const deep = findingsOf(snapshot).filter(({ damage }) => damage !== undefined);
      const severe = deep.filter(({ severity }) => severity !== "info");
      // The abort of one turn left the next one without an answer, for good.
      const wedged = name === "2026.5.12-killed" ? ["transcript/unfinished-turn"] : [];
      assert.deepEqual(
        severe.map(({ code }) => code),
        wedged,
      );
      for (const { code } of deep) assert.match(code, /prompt-error|aborted-turn|unfinished-turn/);
      assert.deepEqual(read.failed, []);
    });
});

describe("transcripts that are no plain files", () => {
  const broken = TRANSCRIPT_DAMAGES.find(({ name }) => name === "a parent that is not there")!;

  test("a packed archive: the bytes are those of what it unpacks to", async (context) => {
    const damaged = broken.act(goodLines(IDS.deleted));
    const archive = `${MAIN}/${IDS.deleted}.jsonl.deleted.2026-11-20T02-00-00.000Z.${"0a".repeat(16)}.zst`;
    const home = homeWith(context, zstdCompressSync(damaged.bytes), archive);
    const { read, snapshot } = await engineFor(home).deepCheck({});
    assert.deepEqual(read.failed, []);
    const [found] = findingsOf(snapshot).filter(({ damage }) => damage !== undefined);
    assert.deepEqual(
      [found?.code, found?.severity, found?.path, found?.range?.line],
      ["transcript/broken-parent", "warning", archive, damaged.line],
    );
    const { bytes = -1, offset = -1 } = found?.range ?? {};
    assert.equal(damaged.bytes.toString("utf8", offset, offset + bytes), damaged.found);
  });

  test("windows of a database: ids are followed across resets, and each finding names its event", async (context) => {
    const home = new DatabaseHome(context);
    const session = home.database.session("main");
    session.user("first");
    session.assistant("done");
    session.reset();
    session.user("second");
    const last = session.assistant("done again");
    session.ended("done");
    const change = (seq: number, from: string, to: string): void =>
      void home.database.sql
        .prepare("UPDATE transcript_events SET event_json = replace(event_json, ?, ?) WHERE session_id = ? AND seq = ?")
        .run(from, to, session.id, seq);
    const codes = async (): Promise<unknown[]> => {
      const engine = createEngine({
        programs: [openclaw],
        world: world({ platform: "darwin" }),
        given: only(home.path),
        settings: { locksWarnAfterSeconds: 60 },
        memoFolder: null,
        log: () => {},
      });
      const found = findingsOf((await engine.deepCheck({})).snapshot).filter(({ damage }) => damage !== undefined);
      return found.map(({ code, event, range }) => [code, event?.seq, range?.offset]);
    };
    assert.deepEqual(await codes(), []);
    change(5, '"parentId":"', '"parentId":"x');
    const offset = `{"type":"message","id":"${last}","parentId":`.length;
    assert.deepEqual(await codes(), [["transcript/broken-parent", 5, offset]]);
    change(5, '"parentId":"x', '"parentId":"');
    change(1, '"first"', '"fi\trst"');
    assert.deepEqual(
      (await codes()).map((one) => (one as unknown[]).slice(0, 2)),
      [["transcript/control-character", 1]],
    );
    change(1, '{"type"', '"type"');
    assert.deepEqual(
      (await codes()).map((one) => (one as unknown[]).slice(0, 2)),
      [["transcript/bad-line", 1]],
    );
  });

  test("what goes away or can't be read is named, and the others are read", async (context) => {
    const home = homeWith(context, broken.act(goodLines(IDS.subagent)).bytes);
    const engine = engineFor(home);
    const { fragments } = (await engine.scan()).checked;
    const gone = join(home, MAIN, `${IDS.cron}.jsonl`);
    rmSync(gone);
    const { read, snapshot } = await engine.deepCheck({});
    assert.deepEqual(read.failed, [{ path: gone, reason: "not there (any more)" }]);
    assert.equal(read.transcripts, fragments - 1);
    assert.ok(findingsOf(snapshot).some(({ code }) => code === "transcript/broken-parent"));
  });
});

describe("what is known of the session", () => {
  const unfinished = TRANSCRIPT_DAMAGES.filter(({ code }) => code === "transcript/unfinished-turn");
  const codes = async (home: string): Promise<string[]> =>
    findingsOf((await engineFor(home).deepCheck({})).snapshot).map(({ code, severity }) => `${severity} ${code}`);

  for (const { act, name } of unfinished) {
    test(`${name}: not told while its lock is held`, async (context) => {
      const lines = goodLines(IDS.main);
      const home = homeWith(context, act(lines).bytes, `${MAIN}/${IDS.main}.jsonl`);
      assert.deepEqual(await codes(home), []);
    });

    test(`${name}: a note in an archive`, async (context) => {
      const archive = `${MAIN}/${IDS.deleted}.jsonl.deleted.2026-11-20T02-00-00.000Z`;
      const home = homeWith(context, act(goodLines(IDS.deleted)).bytes, archive);
      assert.deepEqual(await codes(home), ["info transcript/unfinished-turn"]);
    });
  }

  test("a copy made before a compaction is not judged by its end", async (context) => {
    const copy = `${MAIN}/${IDS.compacted}.checkpoint.${uuid(0x17)}.jsonl`;
    const home = homeWith(context, unfinished[0]!.act(goodLines(IDS.compacted)).bytes, copy);
    assert.deepEqual(await codes(home), []);
  });
});

describe("a deep check", () => {
  const broken = TRANSCRIPT_DAMAGES.find(({ name }) => name === "a parent that is not there")!;

  test("keeps the id of a finding when the transcript has grown, and does not read again what did not change", async (context) => {
    const { bytes } = broken.act(goodLines(IDS.subagent));
    const home = homeWith(context, bytes);
    const engine = engineFor(home);
    const first = await engine.deepCheck({});
    const again = await engine.deepCheck({});
    assert.equal(again.snapshot, first.snapshot);
    assert.equal(again.read.known, again.read.transcripts);
    writeFileSync(join(home, FILE), Buffer.concat([bytes, Buffer.from("\n")]));
    const changed = await engine.changed([join(home, FILE)]);
    assert.deepEqual(findingsOf(changed), [], "what was found in another state of the file is not said of this one");
    const third = await engine.deepCheck({});
    assert.equal(third.read.known, third.read.transcripts - 1);
    assert.deepEqual(
      findingsOf(third.snapshot).map(({ id }) => id),
      findingsOf(first.snapshot).map(({ id }) => id),
    );
  });

  test("keeps what it found across restarts", async (context) => {
    const home = homeWith(context, broken.act(goodLines(IDS.subagent)).bytes);
    const memoFolder = join(goodHome(context), "cache");
    const first = engineFor(home, { memoFolder });
    const { snapshot } = await first.deepCheck({});
    await first.close();
    const second = await engineFor(home, { memoFolder }).deepCheck({});
    assert.equal(second.read.known, second.read.transcripts);
    assert.deepEqual(findingsOf(second.snapshot), findingsOf(snapshot));
  });

  test("reads only what it is asked for", async (context) => {
    const home = homeWith(context, broken.act(goodLines(IDS.subagent)).bytes);
    const engine = engineFor(home);
    const one = await engine.deepCheck({ home, fragments: [{ path: `${MAIN}/${IDS.main}.jsonl` }] });
    assert.deepEqual([one.read.transcripts, findingsOf(one.snapshot)], [1, []]);
    const ops = await engine.deepCheck({ home, agent: "ops" });
    assert.deepEqual([ops.read.transcripts, findingsOf(ops.snapshot)], [2, []]);
    const elsewhere = await engine.deepCheck({ home: join(home, "elsewhere") });
    assert.equal(elsewhere.read.transcripts, 0);
  });

  test("can be stopped, and tells how far it is", async (context) => {
    const engine = engineFor(homeWith(context, good()));
    await engine.scan();
    const stop = new AbortController();
    const paths: string[] = [];
    const onProgress = ({ path }: { path: string }): void => {
      paths.push(path);
      if (paths.length === 3) stop.abort(new Error("enough"));
    };
    await assert.rejects(engine.deepCheck({ signal: stop.signal, onProgress }), /enough/);
    assert.ok(paths.length < 6);
  });

  test("reads only what was appended to a file that is followed, and the whole of one that was written over", async (context) => {
    const home = homeWith(context, good());
    const engine = engineFor(home);
    const path = join(home, FILE);
    const look = async (): Promise<[number, string[]]> => {
      let bytes = 0;
      await engine.changed([path]);
      const onProgress = (progress: { bytes: number }): void => void (bytes = Math.max(bytes, progress.bytes));
      const { snapshot } = await engine.deepCheck({ home, fragments: [{ path: FILE }], follow: true, onProgress });
      return [bytes, findingsOf(snapshot).map(({ code }) => code)];
    };
    await engine.scan();
    assert.deepEqual(await look(), [good().length, []]);
    const more = Buffer.from(
      `${broken.act(goodLines(IDS.subagent)).bytes.toString().split("\n")[6]!.replace('"a2"', '"a9"').replace("T01:00:06", "T01:00:20")}\n`,
    );
    writeFileSync(path, Buffer.concat([good(), more]));
    assert.deepEqual(await look(), [more.length, ["transcript/broken-parent"]]);
    const torn = Buffer.from('{"type":"mess');
    writeFileSync(path, Buffer.concat([good(), more, torn]));
    const [bytes, codes] = await look();
    assert.deepEqual([bytes, codes.toSorted()], [torn.length, ["transcript/broken-parent", "transcript/torn-tail"]]);
    writeFileSync(path, good().toString().replace("again", "agaim"));
    assert.deepEqual(await look(), [readFileSync(path).length, []]);
  });
});
