// Damaged transcripts of the real OpenClaw, repaired: what its own reader reaches before and after, what its doctor says, and a new turn.
import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { liveName } from "./support/lived-in-home.ts";
import { withGateway } from "./support/openclaw.ts";
import { readByOpenClaw } from "./support/reader.ts";
import { agentsState, repaired } from "./support/repairing.ts";
import { complaints } from "./support/told.ts";
import { makeWorld, type OpenClawWorld, sessionsOf } from "./support/world.ts";

const KEY = "agent:main:long";
const PROMPTS = ["the north region is down", "and the south region too", "what about the east?", "and the west?"];

/** Changes the lines of the transcript (without their newlines); the file is what is left of them. */
type Damage = (lines: string[]) => string;

interface Scenario {
  readonly title: string;
  readonly damage: Damage;
  readonly repair: string;
  readonly choice?: string;
  /** Users' messages that its own reader reaches in the damaged transcript: fewer than all, where the damage hides some. */
  readonly reachedBefore: number;
  /** What its doctor says of the damaged transcript, and no more of the repaired one. */
  readonly doctor?: RegExp;
  /** Users' messages that the model is shown in a new turn; absent where none is asked for, which takes half a minute. */
  readonly shown?: number;
}

type Fields = Record<string, unknown> & { id: string; parentId: string | null };

const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");
const parsed = (line: string): Fields => JSON.parse(line) as Fields;
const onOneLine = (text: string): string => text.replaceAll("\n", "");
const isUser = (line: string): boolean => line.includes('"role":"user"');
const indexOfUser = (lines: readonly string[], number: number): number =>
  lines.flatMap((line, index) => (isUser(line) ? [index] : []))[number]!;

const SCENARIOS: readonly Scenario[] = [
  {
    title: "a torn end",
    damage: (lines) => `${joined(lines)}{"type":"message","id":"0123`,
    repair: "cut-torn-tail",
    reachedBefore: 4,
  },
  {
    title: "two entries on one line",
    damage: (lines) => {
      const at = indexOfUser(lines, 2);
      return joined(lines.toSpliced(at, 2, `${lines[at]}${lines[at + 1]}`));
    },
    repair: "split-records",
    reachedBefore: 1,
    shown: 5,
  },
  {
    title: "NUL bytes before an entry",
    damage: (lines) => joined(lines.with(indexOfUser(lines, 2), `${"\0".repeat(512)}${lines[indexOfUser(lines, 2)]}`)),
    repair: "strip-nuls",
    reachedBefore: 1,
  },
  {
    title: "a raw line break inside a text",
    damage: (lines) => {
      const at = indexOfUser(lines, 1);
      return joined(lines.with(at, lines[at]!.replace("south", "so\nuth")));
    },
    repair: "escape-controls",
    reachedBefore: 2,
  },
  {
    title: "an answer that can't be read any more",
    damage: (lines) => {
      const at = indexOfUser(lines, 1) + 1;
      return joined(lines.with(at, lines[at]!.slice(30, 120)));
    },
    repair: "set-lines-aside",
    reachedBefore: 2,
    // Two messages with no answer between them are sent as one.
    shown: 4,
  },
  {
    title: "no header",
    damage: (lines) => joined(lines.slice(1)),
    repair: "rebuild-header",
    reachedBefore: 0,
    shown: 5,
  },
  {
    title: "a parent that is not there",
    damage: (lines) => {
      const at = indexOfUser(lines, 2);
      return joined(lines.with(at, JSON.stringify({ ...parsed(lines[at]!), parentId: "deadbeef" })));
    },
    repair: "mend-parents",
    choice: "current",
    reachedBefore: 2,
    shown: 5,
  },
  {
    title: "a message whose id another entry has as well",
    damage: (lines) => {
      const at = indexOfUser(lines, 2);
      const { id, parentId, timestamp } = parsed(lines[at]!);
      const other = { type: "custom", customType: "someone.else", id, parentId, timestamp };
      return joined(lines.toSpliced(at + 2, 0, JSON.stringify(other)));
    },
    repair: "renew-duplicate-ids",
    choice: "current",
    reachedBefore: 3,
    shown: 5,
  },
  {
    title: "a call without a result",
    damage: (lines) => {
      const at = indexOfUser(lines, 1) + 1;
      const { message, ...entry } = parsed(lines[at]!);
      const call = { type: "toolCall", id: "call_1", name: "exec", arguments: { command: "uptime" } };
      return joined(
        lines.with(
          at,
          JSON.stringify({ ...entry, message: { ...(message as object), content: [call], stopReason: "toolUse" } }),
        ),
      );
    },
    repair: "pair-tool-calls",
    choice: "current",
    reachedBefore: 4,
    shown: 5,
  },
  {
    title: "a prompt that was rewritten and kept",
    damage: (lines) => {
      const at = indexOfUser(lines, 2);
      const twin = parsed(lines[at]!);
      const [begin, end] = ["BEGIN", "END"].map((word) => `<<<${word}_OPENCLAW_INTERNAL_CONTEXT>>>`);
      const text = lines[at]!.includes('"content":"')
        ? lines[at]!.replace('"content":"', String.raw`"content":"${begin}\nhidden\n${end}\n\n`)
        : lines[at]!.replace('"text":"', String.raw`"text":"${begin}\nhidden\n${end}\n\n`);
      return joined(lines.toSpliced(at, 0, text.replace(twin.id, "5eedf00d")));
    },
    repair: "drop-duplicate-prompts",
    reachedBefore: 4,
    doctor: /duplicated prompt-rewrite branches/,
  },
];

describe("the real OpenClaw, with a transcript that was repaired", () => {
  let world: OpenClawWorld;
  let putBack: () => Promise<void>;

  before(async () => {
    world = await makeWorld();
    await withGateway(world, async ({ call, turn }) => {
      await call("sessions.delete", { key: "agent:main:nobody" });
      for (const prompt of PROMPTS) await turn(KEY, prompt);
    });
    putBack = await world.keepAgents();
  });

  after(() => world.close());

  const live = async (): Promise<string> => path.join(sessionsOf(world), await liveName(world, KEY));
  const usersIn = async (file: string): Promise<number> => {
    const { messages } = await readByOpenClaw(file);
    return messages.filter((role) => role === "user").length;
  };

  for (const { choice, damage, doctor, reachedBefore, repair, shown, title } of SCENARIOS) {
    test(title, async (context) => {
      await putBack();
      await rm(path.join(world.home, ".session-forensics"), { recursive: true, force: true });
      const file = await live();
      const whole = await readByOpenClaw(file);
      await writeFile(file, damage((await readFile(file, "utf8")).trimEnd().split("\n")));
      const damaged = agentsState(world);
      assert.equal(await usersIn(file), reachedBefore);
      if (doctor !== undefined) assert.match((await complaints(world)).join("\n"), doctor);

      const wanted = { path: path.relative(world.home, file), repair, ...(choice === undefined ? {} : { choice }) };
      const { plan, undo } = await repaired(world, wanted);
      for (const note of plan.notes) context.diagnostic(note);
      const read = await readByOpenClaw(await live());
      assert.equal(read.messages.filter((role) => role === "user").length, PROMPTS.length);
      if (repair === "pair-tool-calls") {
        const call = read.context.indexOf("toolResult") - 1;
        assert.equal(read.context[call], "assistant");
      } else if (repair !== "set-lines-aside") assert.deepEqual(read.texts.map(onOneLine), whole.texts);
      if (doctor !== undefined) assert.doesNotMatch((await complaints(world)).join("\n"), doctor);

      await undo();
      assert.deepEqual(agentsState(world), damaged);
      if (shown === undefined) return;
      await repaired(world, wanted);
      const { texts } = await withGateway(world, ({ turn }) => turn(KEY, "and now?"));
      assert.deepEqual(texts, [`I was shown ${shown} messages of the user.`]);
    });
  }

  test("a header that is not rebuilt: the next turn wipes the transcript", async () => {
    await putBack();
    const file = await live();
    await writeFile(file, (await readFile(file, "utf8")).replace(/^[^\n]*\n/, ""));
    const { texts } = await withGateway(world, ({ turn }) => turn(KEY, "and now?"));
    assert.deepEqual(texts, ["I was shown 1 message of the user."]);
    assert.doesNotMatch(await readFile(await live(), "utf8"), /north region/);
  });
});
