// Entries with the id of another one: each gets its own, who named it still names it, and nothing else changes.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isDeepStrictEqual } from "node:util";

import { edited } from "../../../src/formats/json-edits.ts";
import { conversationIn } from "../../../src/repairs/transcript/conversation.ts";
import { ownIds, type OwnIds } from "../../../src/repairs/transcript/duplicate-ids.ts";
import { type FileLine, type FileLines, linesIn } from "../../../src/repairs/transcript/file-lines.ts";
import { Random } from "../../support/random.ts";

type Fields = Readonly<Record<string, unknown>>;

const HEADER = '{"type":"session","version":3,"id":"s"}';

const entry = (id: string, parentId: string | null, more: Fields = {}): string =>
  JSON.stringify({ type: "message", id, parentId, message: { role: "user", content: `I am ${id}` }, ...more });
const joined = (lines: readonly string[], ending = "\n"): string => lines.map((line) => `${line}${ending}`).join("");
const idIn = (line: string | undefined): unknown => (JSON.parse(line!) as Fields)["id"];
const parentIn = (line: string | undefined): unknown => (JSON.parse(line!) as Fields)["parentId"];

async function* bytesOf(text: string): AsyncGenerator<Buffer> {
  yield await Promise.resolve(Buffer.from(text));
}

const linesOf = (text: string): FileLines => linesIn(bytesOf(text));

async function found(text: string, most?: number): Promise<OwnIds> {
  const own = await ownIds(await conversationIn(linesOf(text)), linesOf(text), most);
  assert.ok(typeof own !== "number");
  return own;
}

/** What the entries become, as lines without the header. */
async function mended(lines: readonly string[], most?: number): Promise<OwnIds & { readonly lines: string[] }> {
  const text = joined([HEADER, ...lines]);
  const own = await found(text, most);
  const after = edited(Buffer.from(text), own.edits).toString();
  return { ...own, lines: after.split("\n").slice(1, -1) };
}

describe("entries with the id of one above them", () => {
  test("get one of their own; what comes after names the nearest, what stands between the first", async () => {
    const lines = [entry("a", null), entry("b", "a"), entry("a", "b", { second: true }), entry("c", "a")];
    const after = await mended(lines);
    const fresh = idIn(after.lines[2]) as string;
    assert.match(fresh, /^[0-9a-f]{8}$/);
    assert.deepEqual(after.lines.slice(0, 2), lines.slice(0, 2));
    assert.equal(after.lines[2], lines[2]!.replace('"id":"a"', `"id":"${fresh}"`));
    assert.equal(after.lines[3], lines[3]!.replace('"parentId":"a"', `"parentId":"${fresh}"`));
    assert.deepEqual([after.redirected, after.left, after.copies], [1, 0, []]);
    assert.deepEqual(
      after.renamed.map(({ entry: { line }, first, id, isNamed }) => [line, first, id, isNamed]),
      [[4, 2, fresh, false]],
    );
  });

  test("may be several of one id, and follow each other", async () => {
    const { lines } = await mended([1, 2, 3, 4].map((n) => entry("a", n === 1 ? null : "a", { n })));
    const ids = lines.map(idIn);
    assert.equal(new Set(ids).size, 4);
    assert.deepEqual(lines.map(parentIn), [null, ...ids.slice(0, 3)]);
  });

  test("are named by compactions, summaries of branches, labels and leaves as well", async () => {
    const references = [
      { type: "compaction", firstKeptEntryId: "a" },
      { type: "branch_summary", fromId: "a" },
      { type: "label", targetId: "a" },
      { type: "leaf", targetId: "a", appendParentId: "a" },
    ];
    const before = references.map((fields, at) => entry(`x${at}`, "b", fields));
    const behind = references.map((fields, at) => entry(`y${at}`, "b", fields));
    const lines = [entry("a", null), entry("b", "a"), ...before, entry("a", "b", { second: true }), ...behind];
    const after = await mended(lines);
    const fresh = idIn(after.lines[6]) as string;
    assert.deepEqual(after.lines.slice(0, 6), lines.slice(0, 6));
    assert.deepEqual(
      after.lines.slice(7),
      behind.map((line) => line.replaceAll('Id":"a"', `Id":"${fresh}"`)),
    );
    assert.equal(after.redirected, 4);
  });

  test("keep what only looks like an id, in other types and further inside", async () => {
    const line = entry("c", "b", { targetId: "a", fromId: "a", data: { id: "a", parentId: "a" } });
    const lines = [entry("a", null), entry("a", null, { second: true }), entry("b", null), line];
    assert.equal((await mended(lines)).lines[3], line);
  });

  test("keep blanks, the order of properties and carriage returns", async () => {
    const second = '{ "parentId" : "a" , "id" : "a",\t"type":"message" }';
    const text = joined([HEADER, entry("a", null), second, '{"parentId" :"a","id":"b"}'], "\r\n");
    const { edits, renamed } = await found(text);
    const fresh = renamed[0]!.id;
    const expected = [HEADER, entry("a", null), second.replace('"id" : "a"', `"id" : "${fresh}"`)];
    assert.equal(
      edited(Buffer.from(text), edits).toString(),
      joined([...expected, `{"parentId" :"${fresh}","id":"b"}`], "\r\n"),
    );
  });

  test("get the same ids each time, and none that an entry has or names", async () => {
    const lines = [entry("a", null), entry("a", null, { second: true })];
    const usual = (await mended(lines)).renamed[0]!.id;
    assert.equal((await mended(lines)).renamed[0]!.id, usual);
    assert.notEqual((await mended([...lines, entry(usual, null)])).renamed[0]!.id, usual);
    assert.notEqual((await mended([...lines, entry("c", null), entry("d", usual)])).renamed[0]!.id, usual);
  });

  test("change nothing where there are none", async () => {
    const { edits } = await mended([entry("a", null), entry("b", "gone"), entry("c", "b")]);
    assert.deepEqual(edits, []);
  });
});

describe("an id that the next entry names and no entry bears", () => {
  const lines = [entry("a", null), entry("b", "a"), entry("a", "b", { second: true }), entry("c", "lost")];

  test("is the one that was overwritten", async () => {
    const after = await mended([...lines, entry("d", "a")]);
    assert.deepEqual(after.lines.slice(2).map(idIn), ["lost", "c", "d"]);
    assert.equal(after.lines[3], lines[3]);
    assert.equal(parentIn(after.lines[4]), "lost");
    assert.equal(after.renamed[0]!.isNamed, true);
  });

  test("is not, where an entry above names it as well", async () => {
    const { renamed } = await mended(lines.with(1, entry("b", "lost")));
    assert.equal(renamed[0]!.isNamed, false);
  });

  test("is not, where something unreadable stands between", async () => {
    const { renamed } = await mended(lines.toSpliced(3, 0, "{{{"));
    assert.equal(renamed[0]!.isNamed, false);
  });

  test("is given once", async () => {
    const again = [entry("a", "c", { third: true }), entry("e", "lost")];
    const { renamed } = await mended([...lines, ...again]);
    assert.deepEqual(
      renamed.map(({ isNamed }) => isNamed),
      [true, false],
    );
  });
});

describe("an entry that was written twice", () => {
  const lines = [entry("a", null), entry("b", "a"), entry("c", "b")];

  test("stands there once, wherever the second one stood", async () => {
    for (const [at, copy] of [
      [1, 0],
      [2, 1],
      [3, 0],
      [3, 2],
    ] as const) {
      const { copies, lines: after, renamed } = await mended(lines.toSpliced(at, 0, lines[copy]!));
      assert.deepEqual(after, lines, `line ${copy} again at ${at}`);
      assert.deepEqual(
        [copies.map(({ entry: { line }, first }) => [line, first]), renamed],
        [[[at + 2, copy + 2]], []],
      );
    }
  });

  test("goes with all that was written twice behind it, in one edit", async () => {
    const { copies, edits, lines: after } = await mended([...lines, ...lines, entry("d", "c")]);
    assert.deepEqual([after, copies.length, edits.length], [[...lines, entry("d", "c")], 3, 1]);
  });

  test("is gone where the last line has no line break, too", async () => {
    const text = joined([HEADER, ...lines]);
    const { edits } = await found(`${text}${lines[2]}`);
    assert.equal(edited(Buffer.from(`${text}${lines[2]}`), edits).toString(), text.slice(0, -1));
  });

  test("is another entry when what it names is another one by then", async () => {
    const { copies, lines: after, renamed } = await mended([...lines, entry("a", "c", { second: true }), lines[1]!]);
    assert.deepEqual([copies, renamed.length, parentIn(after[4])], [[], 2, idIn(after[3])]);
  });

  test("is meant again by what comes after it", async () => {
    const { lines: after } = await mended([...lines, entry("a", "c", { second: true }), lines[0]!, entry("d", "a")]);
    assert.deepEqual([after.length, parentIn(after[4])], [5, "a"]);
  });
});

test("no more places change than may; ids of the others mean them", async () => {
  const second = (id: string): string => entry(id, null, { second: true });
  const lines = [entry("a", null), entry("b", null), second("a"), second("b"), entry("c", "a"), entry("d", "b")];
  const after = await mended([...lines, lines[0]!], 1);
  assert.deepEqual([after.renamed.length, after.left, after.redirected, after.copies], [1, 2, 1, []]);
  assert.equal(parentIn(after.lines[4]), after.renamed[0]!.id);
  assert.equal(after.lines[5], lines[5]);
});

test("a line that takes part and is not held whole is named; another one is of no account", async () => {
  const text = joined([HEADER, entry("a", null), entry("b", "a"), entry("b", "a", { second: true }), entry("c", "a")]);
  const cut = async (number: number): Promise<OwnIds | number> => {
    async function* lines(): AsyncGenerator<FileLine[]> {
      for await (const stretch of linesOf(text))
        yield [...stretch].map((line) => (line.number === number ? { ...line, isWhole: false } : line));
    }
    return ownIds(await conversationIn(linesOf(text)), lines());
  };
  assert.equal(await cut(4), 4);
  assert.equal(typeof (await cut(5)), "object");
});

/** A random transcript, and for each line which lines (from 0) its references mean; null for one that stands there already. */
interface Truth {
  readonly lines: string[];
  readonly means: (Record<string, number> | null)[];
}

const NAMES = {
  message: [],
  compaction: ["firstKeptEntryId"],
  label: ["targetId"],
  branch_summary: ["fromId"],
} as const;

function randomTranscript(random: Random): Truth {
  const lines: string[] = [];
  const means: Truth["means"] = [];
  /** The line that each id means by now. */
  const visible = new Map<string, number>();
  const pool = 2 + random.below(20);
  const count = 2 + random.below(40);
  while (lines.length < count) {
    if (lines.length > 0 && random.chance(0.15)) {
      const of = random.below(lines.length);
      const fields = JSON.parse(lines[of]!) as Record<string, string>;
      const own = means[of];
      if (own === null || own === undefined) continue;
      const now = Object.fromEntries(Object.keys(own).map((name) => [name, visible.get(fields[name]!)!]));
      const twin = means.findIndex((one, at) => lines[at] === lines[of] && isDeepStrictEqual(one, now));
      visible.set(fields["id"]!, twin === -1 ? lines.length : twin);
      lines.push(lines[of]!);
      means.push(twin === -1 ? now : null);
      continue;
    }
    const type = random.pick(Object.keys(NAMES) as (keyof typeof NAMES)[]);
    const own: Record<string, number> = {};
    const fields: Record<string, unknown> = { type, id: `e${random.below(pool)}`, parentId: null };
    for (const name of visible.size === 0 ? [] : ["parentId", ...NAMES[type]]) {
      const id = random.pick([...visible.keys()]);
      fields[name] = id;
      own[name] = visible.get(id)!;
    }
    visible.set(fields["id"] as string, lines.length);
    lines.push(JSON.stringify({ ...fields, data: { number: lines.length, id: "e1", parentId: "e0" } }));
    means.push(own);
  }
  return { lines, means };
}

test("300 random transcripts: ids are unique, references mean what they meant, and nothing else changes", async () => {
  const random = new Random(4242);
  let copied = 0;
  let renewed = 0;
  for (let round = 0; round < 300; round += 1) {
    const { lines, means } = randomTranscript(random);
    const after = await mended(lines);
    const kept = means.flatMap((own, at) => (own === null ? [] : [at]));
    const values = after.lines.map((line) => JSON.parse(line) as Record<string, string>);
    const idOf = (at: number): string => values[kept.indexOf(at)]!["id"]!;
    assert.equal(new Set(values.map(({ id }) => id)).size, kept.length, `round ${round}`);
    const expected = kept.map((at) => {
      const references = Object.entries(means[at]!).map(([name, meant]) => [name, idOf(meant)]);
      const fields = { ...(JSON.parse(lines[at]!) as Fields), id: idOf(at), ...Object.fromEntries(references) };
      return JSON.stringify(fields);
    });
    assert.deepEqual(after.lines, expected, `round ${round}`);
    assert.equal(after.copies.length, lines.length - kept.length);
    const others = after.lines.filter((line, index) => line !== lines[kept[index]!]).length;
    assert.ok(others <= after.renamed.length + after.redirected);
    copied += after.copies.length;
    renewed += after.renamed.length;
  }
  assert.ok(copied > 100 && renewed > 1000);
});
