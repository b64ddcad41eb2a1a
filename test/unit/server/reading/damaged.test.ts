// Transcripts of a real release, damaged at random: everything that reads them goes on, and what it says fits the document.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { readEntry } from "../../../../src/agents/transcripts.ts";
import { foldsOf } from "../../../../src/server/reading/folds.ts";
import { lineHover } from "../../../../src/server/reading/line-hover.ts";
import { outlineOf } from "../../../../src/server/reading/outline.ts";
import type { OutlineNode } from "../../../../src/server/reading/outline.ts";
import { stringAt } from "../../../../src/server/reading/string-at.ts";
import { Random } from "../../../support/random.ts";
import { linesOf } from "../../../support/transcript-lines.ts";

const FOLDER = path.resolve(
  import.meta.dirname,
  "../../../fixtures/openclaw/2026.5.12-killed/state/agents/main/sessions",
);
const TRANSCRIPTS = readdirSync(FOLDER)
  .filter((name) => /\.jsonl(?:\.reset|$)/.test(name) && !name.includes("trajectory"))
  .map((name) => readFileSync(path.join(FOLDER, name)));

/** Bytes are turned, cut out, doubled or set to zero, up to five times. */
function damaged(bytes: Buffer, random: Random): Buffer {
  let now = Buffer.from(bytes);
  for (let times = 1 + random.below(5); times > 0; times -= 1) {
    const [at, length] = [random.below(now.length), random.between(1, 2000)];
    const stretch = now.subarray(at, at + length);
    const put = random.pick([
      Buffer.alloc(0),
      Buffer.alloc(stretch.length),
      Buffer.concat([stretch, stretch]),
      Buffer.from(stretch.map(() => random.below(256))),
      Buffer.from("null\n[]\n{}\n"),
    ]);
    now = Buffer.concat([now.subarray(0, at), put, now.subarray(at + length)]);
  }
  return now;
}

function checkNodes(nodes: readonly OutlineNode[], first: number, last: number): void {
  for (const node of nodes) {
    assert.ok(node.name !== "" && !/\p{Cc}/u.test(node.name + node.detail), JSON.stringify(node));
    assert.ok(first <= node.first && node.first <= node.last && node.last <= last, JSON.stringify(node));
    checkNodes(node.children, node.first, node.last);
  }
}

test("damaged transcripts are outlined, folded and hovered over", () => {
  const random = new Random(20_261_121);
  const view = { now: 0, localOffset: () => 60, documentation: undefined };
  for (let round = 0; round < 400; round += 1) {
    const texts = damaged(random.pick(TRANSCRIPTS), random).toString("utf8").split("\n");
    const lines = linesOf(texts);
    checkNodes(outlineOf(lines), 0, texts.length - 1);
    const open: number[] = [];
    for (const { first, last } of foldsOf(lines)) {
      while ((open.at(-1) ?? Infinity) < first) open.pop();
      assert.ok(first < last && last <= (open.at(-1) ?? texts.length));
      open.push(last);
    }
    for (const [number, text] of texts.entries()) {
      const said = lineHover(readEntry("openclaw", text), number, lines, view).flat();
      assert.ok(said.every((span) => !/\p{Cc}/u.test(span.text)));
      stringAt(text, random.below(text.length + 1));
    }
  }
});
