// The wordings that people met are known, and what they name is found in them.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { FINDING_KINDS } from "../../../src/checks/codes.ts";
import { namesIn } from "../../../src/checks/symptoms/names-in-text.ts";
import { SYMPTOMS, symptomsIn } from "../../../src/checks/symptoms/table.ts";

const ID = "17b5706a-97ec-4824-a6f1-8b15314fd80a";

describe("a text of any length", () => {
  it("is looked through in one pass: no wording has a middle of any length", () => {
    for (const { id, pattern } of SYMPTOMS) assert.doesNotMatch(pattern.source, /(?<!\\)\.[*+]/, id);
  });

  it("names a bounded number of things", () => {
    const paths = Array.from({ length: 1000 }, (_, number) => `/h/agents/main/sessions/${number}.jsonl`);
    assert.equal(namesIn(paths.join(" ")).paths.length, 50);
  });
});

describe("a wording is known", () => {
  const wordings: [text: string, id: string][] = [
    [`session file locked (timeout 10000ms): pid=4214 /h/sessions/${ID}.jsonl.lock`, "session-file-locked"],
    ["SessionWriteLockTimeoutError: session file locked (timeout 60000ms): pid=1", "session-file-locked"],
    ["timeout acquiring session store lock", "store-locked"],
    ["EmbeddedAttemptSessionTakeoverError", "takeover"],
    ["- Main session transcript missing (~/a.jsonl). History will appear to reset.", "main-transcript-missing"],
    ["2/5 recent sessions are missing transcripts", "main-transcript-missing"],
    ["the agent has no memory of previous conversation", "lost-memory"],
    ["All sessions are gone", "lost-memory"],
    ["R2 synced but all memory is lost", "lost-memory"],
    [`No conversation found with session ID: ${ID}`, "no-conversation"],
    ["No conversations found to resume", "no-conversation"],
    ["Session not found on disk", "no-conversation"],
    ["Found 7 orphan transcript files", "orphan-transcripts"],
    ["Session file path must be within sessions directory", "outside-sessions-folder"],
    [
      "messages.3: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_01AbCdEf99",
      "unpaired-tools",
    ],
    ["unexpected `tool_use_id` found in `tool_result` blocks: toolu_01AbCdEf99", "unpaired-tools"],
    ["Bad control character in string literal in JSON at position 111", "bad-control-character"],
    ["JSON Parse error: Expected ':' before value in object property definition", "json-parse-error"],
    ["SyntaxError: Unexpected end of JSON input", "json-parse-error"],
    ["'input[646].name' string does not match pattern", "nul-in-name"],
    ["sessions.list may timeout or return empty", "list-times-out"],
    ["reply session initialization conflicted", "stuck-running"],
    ["operator thinks sessions were reset … agents remain stuck in typing…/status=running", "stuck-running"],
    ["running • 12m 3s", "stuck-running"],
    ["active_sqlite_transcript_jsonl: 3", "migration"],
    ["historical_transcript_deferred", "migration"],
    ["plugin_migration_source_retained", "migration"],
    ["Error: database disk image is malformed", "database-malformed"],
    ["SQLITE_CORRUPT", "database-malformed"],
    ["rollout files and state DB thread inventory differ", "codex-inventory"],
    ["ENOSPC: no space left on device, write", "no-space"],
    ["[gateway] removed stale session lock: /h/x.jsonl.lock (dead-pid)", "removed-stale-lock"],
    [
      "marked interrupted main session failed: agent:ops:main (transcript tail is not resumable)",
      "interrupted-session",
    ],
    ["marked 2 startup-orphaned main session(s) for restart recovery", "interrupted-session"],
    ["System: [2026-11-21 00:16:46 UTC] Exec completed (salty-gl, code 0) :: out", "exec-completed"],
    ["openclaw:prompt-error", "aborted-prompt"],
  ];
  for (const [text, id] of wordings)
    it(text.slice(0, 70), () =>
      assert.ok(
        symptomsIn(text).some((one) => one.id === id),
        `${id} is not among them`,
      ),
    );

  it("each row says something, and names findings that there are", () => {
    assert.equal(new Set(SYMPTOMS.map(({ id }) => id)).size, SYMPTOMS.length);
    for (const { codes, means, otherwise } of SYMPTOMS) {
      for (const code of codes) assert.ok(code in FINDING_KINDS, code);
      for (const text of [means, otherwise]) assert.match(text, /^[A-Z`].*\.$/s);
    }
  });

  it("and other text is not", () => {
    for (const text of ["", "I feel sick", "the tests are running", "please reset the router", "{}"])
      assert.deepEqual(symptomsIn(text), []);
  });
});

describe("a message names", () => {
  it("processes, files, sessions and tool calls", () => {
    const text = `lane=session:agent:main:third: session file locked: pid=4214 /home/k/.openclaw/agents/main/sessions/${ID}.jsonl.lock: code=X; toolu_01AbCdEf99 and call_fake_31_0`;
    const names = namesIn(text);
    assert.deepEqual(names.pids, [4214]);
    assert.deepEqual(names.paths, [`/home/k/.openclaw/agents/main/sessions/${ID}.jsonl.lock`]);
    assert.deepEqual(names.ids, [ID]);
    assert.deepEqual(names.keys, ["agent:main:third"]);
    assert.deepEqual(names.callIds, ["toolu_01AbCdEf99", "call_fake_31_0"]);
  });

  const paths: [text: string, path: string][] = [
    [`"/home/a b/${ID}.jsonl"`, `/home/a b/${ID}.jsonl`],
    [`(~/x/${ID}.jsonl)`, `~/x/${ID}.jsonl`],
    [`at ${ID}.jsonl.reset.2026-11-21T00-16-38.936Z.`, `${ID}.jsonl.reset.2026-11-21T00-16-38.936Z`],
    ["C:\\Users\\k\\.openclaw\\sessions.json.lock is there", "C:\\Users\\k\\.openclaw\\sessions.json.lock"],
  ];
  for (const [text, path] of paths) it(text, () => assert.deepEqual(namesIn(text).paths, [path]));

  it("nothing where there is nothing, and not forever where there is much", () => {
    assert.deepEqual(namesIn(""), { pids: [], paths: [], ids: [], keys: [], callIds: [], slugs: [] });
    const much = `"${"a/".repeat(200_000)}`;
    assert.deepEqual(namesIn(much).paths, []);
    assert.ok(namesIn(`${ID} x.jsonl `.repeat(50_000)).ids.length === 1);
  });
});
