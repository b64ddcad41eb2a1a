// For every damage of a transcript: found, planned, repaired with every healthy line as it was, nothing wrong when read whole, undone.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

import type { Plan } from "../../../src/model/plan.ts";
import { conversationLines } from "../../support/conversation-file.ts";
import { useMemoryFolder } from "../../support/cut-points.ts";
import { agentIn, homeAt, sessionOf } from "../../support/engines.ts";
import { editStore, goodHome, IDS, MAIN } from "../../support/good-home.ts";
import { executorOn, onlyTrouble, PLANNING, readWhole, repaired, undone, walk } from "../../support/repairs.ts";
import { NOW } from "../../support/world.ts";
import { planRepair } from "../../../src/engine/planning/plan-repairs.ts";

useMemoryFolder();

const KEY = "agent:main:subagent:77";
const NAME = `${IDS.subagent}.jsonl`;
const PATH = `${MAIN}/${NAME}`;
const TURNS = 12;

interface Damaged {
  readonly home: string;
  /** Absolute. */
  readonly path: string;
}

/** A good home whose one transcript is made of these lines; `text` says what stands in the file. */
function homeWith(t: Parameters<typeof goodHome>[0], text: (lines: string[]) => string | Buffer): Damaged {
  const home = goodHome(t);
  const path = join(home, PATH);
  writeFileSync(path, text(conversationLines(IDS.subagent, NOW - 3_600_000, TURNS)));
  return { home, path };
}

const joined = (lines: readonly string[], ending = "\n"): string => lines.map((line) => `${line}${ending}`).join("");

/** What the plan makes of the transcript. */
async function contentAfter({ home, path }: Damaged, plan: Plan): Promise<string> {
  const before = await readWhole(home, [PATH]);
  const executor = executorOn(before, home);
  const result = await executor.run(plan);
  assert.equal(result.outcome, "done");
  const copy = plan.steps.find((step) => step.do === "write-file" && step.path.endsWith(".jsonl"));
  const text = readFileSync(copy === undefined ? path : join(home, copy.path), "utf8");
  if (result.outcome === "done") await undone(executor, result.receipt);
  return text;
}

const beside = (home: string): string[] =>
  readdirSync(join(home, MAIN)).filter((name) => /\.jsonl\.[a-z-]+-2026/.test(name));
const notesOf = ({ notes }: Plan): string => notes.join("\n");

describe("lines that can't be read", () => {
  test("a torn end goes into a file beside, the rest stays to the byte", async (t) => {
    const damaged = homeWith(t, (lines) => `${joined(lines)}{"type":"message","id":"torn`);
    const { plan } = await walk({ home: damaged.home, whole: [PATH] });
    assert.deepEqual(
      plan.steps.map(({ path }) => path).map((path) => path.replace(/2026.*/, "")),
      [`${PATH}.torn-tail-`, PATH],
    );
    assert.equal(await contentAfter(damaged, plan), joined(conversationLines(IDS.subagent, NOW - 3_600_000, TURNS)));
    assert.match(notesOf(plan), /reachable: 34 of 34 messages before, 34 after/);
  });

  test("what was cut off is in that file, and undo takes it away again", async (t) => {
    const { home } = homeWith(t, (lines) => `${joined(lines)}{"type":"message","id":"tör`);
    const before = await readWhole(home, [PATH]);
    const { executor, receipt } = await repaired(before, { finding: onlyTrouble(before).id });
    const [name] = beside(home);
    assert.equal(readFileSync(join(home, MAIN, name!), "utf8"), '{"type":"message","id":"tör');
    await undone(executor, receipt);
    assert.deepEqual(beside(home), []);
  });

  test("a torn end behind a whole entry of the same line is cut, the entry stays", async (t) => {
    const damaged = homeWith(t, (lines) => `${lines.join("\n")}{"type":"mess`);
    const { plan } = await walk({ home: damaged.home, whole: [PATH] });
    assert.equal(await contentAfter(damaged, plan), joined(conversationLines(IDS.subagent, NOW - 3_600_000, TURNS)));
  });

  for (const ending of ["\n", "\r\n"]) {
    test(`joined entries get lines of their own, with the line end of theirs (${JSON.stringify(ending)})`, async (t) => {
      const damaged = homeWith(t, (lines) =>
        joined([...lines.slice(0, 5), lines.slice(5, 8).join(""), ...lines.slice(8)], ending),
      );
      const { plan } = await walk({ home: damaged.home, whole: [PATH] });
      const whole = conversationLines(IDS.subagent, NOW - 3_600_000, TURNS);
      assert.equal(await contentAfter(damaged, plan), joined(whole, ending));
      assert.match(notesOf(plan), /reachable: 28 of 31 messages before, 34 of 34 after/);
    });
  }

  test("NULs around and inside entries go, and the plan says where they stood", async (t) => {
    const damaged = homeWith(t, (lines) => {
      const inside = `${lines[4]!.slice(0, 100)}${"\0".repeat(7)}${lines[4]!.slice(100)}`;
      return joined([...lines.slice(0, 4), `${"\0".repeat(512)}${inside}`, ...lines.slice(5)]);
    });
    const { plan } = await walk({ home: damaged.home, whole: [PATH] });
    const whole = conversationLines(IDS.subagent, NOW - 3_600_000, TURNS);
    assert.equal(await contentAfter(damaged, plan), joined(whole));
    const offset = joined(whole.slice(0, 4)).length;
    assert.match(
      notesOf(plan),
      new RegExp(`512 bytes from byte ${Buffer.byteLength(joined(whole.slice(0, 4)))} on, 7 bytes`),
      String(offset),
    );
  });

  test("a block of NULs over several lines: what is lost goes beside, and what followed leads to what was before", async (t) => {
    const damaged = homeWith(t, (lines) => {
      const bytes = Buffer.from(joined(lines));
      // A turn without tools.
      const at = lines.findIndex((line) => line.includes('"text":"2: '));
      const from = Buffer.byteLength(joined(lines.slice(0, at))) + 10;
      return bytes.fill(0, from, from + 256);
    });
    const { plan, after } = await walk({ home: damaged.home, whole: [PATH] });
    assert.match(notesOf(plan), /An entry stands in the place of what is lost/);
    assert.equal(sessionOf(agentIn(homeAt(after, damaged.home), "main"), KEY).state, "live");
  });

  test("raw control characters are escaped, in that string alone", async (t) => {
    const damaged = homeWith(t, (lines) =>
      joined(lines.map((line, at) => (at === 3 ? line.replace("done", "do\tn\u0001e") : line))),
    );
    const { plan } = await walk({ home: damaged.home, whole: [PATH] });
    const whole = conversationLines(IDS.subagent, NOW - 3_600_000, TURNS);
    const text = await contentAfter(damaged, plan);
    assert.equal(
      text,
      joined(whole.map((line, at) => (at === 3 ? line.replace("done", String.raw`do\tn\u0001e`) : line))),
    );
  });

  test("a raw line break inside a text, and blank lines in it, are escaped", async (t) => {
    const damaged = homeWith(t, (lines) =>
      joined(lines.map((line, at) => (at === 3 ? line.replace("done", "do\n\nne") : line))),
    );
    const { plan } = await walk({ home: damaged.home, whole: [PATH] });
    const whole = conversationLines(IDS.subagent, NOW - 3_600_000, TURNS);
    assert.equal(
      await contentAfter(damaged, plan),
      joined(whole.map((line, at) => (at === 3 ? line.replace("done", String.raw`do\n\nne`) : line))),
    );
  });

  test("a leftover partialJson is dropped, the call stays as it is", async (t) => {
    const withLeftover = (line: string): string =>
      line.replace('"name":"exec"', String.raw`"partialJson":"{\"comm","name":"exec"`);
    const damaged = homeWith(t, (lines) => joined(lines.map((line, at) => (at === 5 ? withLeftover(line) : line))));
    const { plan } = await walk({ home: damaged.home, whole: [PATH] });
    assert.equal(await contentAfter(damaged, plan), joined(conversationLines(IDS.subagent, NOW - 3_600_000, TURNS)));
  });

  test("an unreadable line goes beside, and an entry without words takes its place among the parents", async (t) => {
    const damaged = homeWith(t, (lines) => joined(lines.map((line, at) => (at === 3 ? line.slice(9, 60) : line))));
    const { plan } = await walk({ home: damaged.home, whole: [PATH] });
    const whole = conversationLines(IDS.subagent, NOW - 3_600_000, TURNS);
    const text = await contentAfter(damaged, plan);
    assert.deepEqual(
      text.split("\n").filter((_, at) => at !== 3),
      joined(whole)
        .split("\n")
        .filter((_, at) => at !== 3),
    );
    assert.equal(
      (JSON.parse(text.split("\n")[3]!) as { customType: string }).customType,
      "session-forensics.lost-entry",
    );
    assert.match(notesOf(plan), /reachable: 32 of 33 messages before, 33 after/);
  });
});

describe("a header that OpenClaw does not take for one", () => {
  const whole = conversationLines(IDS.subagent, NOW - 3_600_000, TURNS);

  /** The first line that a repair made of the file. */
  const headerAfter = async (damaged: Damaged, stays: readonly string[] = []): Promise<Record<string, unknown>> => {
    const { plan } = await walk({ home: damaged.home, whole: [PATH], code: "transcript/bad-header", stays });
    assert.match(notesOf(plan), /reachable: 0 of 34 messages before, 34 after/);
    const [first, ...rest] = (await contentAfter(damaged, plan)).split("\n");
    assert.equal(rest.join("\n"), joined(whole.slice(1)));
    return JSON.parse(first!) as Record<string, unknown>;
  };

  test("whole under NUL bytes is freed of them", async (t) => {
    const damaged = homeWith(t, (lines) => `${"\0".repeat(64)}${joined(lines)}`);
    assert.equal(JSON.stringify(await headerAfter(damaged)), whole[0]);
  });

  test("overwritten in part keeps what is left of it", async (t) => {
    const damaged = homeWith(t, (lines) => `${"\0".repeat(40)}${joined(lines).slice(40)}`);
    assert.deepEqual(await headerAfter(damaged), JSON.parse(whole[0]!));
  });

  test("gone is made of the row, the first entry and the row's workspace", async (t) => {
    const damaged = homeWith(t, (lines) => joined(lines.slice(1)));
    editStore(damaged.home, MAIN, (rows) =>
      Object.assign(rows[KEY]!, { systemPromptReport: { workspaceDir: "/srv/of-the-row" } }),
    );
    const { timestamp } = JSON.parse(whole[1]!) as { timestamp: string };
    const expected = { type: "session", version: 3, id: IDS.subagent, timestamp, cwd: "/srv/of-the-row" };
    assert.deepEqual(await headerAfter(damaged), expected);
  });

  test("behind lines of something else is found, and those go beside", async (t) => {
    const damaged = homeWith(t, (lines) => `garbage\n\n${"\0".repeat(9)}\n${joined(lines)}`);
    const { plan } = await walk({ home: damaged.home, whole: [PATH], code: "transcript/bad-header" });
    assert.equal((await contentAfter(damaged, plan)).trimStart(), joined(whole));
  });

  test("without an id gets one, and keeps the rest", async (t) => {
    const damaged = homeWith(t, (lines) =>
      joined([lines[0]!.replace(/"id":"[^"]+",/, '"note":"mine",'), ...lines.slice(1)]),
    );
    const header = await headerAfter(damaged);
    assert.deepEqual([header["id"], header["note"], header["cwd"]], [IDS.subagent, "mine", "/srv/workspace"]);
  });
});

describe("a conversation that does not hang together", () => {
  const whole = conversationLines(IDS.subagent, NOW - 3_600_000, TURNS);
  const at = (text: string): number => whole.findIndex((line) => line.includes(text));
  const without = (lines: readonly string[], ...unwanted: readonly number[]): string[] =>
    lines.filter((_, index) => !unwanted.includes(index));

  /** The entries of the fork, and those that are not in the original. */
  const forked = async (
    damaged: Damaged,
    plan: Plan,
  ): Promise<{ readonly lines: string[]; readonly added: string[] }> => {
    const original = new Set(readFileSync(damaged.path, "utf8").split("\n"));
    const lines = (await contentAfter(damaged, plan)).trimEnd().split("\n").slice(1);
    return { lines, added: lines.filter((line) => !original.has(line)) };
  };

  for (const choice of ["beside", "current"]) {
    test(`a call without a result is closed in a fork (${choice})`, async (t) => {
      const call = at('"id":"call_1"');
      const result = at('"toolCallId":"call_1"');
      const relinked = JSON.parse(whole[result + 1]!) as Record<string, unknown>;
      const damaged = homeWith(t, (lines) => {
        const { id } = JSON.parse(lines[call]!) as { id: string };
        const next = JSON.stringify({ ...relinked, parentId: id });
        return joined(without(lines.toSpliced(result + 1, 1, next), result));
      });
      const { plan, after } = await walk({
        home: damaged.home,
        whole: [PATH],
        choice,
        stays: choice === "beside" ? ["transcript/call-without-result"] : [],
      });
      const { lines, added } = await forked(damaged, plan);
      assert.deepEqual(lines.length, without(whole, result).length);
      const parsed = added.map((line) => JSON.parse(line) as { message: { role: string; isError?: boolean } });
      assert.deepEqual(
        parsed.map(({ message }) => [message.role, message.isError]),
        [
          ["assistant", undefined],
          ["toolResult", true],
        ],
      );
      const session = sessionOf(agentIn(homeAt(after, damaged.home), "main"), KEY);
      assert.equal(session.fragments.at(-1)?.fragment.path === PATH, choice === "beside");
    });
  }

  test("a result without a call is dropped in a fork", async (t) => {
    const answer = at('"text":"done with 0"');
    const stray = {
      ...JSON.parse(whole[answer]!),
      id: "5743a900",
      parentId: (JSON.parse(whole[answer]!) as { id: string }).id,
    } as Record<string, unknown>;
    stray["message"] = { role: "toolResult", toolCallId: "call_9", toolName: "exec", content: [], isError: false };
    const damaged = homeWith(t, (lines) => {
      const next = JSON.stringify({ ...JSON.parse(lines[answer + 1]!), parentId: "5743a900" });
      return joined(lines.toSpliced(answer + 1, 1, JSON.stringify(stray), next));
    });
    const { plan } = await walk({ home: damaged.home, whole: [PATH], choice: "current" });
    const { added } = await forked(damaged, plan);
    assert.deepEqual(
      added.map((line) => (JSON.parse(line) as { customType: string }).customType),
      ["session-forensics.dropped-result"],
    );
  });

  test("a last call that was never answered is closed in a fork", async (t) => {
    const damaged = homeWith(t, (lines) => joined(lines.slice(0, at('"id":"call_1"') + 1)));
    const { plan } = await walk({ home: damaged.home, whole: [PATH], choice: "current" });
    const { added, lines } = await forked(damaged, plan);
    const results = added.map((line) => (JSON.parse(line) as { message: { isError: boolean } }).message.isError);
    assert.deepEqual([results.every((isError) => isError), added], [true, lines.slice(-added.length)]);
  });

  test("an entry whose parent is not there follows the one above it in a fork", async (t) => {
    const broken = at('"text":"5: ');
    const damaged = homeWith(t, (lines) =>
      joined(
        lines.map((line, index) =>
          index === broken ? line.replace(/"parentId":"[^"]+"/, '"parentId":"deadbeef"') : line,
        ),
      ),
    );
    const { plan } = await walk({ home: damaged.home, whole: [PATH], choice: "current" });
    assert.match(notesOf(plan), /reachable: 19 of 34 messages before, 34 after/);
    assert.deepEqual((await forked(damaged, plan)).lines, whole.slice(1));
  });

  test("entries that lead back to each other: the first of them becomes the first of the conversation", async (t) => {
    const idOf = (line: string): string => (JSON.parse(line) as { id: string }).id;
    const damaged = homeWith(t, (lines) =>
      joined(lines.with(1, lines[1]!.replace('"parentId":null', `"parentId":"${idOf(lines.at(-1)!)}"`))),
    );
    const request = { home: damaged.home, path: PATH, repair: "mend-parents", choice: "beside" };
    const plan = await planRepair(await readWhole(damaged.home, [PATH]), request, PLANNING);
    assert.deepEqual((await forked(damaged, plan)).lines, whole.slice(1));
  });

  test("never across a compaction", async (t) => {
    const compaction = at('"type":"compaction"');
    const damaged = homeWith(t, (lines) =>
      joined(
        lines.map((line, index) =>
          index === compaction || index === compaction + 1
            ? line.replace(/"parentId":"[^"]+"/, '"parentId":"deadbeef"')
            : line,
        ),
      ),
    );
    const before = await readWhole(damaged.home, [PATH]);
    const request = { home: damaged.home, path: PATH, repair: "mend-parents", choice: "beside" };
    const plan = await planRepair(before, request, PLANNING);
    const parents = (await forked(damaged, plan)).added.map(
      (line) => (JSON.parse(line) as { parentId: string }).parentId,
    );
    const idOf = (index: number): string => (JSON.parse(whole[index]!) as { id: string }).id;
    assert.deepEqual(parents, [idOf(compaction - 1), idOf(compaction)]);
  });

  for (const choice of ["beside", "current"]) {
    test(`an entry with the id of an earlier one gets its own in a fork, and is followed again (${choice})`, async (t) => {
      const idOf = (index: number): string => (JSON.parse(whole[index]!) as { id: string }).id;
      const [first, second] = [at('"text":"2: '), at('"text":"7: ')];
      const taken = whole.map((line, index) =>
        index < second ? line : line.replace(`d":"${idOf(second)}"`, `d":"${idOf(first)}"`),
      );
      const damaged = homeWith(t, () => joined(taken));
      const { plan } = await walk({
        home: damaged.home,
        whole: [PATH],
        choice,
        stays: choice === "beside" ? ["transcript/duplicate-id"] : [],
      });
      assert.deepEqual(
        plan.repairs.map(({ repair }) => repair),
        ["renew-duplicate-ids"],
      );
      const made = plan.steps.find((step) => step.do === "write-file" && step.path.endsWith(".jsonl"))!;
      assert.equal(
        plan.steps.some((step) => step.do === "rename" && step.path === PATH),
        choice === "current",
      );
      assert.notEqual(made.path, PATH);
      assert.match(
        notesOf(plan),
        new RegExp(`Line ${second + 1} gets the id .*: ${idOf(first)} is the id of line ${first + 1}`),
      );
      assert.match(notesOf(plan), /named in 1 entry below them/);
      assert.match(notesOf(plan), /reachable: 0 of 34 messages before, 34 after/);
      const { lines, added } = await forked(damaged, plan);
      const { id } = JSON.parse(added[0]!) as { id: string };
      assert.deepEqual(
        lines,
        whole.slice(1).map((line) => line.replace(`d":"${idOf(second)}"`, `d":"${id}"`)),
      );
      assert.equal(added.length, 2);
      assert.equal(readFileSync(damaged.path, "utf8"), joined(taken));
    });
  }

  test("a compaction still keeps what it kept, when the first of that gets another id", async (t) => {
    const compaction = at('"type":"compaction"');
    const { firstKeptEntryId: kept } = JSON.parse(whole[compaction]!) as { firstKeptEntryId: string };
    const { id: earlier } = JSON.parse(whole[2]!) as { id: string };
    const damaged = homeWith(t, (lines) =>
      joined(lines.map((line, index) => (index < 3 ? line : line.replaceAll(`d":"${kept}"`, `d":"${earlier}"`)))),
    );
    const { plan } = await walk({ home: damaged.home, whole: [PATH], choice: "current" });
    const { lines } = await forked(damaged, plan);
    const { firstKeptEntryId, parentId } = JSON.parse(lines[compaction - 1]!) as Record<string, string>;
    assert.equal((JSON.parse(lines[compaction - 2]!) as { id: string }).id, firstKeptEntryId);
    assert.equal(parentId, firstKeptEntryId);
    assert.notEqual(firstKeptEntryId, earlier);
  });

  test("an entry that was written twice is left out of a fork the second time, and the plan says so", async (t) => {
    const twice = at('"text":"5: ');
    const damaged = homeWith(t, (lines) => joined(lines.toSpliced(twice + 4, 0, lines[twice]!)));
    const { plan } = await walk({ home: damaged.home, whole: [PATH], choice: "current" });
    assert.match(notesOf(plan), new RegExp(`Line ${twice + 5} .* is left out: it is line ${twice + 1} once more`));
    assert.match(notesOf(plan), /reachable: 34 of 35 messages before, 34 of 34 after/);
    assert.deepEqual((await forked(damaged, plan)).lines, whole.slice(1));
  });

  test("a prompt that stands there twice goes with its branch; other branches that were left are a choice", async (t) => {
    const prompt = at('"text":"5: ');
    const twin = JSON.parse(whole[prompt]!) as { id: string; message: { content: { text: string }[] } };
    twin.id = "4444aaaa";
    twin.message.content[0]!.text = `<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>\nsecret\n<<<END_OPENCLAW_INTERNAL_CONTEXT>>>\n\n${twin.message.content[0]!.text}`;
    const answer = { ...(JSON.parse(whole[prompt + 1]!) as object), id: "4444bbbb", parentId: "4444aaaa" };
    const duplicated = [JSON.stringify(twin), JSON.stringify(answer)];
    const damaged = homeWith(t, (lines) => joined(lines.toSpliced(prompt, 0, ...duplicated)));
    const { plan } = await walk({ home: damaged.home, whole: [PATH] });
    assert.equal(await contentAfter(damaged, plan), joined(whole));
    const other = JSON.stringify({
      ...(JSON.parse(whole[prompt]!) as object),
      id: "5555aaaa",
      message: { role: "user", content: "another way" },
    });
    writeFileSync(damaged.path, joined(whole.toSpliced(prompt, 0, ...duplicated, other)));
    for (const [choice, text] of [
      ["duplicates", joined(whole.toSpliced(prompt, 0, other))],
      ["active-branch", joined(whole)],
    ] as const) {
      const after = await walk({ home: damaged.home, whole: [PATH], choice });
      assert.equal(await contentAfter(damaged, after.plan), text);
    }
  });
});
