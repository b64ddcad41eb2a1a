import assert from "node:assert/strict";
import { describe, it } from "node:test";

import type { TranscriptPage, TranscriptRequest } from "../../../../../src/agents/program.ts";
import type { FragmentPlace } from "../../../../../src/model/fragment.ts";
import { FileError } from "../../../../../src/system/files.ts";
import { DATABASE, DatabaseHome } from "../../../../support/database-home.ts";

async function allPages(
  home: DatabaseHome,
  place: FragmentPlace,
  request: TranscriptRequest,
): Promise<TranscriptPage[]> {
  const pages: TranscriptPage[] = [];
  for (let from: number | null = null; pages.length === 0 || from !== null;) {
    const page = await home.page(place, from === null ? request : { ...request, from });
    pages.push(page);
    from = page.next;
  }
  return pages;
}

function seqs({ events }: TranscriptPage): number[] {
  return events.map(({ seq }) => seq);
}

describe("the events of a window", () => {
  it("come page by page, each event once and untouched", async (test) => {
    const home = new DatabaseHome(test);
    const session = home.database.session("x");
    session.reset();
    for (let at = 0; at < 9; at += 1) session.user(at % 3 === 0 ? `äöü ${"x".repeat(3000)}` : "short");
    const [, window] = (await home.agent()).fragments;
    const lines = session.lines.trimEnd().split("\n").slice(1);
    for (const request of [{ mostEvents: 4 }, { mostBytes: 4000 }, { mostBytes: 1 }, {}]) {
      const pages = await allPages(home, window!, request);
      assert.deepEqual(
        pages.flatMap((page) => page.events.map(({ text }) => text)),
        lines,
      );
      assert.ok(pages.every(({ first, last }) => first === 1 && last === 10));
    }
    assert.deepEqual((await allPages(home, window!, { mostEvents: 4 })).map(seqs), [
      [1, 2, 3, 4],
      [5, 6, 7, 8],
      [9, 10],
    ]);
    assert.deepEqual(seqs(await home.page(window!, { from: 6, mostEvents: 2 })), [6, 7]);
    assert.deepEqual(seqs(await home.page(window!, { from: 0, mostEvents: 1 })), [1]);
    assert.deepEqual(seqs(await home.page(window!, { from: 99 })), []);
  });

  it("are those of the window as it is now: it may have grown, and been ended", async (test) => {
    const home = new DatabaseHome(test);
    const session = home.database.session("x");
    const [window] = (await home.agent()).fragments;
    session.user("one");
    assert.deepEqual(seqs(await home.page(window!)), [0, 1]);
    session.reset();
    session.user("two");
    const page = await home.page(window!);
    assert.deepEqual([seqs(page), page.last], [[0, 1], 1]);
  });

  it("that can't be unpacked are empty, with the reason; line breaks between tokens become blanks", async (test) => {
    const home = new DatabaseHome(test);
    const session = home.database.session("x");
    session.user("y".repeat(3000));
    session.user("z");
    const { sql } = home.database;
    sql.exec("UPDATE transcript_events SET event_zstd = x'28b52ffd00' WHERE seq = 1");
    sql.exec(`UPDATE transcript_events SET event_json = '{"type":' || char(10) || '"message"}' WHERE seq = 2`);
    const [window] = (await home.agent()).fragments;
    const { events } = await home.page(window!);
    assert.deepEqual(events.slice(1), [
      { seq: 1, text: "", trouble: "its zstd frame can't be unpacked" },
      { seq: 2, text: '{"type": "message"}' },
    ]);
  });

  it("of a place that is gone are refused", async (test) => {
    const home = new DatabaseHome(test);
    const session = home.database.session("x");
    const window = { sessionId: session.id, fromSeq: 0, toSeq: 0 };
    const places: FragmentPlace[] = [
      { path: DATABASE, window: { ...window, fromSeq: 5 } },
      { path: DATABASE, window: { ...window, sessionId: "nobody" } },
      { path: DATABASE, archive: "nothing.zst" },
      { path: DATABASE },
      { path: "agents/ops/agent/openclaw-agent.sqlite", window },
      { path: "../outside.sqlite", window },
      { path: "agents/main/sessions/nothing.jsonl" },
    ];
    for (const place of places) {
      await assert.rejects(home.page(place), (error) => error instanceof FileError, JSON.stringify(place));
    }
  });
});
