// Pages of a large transcript: the same, whether they are read from the file's beginning or from a line near them.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import type { TranscriptRequest } from "../../../../src/agents/program.ts";
import { readTranscript } from "../../../../src/agents/openclaw/transcript-pages.ts";
import { nearLine } from "../../../../src/engine/transcripts/near-line.ts";
import { OpenTranscripts } from "../../../../src/engine/transcripts/open-transcripts.ts";
import { temporaryTree } from "../../../support/homes.ts";
import { Random } from "../../../support/random.ts";
import { aHome } from "../../../support/snapshots.ts";

const PLACE = { path: "agents/main/sessions/large.jsonl" };

test("pages of a large transcript are the same, read from near them", async (context) => {
  const root = temporaryTree(context, {});
  mkdirSync(path.join(root, "agents/main/sessions"), { recursive: true });
  const random = new Random(11);
  const lines = Array.from({ length: 3000 }, (_, number) => `{"n":${number}}${" ".repeat(random.between(1, 30_000))}`);
  writeFileSync(path.join(root, PLACE.path), `${lines.join("\n")}\n`);
  const { home } = aHome({ home: { path: root } });
  const transcripts = new OpenTranscripts();
  const requests: TranscriptRequest[] = [
    { before: Infinity, mostEvents: 50 },
    { before: Infinity, mostBytes: 1 },
    ...Array.from({ length: 40 }, () => [
      { from: random.below(3100), mostEvents: 1 + random.below(40) },
      { before: random.below(3100), mostEvents: 1 + random.below(300), mostBytes: random.between(1, 1 << 20) },
    ]).flat(),
  ];
  for (const request of requests) {
    const near = await nearLine(transcripts, root, PLACE, request);
    const page = await readTranscript(home, PLACE, near === null ? request : { ...request, near });
    assert.deepEqual(page, await readTranscript(home, PLACE, request), JSON.stringify({ request, near }));
  }
  const { offset = 0 } = (await nearLine(transcripts, root, PLACE, { before: Infinity, mostBytes: 1000 })) ?? {};
  assert.ok(offset > lines.join("\n").length - (1 << 20), "the end is read from near the end");
});

test("what is small, packed or leads out of the home is read from its beginning", async (context) => {
  const root = temporaryTree(context, { "small.jsonl": "{}\n{}\n" });
  const transcripts = new OpenTranscripts();
  for (const one of ["small.jsonl", "gone.jsonl", "some.jsonl.deleted.zst", "some.sqlite", "../outside.jsonl"])
    assert.equal(await nearLine(transcripts, root, { path: one }, { from: 1 }), null, one);
  assert.equal(await nearLine(transcripts, root, { path: "small.jsonl" }, {}), null);
});
