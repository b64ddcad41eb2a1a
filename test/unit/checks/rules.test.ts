import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FINDING_KINDS, findingKind, type FindingCode } from "../../../src/checks/codes.ts";
import type { CheckInput } from "../../../src/checks/rule.ts";
import { runChecks } from "../../../src/checks/run.ts";
import type { DatabaseState } from "../../../src/model/database.ts";
import type { Finding, Severity } from "../../../src/model/finding.ts";
import type { Fragment } from "../../../src/model/fragment.ts";
import type { ShadowComparison, ShadowPair } from "../../../src/model/shadow.ts";
import type { StoreRow } from "../../../src/model/store.ts";
import { checkedHome, checkInput, goodParts, type Parts } from "../../support/checked.ts";
import {
  companion,
  database,
  DAY,
  fragment,
  HOME,
  homeIdentity,
  judgedLock,
  MINUTE,
  NOW,
  resetArchive,
  row,
  SECOND,
  session,
  SESSIONS,
  uuid,
} from "../../support/model.ts";

const GOOD = goodParts();
const MAIN = `${SESSIONS}/${uuid(1)}.jsonl`;

const check = (parts: Partial<Parts>, given: Partial<CheckInput> = {}): readonly Finding[] =>
  runChecks(checkInput({ ...GOOD, ...parts }, given));

/** The only finding of these parts. */
function only(code: FindingCode, parts: Partial<Parts>, given: Partial<CheckInput> = {}): Finding {
  const found = check(parts, given);
  assert.deepEqual(
    found.map((finding) => finding.code),
    [code],
  );
  const [finding] = found;
  assert.ok(finding !== undefined && finding.evidence.length > 0 && finding.id !== "");
  assert.match(finding.message, /^[\p{Lu}“\d].*[.)]$/u);
  return finding;
}

const none = (parts: Partial<Parts>, given: Partial<CheckInput> = {}): void =>
  assert.deepEqual(check(parts, given), []);

const withMain = (change: Partial<Fragment>): Pick<Parts, "fragments"> => ({
  fragments: GOOD.fragments.map((one) => (one.path === MAIN ? { ...one, ...change } : one)),
});
const withMainRow = (change: Partial<StoreRow>): Pick<Parts, "rows"> => ({
  rows: GOOD.rows.map((one) => (one.key === "agent:main:main" ? { ...one, ...change } : one)),
});
const withFragment = (...more: readonly Fragment[]): Pick<Parts, "fragments"> => ({
  fragments: [...GOOD.fragments, ...more],
});
const withoutMain = { fragments: GOOD.fragments.filter((one) => one.path !== MAIN) };

test("a good home has no findings", () => none({}));

const unknownLock = (reason: "restored-home" | "not-a-file" | "fresh-payload"): Pick<Parts, "locks"> => ({
  locks: [judgedLock({ verdict: "unknown", reasons: [reason] })],
});

describe("locks", () => {
  test("stale: names the session and advises against deleting it by hand", () => {
    const finding = only("lock/stale", { locks: [judgedLock()], ...withMainRow({ status: "failed" }) });
    assert.equal(finding.sessionKey, "agent:main:main");
    assert.match(finding.message, /Process 4242 no longer lives.*Restart the gateway/);
    assert.match(finding.evidence[1]?.text ?? "", /status failed/);
    assert.equal(finding.evidence[1]?.line, 2);
  });

  test("stale: a store's lock is said to be overlooked by doctor", () => {
    const lock = judgedLock({
      of: "store",
      target: `${SESSIONS}/sessions.json`,
      path: `${SESSIONS}/sessions.json.lock`,
    });
    assert.match(only("lock/stale", { locks: [lock] }).message, /doctor does not look at it/);
  });

  test("stale: in a backup it has no effect", () => {
    const home = homeIdentity({ role: "backup" });
    assert.match(only("lock/stale", { locks: [judgedLock()], home }).message, /no effect/);
  });

  test("held for longer than the setting, or than its own limit", () => {
    const held = { verdict: "held", reasons: ["live-owner"] } as const;
    only("lock/held-long", { locks: [judgedLock({ ...held, createdAt: NOW - 61 * SECOND })] });
    none({ locks: [judgedLock({ ...held, createdAt: NOW - 59 * SECOND })] });
    none({ locks: [judgedLock({ ...held, createdAt: NOW - 61 * SECOND })] }, { locksWarnAfterSeconds: 120 });
    const over = judgedLock({ verdict: "held", reasons: ["live-owner", "over-max-hold"], createdAt: NOW - 5 * SECOND });
    only("lock/held-long", { locks: [over] });
  });

  test("a gateway may hold its own lock for ever", () => {
    const lock = judgedLock({
      of: "gateway",
      target: ".",
      verdict: "held",
      reasons: ["live-owner"],
      createdAt: NOW - DAY,
    });
    none({ locks: [lock] });
  });

  test("unknown is a note, an obstacle that is no file a warning, a lock being written nothing", () => {
    assert.equal(only("lock/unknown", unknownLock("restored-home")).severity, "info");
    assert.equal(only("lock/unknown", unknownLock("not-a-file")).severity, "warning");
    none(unknownLock("fresh-payload"));
  });
});

const pair = (relation: ShadowPair["relation"], given: Partial<ShadowPair> = {}): ShadowPair => ({
  what: "key",
  name: "agent:main:main",
  agent: "main",
  relation,
  shadowPath: MAIN,
  canonicalPath: MAIN,
  shadowUpdatedAt: NOW,
  canonicalUpdatedAt: NOW - DAY,
  shadowStatus: "running",
  canonicalStatus: "done",
  ...given,
});

describe("shadow stores", () => {
  const home = homeIdentity({
    id: "shadow-1",
    role: "shadow",
    path: `${HOME}/agents/main/agent/codex-home/home/.openclaw`,
    canonicalPath: HOME,
    reasons: [{ rule: "codex-home", text: "the HOME that agent main runs its tools in" }],
  });
  const compared = (
    pairs: readonly ShadowPair[],
    given: Partial<ShadowComparison> = {},
  ): Pick<Parts, "home" | "comparison"> => ({
    home,
    comparison: {
      shadow: home.path,
      canonical: HOME,
      linked: false,
      pairs,
      lastWritten: "shadow",
      apartMs: 3 * DAY,
      ...given,
    },
  });

  test("diverged: says what differs, who wrote last and whose status differs", () => {
    const finding = only("store/shadow-diverged", compared([pair("diverged"), pair("only-canonical", { name: "x" })]));
    assert.match(finding.message, /1 session key has different content on the two sides/);
    assert.match(finding.message, /This one was written last, 3 days after the other/);
    assert.match(finding.message, /status differs for agent:main:main/);
    assert.equal(finding.related[0]?.path, HOME);
  });

  test("a shadow that only lags behind, or has sessions of its own, has not diverged", () => {
    only("store/shadow", compared([pair("shadow-is-prefix")]));
    only("store/shadow", compared([pair("only-shadow", { what: "transcript", name: uuid(1) })]));
    only("store/shadow", compared([pair("identical")]));
  });

  test("a status that differs is said of equal transcripts too, and how many more there are", () => {
    const pairs = ["a", "b", "c", "d"].map((name) => pair("identical", { name }));
    const finding = only("store/shadow", compared(pairs));
    assert.match(finding.message, /The status differs for a, b, c and 1 other session key\./);
    const said = finding.evidence.filter(({ text }) => text.includes("(status running here, done there)"));
    assert.equal(said.length, pairs.length);
  });

  test("linked to the canonical sessions, or without sessions: healthy", () => {
    none(compared([], { linked: true }));
    none(compared([pair("only-canonical", { shadowPath: null })]));
  });

  test("not compared: still named", () => {
    assert.match(only("store/shadow", { home }).message, /could not be compared/);
  });

  test("that this program itself would use it is the first evidence", () => {
    const message = "The editor's own HOME lies in an agent's folder";
    const environment = [{ message, home: `${HOME}/agents/main/agent/codex-home/home`, canonicalPath: HOME }];
    const finding = only("store/shadow", compared([pair("identical")]), { environment });
    assert.equal(finding.evidence[0]?.text, message);
  });
});

describe("rows without their transcript", () => {
  test("missing: nothing is known of a copy", () => {
    const [first] = GOOD.fragments;
    assert.ok(first !== undefined);
    const fragments = withoutMain.fragments.filter((one) => one.kind !== "checkpoint");
    const finding = only("store/missing-transcript", { fragments, sessions: [session([first])] });
    assert.match(finding.message, /No copy of it was found/);
    assert.match(finding.message, /Don't run `openclaw sessions cleanup --fix-missing`/);
    assert.deepEqual(finding.range, { line: 2, offset: 20, bytes: 100 });
    assert.match(finding.message, /Earlier parts of the same session are still there \(1\)/);
  });

  test("missing: archives and checkpoints with the same header id are copies, other homes' files too", () => {
    const archive = resetArchive(uuid(1), NOW - MINUTE);
    const gone = { fragments: [...withoutMain.fragments, archive], sessions: GOOD.sessions };
    const backup = checkedHome({ ...GOOD, home: homeIdentity({ id: "b", path: "/backup/home", role: "backup" }) });
    const finding = only("store/missing-transcript", gone, { others: [backup] });
    assert.deepEqual(finding.related.map(({ label }) => label).slice(0, 3), [
      "reset archive",
      "checkpoint (a copy from before a compaction)",
      "transcript of the same session in the backup home /backup/home",
    ]);
    assert.match(finding.message, /Copies exist: reset archive/);
  });

  test("missing: a shadow's transcript of the same key is named", () => {
    const shadow = checkedHome({
      ...GOOD,
      home: homeIdentity({ id: "s", path: `${HOME}/shadow`, role: "shadow", canonicalPath: HOME }),
      rows: [row({ sessionId: uuid(50) })],
      fragments: [fragment({ sessionId: uuid(50) })],
    });
    const parts = { fragments: withoutMain.fragments.filter((one) => one.kind !== "checkpoint") };
    const finding = only("store/missing-transcript", parts, { others: [shadow] });
    assert.match(finding.related[0]?.label ?? "", /of the same key in the shadow home/);
  });

  test("one finding for the two rows of a cron run", () => {
    const finding = only("store/missing-transcript", {
      fragments: GOOD.fragments.filter((one) => one.sessionId !== uuid(2)),
    });
    assert.equal(finding.sessionKey, "agent:main:cron:5c0a");
  });

  test("a session that was reset and had no turn since lost nothing", () => {
    const reset = {
      sessionFile: null,
      status: null,
      startedAt: null,
      systemSent: false,
      transcriptBy: "session-id",
    } as const;
    none({ ...withoutMain, ...withMainRow(reset) });
    const { systemSent, ...unsaid } = reset;
    assert.equal(systemSent, false);
    none({ ...withoutMain, ...withMainRow({ ...unsaid, systemSent: null }) });
    only("store/missing-transcript", { ...withoutMain, ...withMainRow({ ...reset, systemSent: true }) });
  });

  test("a row that names a file is given a moment for its first line", () => {
    const fresh = { status: null, startedAt: null, systemSent: false } as const;
    none({ ...withoutMain, ...withMainRow({ ...fresh, updatedAt: NOW - SECOND }) });
    only("store/missing-transcript", { ...withoutMain, ...withMainRow({ ...fresh, updatedAt: NOW - 10 * MINUTE }) });
  });

  test("a transcript that is there but can't be read is not missing", () => {
    const skipped = [{ path: `${HOME}/${MAIN}`, reason: "permission denied" }];
    none({ ...withoutMain, reading: { ...GOOD.reading, skipped } });
  });

  test("foreign: neither missing nor is its own transcript an orphan", () => {
    const foreign = { transcriptBy: "foreign", transcriptPath: null, sessionFile: `/other/${uuid(1)}.jsonl` } as const;
    const finding = only("store/foreign-session-file", withMainRow(foreign));
    assert.match(finding.message, /outside this store: \/other\//);
    assert.deepEqual(
      finding.related.map(({ path }) => path),
      [MAIN],
    );
  });

  test("foreign: the home that it points into is named", () => {
    const path = `${HOME}/agents/main/agent/codex-home/home/.openclaw`;
    const shadow = checkedHome({ ...GOOD, home: homeIdentity({ id: "s", path, role: "shadow" }) });
    const foreign = { transcriptBy: "foreign", transcriptPath: null, sessionFile: `${path}/${MAIN}` } as const;
    assert.match(
      only("store/foreign-session-file", withMainRow(foreign), { others: [shadow] }).message,
      /in the shadow home/,
    );
  });

  test("two sessions on one transcript, but not a key in its old and new form", () => {
    const other = row({ key: `agent:main:explicit:${uuid(1)}` });
    only("store/shared-transcript", { rows: [...GOOD.rows, other] });
    none({ rows: [...GOOD.rows, row({ key: "main" })] });
  });
});

const orphan = (given: Partial<Fragment>): Fragment => fragment({ sessionId: uuid(20), ...given });
const severityOf = (one: Fragment): Severity => only("store/orphan-transcript", withFragment(one)).severity;

describe("transcripts without their row", () => {
  test("a person's conversation is a warning of its own, and never called junk", () => {
    const finding = only("store/orphan-transcript", withFragment(orphan({})));
    assert.equal(finding.severity, "warning");
    assert.match(finding.message, /It is not junk/);
  });

  test("its title and the key that evidence gives it are named", () => {
    const one = orphan({});
    const owner = session([one], { key: "agent:main:keep", row: null, state: "orphan", title: "keep file" });
    const finding = only("store/orphan-transcript", { ...withFragment(one), sessions: [...GOOD.sessions, owner] });
    assert.match(finding.message, /“keep file”.*It was the transcript of agent:main:keep/);
    assert.equal(finding.sessionKey, "agent:main:keep");
  });

  test("an earlier part of a session that is still listed is a note", () => {
    const one = orphan({});
    const chain = session([one, fragment()], { row: row() });
    assert.equal(only("store/orphan-transcript", { ...withFragment(one), sessions: [chain] }).severity, "info");
  });

  test("turns of the machine are notes, together", () => {
    assert.equal(severityOf(orphan({ firstUserText: null })), "info");
    assert.equal(severityOf(orphan({ firstUserText: "[cron:1 x] go" })), "info");
    assert.equal(severityOf(orphan({ firstUserText: "[Subagent Context] You are" })), "info");
    assert.equal(severityOf(orphan({ firstUserText: null, start: "header-only" })), "info");
    const two = withFragment(orphan({ firstUserText: null }), orphan({ sessionId: uuid(21), firstUserText: null }));
    const finding = only("store/orphan-transcript", two);
    assert.match(finding.message, /2 transcripts that begin with heartbeats/);
    assert.equal(finding.id, only("store/orphan-transcript", withFragment(orphan({ firstUserText: null }))).id);
  });

  test("topic sessions, a transcript begun just now and one that is being written are none", () => {
    none(withFragment(orphan({ startedAt: NOW - 5 * SECOND })));
    const target = orphan({}).path;
    none({
      ...withFragment(orphan({})),
      locks: [judgedLock({ target, verdict: "held", reasons: ["live-owner"], createdAt: NOW })],
    });
  });

  test("nothing is an orphan when the store could not be read", () => {
    only("store/unreadable", { ...withFragment(orphan({})), store: { state: "damaged" } });
  });
});

describe("running rows", () => {
  const running = withMainRow({ status: "running", endedAt: null });

  test("without a lock and silent: stuck", () => {
    const finding = only("store/stuck-running", { ...running, locks: [] });
    assert.match(
      finding.message,
      /no lock stands on its transcript and nothing was written since 2026-11-21 00:50:00 UTC/,
    );
  });

  test("behind a stale lock: stuck as well", () => {
    const codes = check({ ...running, locks: [judgedLock()] }).map(({ code }) => code);
    assert.deepEqual(codes, ["lock/stale", "store/stuck-running"]);
  });

  test("held, or perhaps held: not stuck", () => {
    none(running);
    const unknown = judgedLock({ verdict: "unknown", reasons: ["restored-home"] });
    only("lock/unknown", { ...running, locks: [unknown] });
  });

  test("written a moment ago: not stuck", () => {
    none({ ...running, ...withMain({ endedAt: NOW - MINUTE }), locks: [] });
    none({ ...withMainRow({ status: "running", updatedAt: NOW - MINUTE }), locks: [] });
  });

  test("in a backup nothing runs", () => none({ ...running, locks: [], home: homeIdentity({ role: "backup" }) }));
});

describe("stores", () => {
  const damage = [{ reason: "the text ends inside a string", offset: 812, line: 14, key: "agent:main:x" }];

  test("damaged: where, what is left and which copies stand beside it", () => {
    const copies = [
      companion("store-temporary", "sessions.json.4242.tmp"),
      companion("store-backup", "sessions.json.bak.1"),
    ];
    const finding = only("store/unreadable", { store: { state: "damaged", damage }, companions: copies });
    assert.deepEqual(finding.range, { line: 14, offset: 812, bytes: 1 });
    assert.match(finding.message, /line 14, byte 812.*4 rows can still be read/);
    assert.equal(finding.related.length, 2);
  });

  test("with keys that occur twice: which rows are passed over, and which count", () => {
    const twice = { key: "agent:main:main", sessionId: uuid(7), offset: 4, length: 90, line: 2 };
    const finding = only("store/duplicate-key", { store: { duplicates: [twice] } });
    assert.deepEqual([finding.severity, finding.sessionKey], ["warning", "agent:main:main"]);
    assert.deepEqual(finding.range, { line: 2, offset: 4, bytes: 90 });
    assert.match(finding.message, /1 row of the store of agent main .*OpenClaw uses the last one, in line \d+/);
    assert.deepEqual(
      finding.evidence.map(({ text }) => text),
      [
        `agent:main:main is passed over here: session id ${uuid(7)}`,
        `agent:main:main is used from here: session id ${uuid(1)}`,
      ],
    );
    const many = [1, 2, 3, 4, 5].map((n) => ({ ...twice, key: `agent:main:${n}` }));
    assert.match(
      only("store/duplicate-key", { store: { duplicates: many } }).message,
      /5 rows .*agent:main:3 and 2 more occur again.*the last row of each/,
    );
  });

  test("empty and unreadable", () => {
    const archivesOnly = { rows: [], sessions: [], fragments: [] };
    assert.match(
      only("store/unreadable", { ...archivesOnly, store: { state: "empty", bytes: 0 } }).message,
      /is empty/,
    );
    assert.match(
      only("store/unreadable", { ...archivesOnly, store: { state: "unreadable" } }).message,
      /can't be read at all/,
    );
  });

  test("no store: only a finding when there is something to list", () => {
    only("store/missing", { rows: [], store: { state: "missing" } });
    none({ rows: [], fragments: [], sessions: [], store: { state: "missing" } });
  });

  test("temporary files that a dead write has left", () => {
    const left = companion("store-temporary", "sessions.json.4242.tmp");
    assert.equal(only("store/temporary-left", { companions: [left] }).path, left.path);
    only("store/temporary-left", { companions: [companion("temporary", "x.tmp"), left] });
    none({ companions: [{ ...left, modifiedAt: NOW - SECOND }] });
    none({
      companions: [left],
      locks: [judgedLock({ target: `${SESSIONS}/sessions.json`, verdict: "held", reasons: [], createdAt: NOW })],
    });
  });

  test("very large", () => {
    only("store/large", { store: { bytes: 12_700_000 } });
  });
});

/** The good home with a reset archive of this age. */
function old(days: number): Partial<Parts> {
  const archive = resetArchive(uuid(31), NOW - days * DAY);
  return { ...withFragment(archive), sessions: [...GOOD.sessions, session([archive], { key: "agent:main:old" })] };
}

describe("chains", () => {
  const loose = resetArchive(uuid(30), NOW - DAY);
  const unattributed = session([loose], { key: null, state: "unknown", unattributed: "two keys were reset then" });

  test("an archive that belongs to no known session", () => {
    const finding = only("chain/unlinked-archive", {
      ...withFragment(loose),
      sessions: [...GOOD.sessions, unattributed],
    });
    assert.match(finding.message, /Two keys were reset then\./);
    assert.equal(finding.path, loose.path);
  });

  test("a store that another user owns may be whole: the reason is said, and no copy advised", () => {
    const skipped = [{ path: `${HOME}/${SESSIONS}/sessions.json`, reason: "permission denied" }];
    const closed = { store: { state: "unreadable" }, reading: { ...GOOD.reading, skipped } } as const;
    const { message } = only("store/unreadable", { ...GOOD, ...closed });
    assert.match(message, /can't be read at all \(permission denied\), so/);
    assert.match(message, /It may be whole: look again as the user that owns it\.$/);
  });

  test("an unreadable store leaves archives without keys: that is one finding, not many", () => {
    only("store/unreadable", { ...withFragment(loose), sessions: [unattributed], store: { state: "damaged" } });
  });

  test("archives close to their retention", () => {
    assert.match(only("chain/archive-expiring", old(26)).message, /The oldest goes after 2026-11-25 01:00:00 UTC/);
    assert.match(only("chain/archive-expiring", old(31)).message, /may go at any moment/);
    none(old(24));
    none({ ...old(29), reading: { archiveRetentionDays: null } });
    none({ ...old(29), home: homeIdentity({ role: "backup" }) });
    only("chain/archive-expiring", { ...old(6), reading: { archiveRetentionDays: 7 } });
  });
});

describe("transcripts", () => {
  const torn = { tail: { state: "torn", offset: 3900, bytes: 100, reason: "the last line is cut" } } as const;

  test("a torn tail", () => {
    const finding = only("transcript/torn-tail", { ...withMain(torn), locks: [] });
    assert.match(finding.message, /breaks off \(the last line is cut; 100 bytes\)/);
    assert.match(finding.evidence[0]?.text ?? "", /from byte 3900 on/);
    const archive = resetArchive(uuid(10), NOW - 12 * MINUTE, torn);
    only("transcript/torn-tail", { fragments: [...GOOD.fragments.slice(1), archive] });
  });

  test("a write in progress is no torn tail: its lock is held, or all is about now", () => {
    none(withMain(torn));
    none({ ...withMain({ ...torn, modifiedAt: NOW - SECOND, endedAt: NOW - SECOND }), locks: [] });
    const running = withMainRow({ status: "running", updatedAt: NOW - SECOND });
    none({ ...withMain({ ...torn, modifiedAt: NOW - SECOND }), ...running, locks: [] });
    only("transcript/torn-tail", { ...withMain({ ...torn, modifiedAt: NOW - SECOND }), locks: [] });
  });

  test("a damaged header is an error where OpenClaw would write over it", () => {
    const header = { state: "bad", reason: "line 1 is no JSON object", offset: 0 } as const;
    const finding = only("transcript/bad-header", withMain({ header, sessionId: null }));
    assert.equal(finding.severity, "error");
    assert.equal(finding.range?.line, 1);
    const archive = resetArchive(uuid(10), NOW - 12 * MINUTE, { header });
    assert.equal(
      only("transcript/bad-header", { fragments: [...GOOD.fragments.slice(1), archive] }).severity,
      "warning",
    );
  });

  test("a transcript that holds nothing but a header though turns were done", () => {
    const bare = withMain({ start: "header-only", firstUserText: null, bytes: 149 });
    const finding = only("transcript/wiped", { ...bare, locks: [] });
    assert.match(finding.message, /turn that ended 2026-11-21 00:50:00 UTC.*A copy exists: checkpoint/);
    none(bare);
    none({ ...bare, ...withMainRow({ status: null, startedAt: null, endedAt: null }), locks: [] });
    none({ ...bare, ...withMainRow({ status: "running", endedAt: null, updatedAt: NOW - SECOND }), locks: [] });
  });

  test("an empty transcript names the copies", () => {
    const empty = withMain({ header: { state: "empty" }, sessionId: null, bytes: 0 });
    assert.match(only("transcript/empty", { ...empty, locks: [] }).message, /A copy exists: checkpoint/);
    none(empty);
  });
});

test("a database that can't be read from here says what else could read it", () => {
  const unread = (state: DatabaseState): Finding =>
    only("store/database-unread", { databases: [database({ state })], ...withoutMain });
  assert.match(unread("no-reader").message, /VS Code 1\.101 or later, or Node 22\.15 or later/);
  assert.match(unread("too-large-to-copy").message, /too large for a private copy/);
  assert.match(unread("busy").message, /the next scan tries again/);
});

test("findings stand worst first, and change neither with the order of things nor with the time", () => {
  const many = {
    ...withFragment(fragment({ sessionId: uuid(20) })),
    locks: [judgedLock(), judgedLock({ path: "x.jsonl.lock", verdict: "unknown", reasons: ["restored-home"] })],
    ...withMainRow({ transcriptBy: "foreign", transcriptPath: null }),
    store: { bytes: 20_000_000 },
  };
  const findings = check(many);
  assert.deepEqual(
    findings.map(({ severity }) => severity),
    ["warning", "warning", "warning", "info", "info"],
  );
  const later = check(
    { ...many, locks: many.locks.toReversed(), fragments: many.fragments.toReversed() },
    { now: NOW + DAY },
  );
  assert.deepEqual(later, findings);
  assert.equal(new Set(findings.map(({ id }) => id)).size, findings.length);
});

test("the table knows its codes", () => {
  for (const code of Object.keys(FINDING_KINDS)) assert.match(code, /^[a-z]+\/[a-z-]+$/);
  assert.equal(findingKind("lock/stale")?.severity, "warning");
  assert.equal(findingKind("toString"), undefined);
});
