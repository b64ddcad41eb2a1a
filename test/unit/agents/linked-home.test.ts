import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { openclaw } from "../../../src/agents/openclaw/index.ts";
import { header, json, lines, temporaryTree } from "../../support/homes.ts";
import { uuid } from "../../support/model.ts";
import { only, readingContext } from "../../support/world.ts";

test("rows that name a home by a link to it mean its transcripts as written", async (t) => {
  const folder = temporaryTree(t, {});
  const row = (name: string): unknown => ({
    sessionId: uuid(1),
    sessionFile: join(folder, name, "agents/main/sessions", `${uuid(1)}.jsonl`),
  });
  const home = temporaryTree(t, {
    "agents/main/sessions": {
      "sessions.json": json({ "agent:main:main": row("linked"), "agent:main:other": row("gone") }),
      [`${uuid(1)}.jsonl`]: lines(header(uuid(1), "2026-11-21T00:10:00.000Z")),
    },
  });
  symlinkSync(home, join(folder, "linked"));
  const context = readingContext();
  const { homes } = await openclaw.discover(context, only(join(folder, "linked")));
  const [found] = homes;
  assert.ok(found !== undefined);
  const [agent] = (await openclaw.read(found, context)).agents;
  assert.deepEqual(
    agent?.store.rows.map(({ key, transcriptBy }) => [key, transcriptBy]),
    [
      ["agent:main:main", "as-written"],
      ["agent:main:other", "moved"],
    ],
  );
});
