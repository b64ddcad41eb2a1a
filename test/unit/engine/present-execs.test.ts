// Background execs in words: what was started where, what came of it, and how sure that is.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { execLines, execSummary, noticeLines } from "../../../src/engine/present/execs.ts";
import { plainText } from "../../../src/engine/present/lines.ts";
import type { ExecDelivery, ExecNotice, ExecPlace, ExecRecord } from "../../../src/model/exec.ts";

const HOME = "/home/kim/.openclaw";
const BEGAN = Date.parse("2026-11-21T00:16:05.724Z");

const place = (line: number, given: Partial<ExecPlace> = {}): ExecPlace => ({
  fragment: { path: "agents/main/sessions/a.jsonl" },
  line,
  entryId: "0a1b",
  at: BEGAN + line * 1000,
  ...given,
});

const delivery = (given: Partial<ExecDelivery> = {}): ExecDelivery => ({
  outcome: "completed",
  exitCode: 0,
  signal: null,
  output: "built",
  place: place(14),
  endedAt: BEGAN + 13_000,
  certainty: "derived",
  evidence: [
    { kind: "exec-completion", text: "the notice names grand-sh", path: "agents/main/sessions/b.jsonl", line: 5 },
  ],
  alternatives: [],
  ...given,
});

const record = (given: Partial<ExecRecord> = {}): ExecRecord => ({
  slug: "grand-shore",
  pid: 18011,
  command: "make build",
  toolCallId: "c1",
  startedAt: BEGAN,
  start: place(7),
  delivery: delivery(),
  undelivered: null,
  ended: null,
  ...given,
});

const notice = (given: Partial<ExecNotice> = {}): ExecNotice => {
  const { certainty, evidence, ...told } = delivery();
  const origin = { slug: "grand-shore", command: "make build", startedAt: BEGAN, start: place(7), certainty, evidence };
  return {
    ...told,
    slug: "grand-sh",
    form: "system-line",
    origin: { ...origin, alternatives: [] },
    open: null,
    repeats: null,
    ...given,
  };
};

const undelivered = (
  reason: "never" | "perhaps" | "unknown",
  candidates: readonly ExecPlace[] = [],
): Partial<ExecRecord> => ({
  delivery: null,
  undelivered: { reason, text: `Because of ${reason}.`, candidates, until: null },
});

describe("an exec in one line", () => {
  const summaries: readonly (readonly [Partial<ExecRecord>, string])[] = [
    [{}, "grand-shore (make build): completed with exit code 0, told 14 s after it began"],
    [
      { delivery: delivery({ certainty: "inferred", outcome: null, exitCode: null }) },
      "grand-shore (make build): ended, most likely told 14 s after it began",
    ],
    [
      { delivery: delivery({ outcome: "failed", signal: "SIGKILL" }), command: null },
      "grand-shore (a command): failed by SIGKILL, told 14 s after it began",
    ],
    [{ startedAt: null }, "grand-shore (make build): completed with exit code 0, told"],
    [undelivered("never"), "grand-shore (make build): no notice of its end has come"],
    [undelivered("perhaps"), "grand-shore (make build): no notice is surely about it"],
    [undelivered("unknown"), "grand-shore (make build): whether its end was told is not known"],
    [
      { ...undelivered("never"), ended: { ...delivery({ outcome: "killed", exitCode: null }), place: place(9) } },
      "grand-shore (make build): was killed, as a poll saw 9 s after it began",
    ],
  ];
  for (const [given, expected] of summaries) {
    it(expected, () => assert.equal(execSummary(record(given)), expected));
  }
});

describe("an exec in full", () => {
  it("tells command, fate, certainty and evidence, with ways to the entries", () => {
    const lines = execLines(HOME, record());
    assert.equal(
      plainText(lines),
      [
        "Background exec grand-shore began at 2026-11-21 00:16:05 UTC, process 18011.",
        "  make build",
        "It completed with exit code 0 at 2026-11-21 00:16:18 UTC; that was told at 2026-11-21 00:16:19 UTC in agents/main/sessions/a.jsonl:14.",
        "  Output: built",
        "This is derived: nothing else can be meant.",
        "  the notice names grand-sh (agents/main/sessions/b.jsonl:5)",
      ].join("\n"),
    );
    const files = lines.flat().flatMap(({ file }) => (file === undefined ? [] : [file]));
    assert.deepEqual(files, [
      { path: `${HOME}/agents/main/sessions/a.jsonl`, line: 14 },
      { path: `${HOME}/agents/main/sessions/b.jsonl`, line: 5 },
    ]);
  });

  it("tells why there is no delivery, what may be one, and what a poll saw", () => {
    const never = plainText(execLines(HOME, record(undelivered("never"))));
    assert.match(never, /Because of never\.\nOpenClaw tells of no command that printed nothing/);
    const perhaps = plainText(execLines(HOME, record(undelivered("perhaps", [place(20)]))));
    assert.match(perhaps, /Because of perhaps\.\n {2}It can be meant at agents\/main\/sessions\/a\.jsonl:20$/);
    const polled = { ...undelivered("never"), ended: { ...delivery({ certainty: "recorded" }), place: place(9) } };
    const seen = plainText(execLines(HOME, record(polled)));
    assert.match(
      seen,
      /A poll at 2026-11-21 00:16:14 UTC saw that it completed with exit code 0: .*a\.jsonl:9\.\n {2}Output: built/,
    );
    assert.doesNotMatch(seen, /printed nothing/);
  });

  it("names the other execs that the same notice can mean", () => {
    const text = plainText(
      execLines(HOME, record({ delivery: delivery({ certainty: "inferred", alternatives: [place(3)] }) })),
    );
    assert.match(text, /This is inferred: the best match, not a certain one\./);
    assert.match(text, /It can also mean the exec begun at agents\/main\/sessions\/a\.jsonl:3$/);
  });

  it("names events of a database by their number, and leads to the window", () => {
    const window = { sessionId: "s", fromSeq: 8, toSeq: 20 };
    const lines = execLines(
      HOME,
      record({ delivery: delivery({ place: place(6, { fragment: { path: "a.sqlite", window } }) }) }),
    );
    const named = lines.flat().find(({ file }) => file?.part !== undefined);
    assert.equal(named?.text, "a.sqlite, event 13");
    assert.deepEqual(named.file, { path: `${HOME}/a.sqlite`, line: 6, part: { window } });
  });
});

describe("what is untrusted", () => {
  it("can't act on a terminal, and no secret shows", () => {
    const secret = `sk-ant-${"a".repeat(30)}`;
    const command = `echo \u001b[31m ${secret}`;
    for (const text of [
      execSummary(record({ command, slug: "a\u0007b" })),
      plainText(noticeLines(HOME, notice({ slug: "a\u202eb" }))),
      plainText(execLines(HOME, record({ command, delivery: delivery({ output: `\u009b${secret}` }) }))),
      plainText(noticeLines(HOME, notice({ output: `\u009b${secret}` }))),
    ]) {
      assert.doesNotMatch(text.replaceAll("\n", ""), /\p{Cc}|\p{Cf}|aaaaaaaaaa/u);
    }
  });
});
