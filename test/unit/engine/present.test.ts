// Words for times, amounts, names and states, as every face shows them.
import assert from "node:assert/strict";
import { suite, test } from "node:test";

import { count, duration, listed, size } from "../../../src/model/amounts.ts";
import { chainText } from "../../../src/engine/present/chain-text.ts";
import { findingText } from "../../../src/engine/present/finding-text.ts";
import {
  healthySentence,
  homeFamilies,
  homePath,
  shadowStanding,
  storeNote,
} from "../../../src/engine/present/homes.ts";
import { plainText } from "../../../src/engine/present/lines.ts";
import { escaped, shortened } from "../../../src/engine/present/names.ts";
import { databaseFacts, databaseTrouble } from "../../../src/engine/present/databases.ts";
import {
  chainCertainty,
  fragmentLabel,
  fragmentSummary,
  sessionLabel,
  sessionSummary,
} from "../../../src/engine/present/sessions.ts";
import { lockSummary } from "../../../src/engine/present/locks.ts";
import { ago, isoTime, moment, momentRange } from "../../../src/engine/present/times.ts";
import type { ShadowRelation } from "../../../src/model/shadow.ts";
import type { Session } from "../../../src/model/session.ts";
import type { HomeSnapshot } from "../../../src/model/snapshot.ts";
import type { SessionRecord } from "../../../src/model/store.ts";
import {
  aDatabase,
  aFinding,
  aFragment,
  aHome,
  aLock,
  aRow,
  aSession,
  aSnapshot,
  aWindow,
  aWindowedSession,
  anAgent,
  anArchive,
  anUnattributed,
  at,
  NOW,
} from "../../support/snapshots.ts";

const NO_RECORD: SessionRecord = {
  createdAt: null,
  createdVia: null,
  archivedAt: null,
  pinnedAt: null,
  parentKey: null,
  forkSource: null,
  previousSessionId: null,
  activeRunId: null,
  lastRunId: null,
  isValid: true,
};

test("the age of a lock says when a clock is wrong", () => {
  assert.equal(lockSummary(aLock({ pid: 7, ageMs: 4 * 60_000 })), "pid 7 · 4 min old");
  assert.equal(lockSummary(aLock({ pid: 7, ageMs: -4 * 60_000 })), "pid 7 · made 4 min in the future");
});

test("a shadow's agent that only links to the canonical sessions is not said to lack its store", () => {
  const { reading } = anAgent([]);
  const missing = { ...reading, store: { ...reading.store, state: "missing" as const } };
  const shadow = aHome({ home: { role: "shadow", path: "/h/agents/a/agent/home/.openclaw", canonicalPath: "/h" } });
  assert.equal(
    storeNote(shadow, { ...missing, sessionsLinkTarget: "/h/agents/a/sessions" }),
    "a symlink to the canonical sessions",
  );
  assert.equal(storeNote(shadow, { ...missing, sessionsLinkTarget: "/elsewhere" }), "store missing");
  assert.equal(storeNote(shadow, missing), "store missing");
});

suite("times", () => {
  test("relative times say when a clock is wrong", () => {
    assert.equal(ago(NOW - 4 * 60_000, NOW), "4 min ago");
    assert.equal(ago(NOW - 900, NOW), "just now");
    assert.equal(ago(NOW + 3 * 60_000, NOW), "3 min in the future");
    assert.equal(duration(3 * 3_600_000 + 5 * 60_000), "3 h 5 min");
    assert.equal(duration(24 * 3_600_000), "1 day");
  });

  test("a range names its day once", () => {
    assert.equal(momentRange(at(16, 19), at(16, 25)), "2026-11-21 00:16:19 to 00:16:25 UTC");
    assert.equal(momentRange(at(16) - 86_400_000, at(16)), "2026-11-20 00:16:00 to 2026-11-21 00:16:00 UTC");
    assert.equal(momentRange(null, null), "at an unknown time");
  });

  test("an impossible time neither throws nor pretends to be a date", () => {
    assert.equal(isoTime(1e300), null);
    assert.equal(isoTime(Number.NaN), null);
    assert.equal(moment(1e300), "an impossible time");
  });
});

suite("amounts and names", () => {
  test("bytes", () => {
    assert.equal(size(1), "1 byte");
    assert.equal(size(149), "149 bytes");
    assert.equal(size(10_240), "10 kB");
    assert.equal(size(999_900), "1 MB");
    assert.equal(size(1_500_000_000), "1.5 GB");
  });

  test("things", () => {
    assert.equal(count(1, "entry"), "1 entry");
    assert.equal(count(0, "line"), "0 lines");
    assert.equal(count(2, "further entry"), "2 further entries");
  });

  test("lists", () => assert.equal(listed(["a", "b", "c"]), "a, b and c"));

  test("a name can't act on a terminal or turn a line around", () => {
    assert.equal(escaped("a\u001b[31mb\nc\u202ed\u{e0041}\ud800"), "a\\x1b[31mb\\nc\\u{202e}d\\u{e0041}\\u{d800}");
    assert.equal(escaped("naïve 👩‍🚀 日本"), "naïve 👩‍🚀 日本");
  });

  test("a long name loses its middle only", () => {
    assert.equal(shortened("abcdefghij", 7), "abc…hij");
    assert.equal(shortened("👩👩👩👩👩", 3), "👩…👩");
    assert.equal(shortened("abc", 3), "abc");
  });

  test("the user's home is ~, but not in the middle of another name", () => {
    assert.equal(homePath("/home/ann/.openclaw", "/home/ann"), "~/.openclaw");
    assert.equal(homePath("/home/anna/.openclaw", "/home/ann"), "/home/anna/.openclaw");
    assert.equal(homePath("/.openclaw", "/"), "/.openclaw");
  });
});

suite("sessions", () => {
  test("a session goes by its key without the agent", () => {
    assert.equal(sessionLabel(aSession(), "main"), "incident");
    assert.equal(sessionLabel(aSession({ key: "agent:main:" }), "main"), "agent:main:");
    assert.equal(sessionLabel(aSession({ key: "global" }), "main"), "global");
    assert.equal(sessionLabel(aSession({ key: null }), "main"), "Start the build");
    assert.equal(sessionLabel(anUnattributed(), "main"), "0a0b0c0d");
  });

  test("a chain is as sure as its weakest link", () => {
    assert.equal(chainCertainty(aSession()), "recorded");
    assert.equal(chainCertainty(anUnattributed()), "open");
    assert.equal(chainCertainty(aSession({ fragments: [] })), null);
  });

  test("fragments are named by what happened to them", () => {
    const session = aSession();
    assert.equal(fragmentLabel(session, aFragment()), "now");
    assert.equal(fragmentLabel(session, anArchive()), "reset 2026-11-21 00:16Z");
    assert.equal(fragmentLabel(session, aFragment({ kind: "checkpoint", endedAt: null })), "checkpoint");
  });

  test("windows are named by what ended them, and by their extents", () => {
    const [first, second] = [aWindow(0, 7, { archivedAt: at(16, 26) }), aWindow(8, 8)];
    const read = (session: Session): string[] =>
      session.fragments.map((linked) => {
        const { fragment } = linked;
        return `${fragmentLabel(session, fragment)} · ${fragmentSummary(session, fragment, linked)}`;
      });
    const reset = "reset 2026-11-21 00:16Z · window 1 of 2, events 0-7 · 8.4 kB";
    assert.deepEqual(read(aWindowedSession([first, second])), [
      reset,
      "now · window 2 of 2, event 8 · 8.4 kB · link recorded",
    ]);
    const ended = read(aWindowedSession([first, second], { state: "ended" }));
    assert.equal(ended[1], "window 2026-11-21 00:16Z · window 2 of 2, event 8 · 8.4 kB · link recorded");
    assert.deepEqual(read(aWindowedSession([aWindow(3, 9)])), ["now · events 3-9 · 8.4 kB"]);
    const elsewhere = aWindow(0, 7, { path: "agents/main/sessions/x.jsonl.deleted.zst", kind: "deleted" });
    assert.match(read(aWindowedSession([elsewhere, second]))[0] ?? "", /^deleted .* · events 0-7 · /);
  });

  test("what a person marked in the agent program is told", () => {
    const marked = (record: Partial<SessionRecord>): string =>
      sessionSummary(aSession({ row: aRow({ record: { ...NO_RECORD, ...record } }) }), undefined);
    assert.equal(marked({ pinnedAt: at(1) }), "2 fragments · live · pinned");
    assert.equal(marked({ archivedAt: at(1) }), "2 fragments · live · archived");
    assert.equal(marked({}), "2 fragments · live");
  });
});

const standing = (...relations: ShadowRelation[]): string =>
  shadowStanding({
    shadow: "/s",
    canonical: "/c",
    linked: false,
    lastWritten: "unknown",
    apartMs: null,
    pairs: relations.map((relation) => ({
      what: "transcript",
      name: relation,
      agent: "main",
      relation,
      shadowPath: null,
      canonicalPath: null,
      shadowUpdatedAt: null,
      canonicalUpdatedAt: null,
      shadowStatus: null,
      canonicalStatus: null,
    })),
  });

suite("shadows", () => {
  test("both sides adding something is a divergence", () => {
    assert.equal(standing("identical"), "identical");
    assert.equal(standing("identical", "only-canonical"), "behind");
    assert.equal(standing("canonical-is-prefix"), "ahead");
    assert.equal(standing("only-shadow", "only-canonical"), "diverged");
    assert.equal(standing("identical", "diverged"), "diverged");
    assert.equal(standing(), "unknown");
  });
});

suite("health", () => {
  test("a healthy home says what was checked", () => {
    const healthy = aSnapshot([aHome({ agents: [anAgent([aSession()])], locks: [], findings: [] })]);
    assert.equal(
      healthySentence(healthy),
      "Nothing is wrong here. Checked: 1 store with 1 row, beginning and end of 2 transcripts and no locks of 1 agent.",
    );
  });

  test("nothing is called healthy that is troubled or not there, nor from inside an agent's own HOME", () => {
    const healthy = aHome({ findings: [] });
    const warning = { message: "m", home: "/h", canonicalPath: "/c" };
    assert.equal(healthySentence(aSnapshot()), null);
    assert.equal(healthySentence(aSnapshot([])), null);
    assert.equal(healthySentence(aSnapshot([healthy, aHome()])), null);
    assert.equal(healthySentence(aSnapshot([healthy], { environment: [warning] })), null);
  });

  test("several healthy homes get one sentence", () => {
    const healthy = aHome({ findings: [], locks: [] });
    assert.equal(
      healthySentence(aSnapshot([healthy, healthy])),
      "Nothing is wrong in any of these homes. Checked: 2 homes, 2 agents, 4 sessions, 6 fragments, 0 locks and 2 stores.",
    );
  });
});

const shadowOf = (id: string, path: string, canonicalPath: string): HomeSnapshot =>
  aHome({ home: { id, path, canonicalPath, role: "shadow" } });

suite("families of homes", () => {
  test("a shadow stands below its canonical home, also over several steps; without one it stands for itself", () => {
    const homes = [
      shadowOf("deep", "/home/ann/.openclaw/s/t", "/home/ann/.openclaw/s"),
      aHome(),
      shadowOf("s", "/home/ann/.openclaw/s", "/home/ann/.openclaw"),
      shadowOf("alone", "/elsewhere", "/not/scanned"),
    ];
    const families = homeFamilies(homes).map(({ top, below }) => [top, ...below].map((one) => one.home.id));
    assert.deepEqual(families, [["openclaw-1", "deep", "s"], ["alone"]]);
  });
});

suite("documents", () => {
  const home = aHome();
  const [agent] = home.agents;
  assert.ok(agent);

  test("a chain shows every fragment, what each link rests on, its lock and its findings", () => {
    assert.equal(
      plainText(chainText({ home, agent, session: aSession() }, NOW)),
      `incident
Start the build
2 fragments · live, stale lock · updated 3 min ago (2026-11-21 00:16:39 UTC)
In agent main of /home/ann/.openclaw (OpenClaw 2026.5.12, canonical home)
Key agent:main:incident: recorded
  the store row names the session id (agents/main/sessions/sessions.json:2)
Lock stale: agents/main/sessions/17b5706a-97ec-4824-a6f1-8b15314fd80a.jsonl.lock
  Process 23785 no longer lives, so nobody holds this lock.
  dead-pid: no process with its number lives here

Chain, oldest first
 1. bf185efc-9db9-423c-9bbd-b4fbaa9cd312  reset archive
    agents/main/sessions/bf185efc-9db9-423c-9bbd-b4fbaa9cd312.jsonl.reset.2026-11-21T00-16-26.256Z
    2026-11-21 00:16:19 to 00:16:25 UTC · 10 kB · put away 2026-11-21 00:16:26 UTC
    No fragment comes before it.
 2. 17b5706a-97ec-4824-a6f1-8b15314fd80a  live
    agents/main/sessions/17b5706a-97ec-4824-a6f1-8b15314fd80a.jsonl
    2026-11-21 00:16:26 to 00:16:38 UTC · 8.4 kB
    Continues 1: recorded
      the store row lists both ids, in order (agents/main/sessions/sessions.json:9)`,
    );
  });

  test("an open place says why, and names what it could continue", () => {
    const text = plainText(chainText({ home, agent, session: anUnattributed() }, NOW));
    assert.match(text, /No session key is known: no row, trajectory or marker names a key\./);
    assert.match(
      text,
      /Open: two archives could precede it\n {4}It could continue:\n {6}agents\/main\/sessions\/bf185efc.*/,
    );
  });

  test("hostile names stay on their line", () => {
    const hostile = aSession({ key: "agent:main:a\nb\u001b[2J", title: "x\u202ey" });
    const text = plainText(chainText({ home, agent, session: hostile }, NOW));
    assert.match(text, /agent:main:a\\nb\\x1b\[2J/);
    assert.doesNotMatch(text, /\p{Cf}|(?!\n)\p{Cc}/u);
  });

  test("a kind of finding brings its advice, each paragraph on one line", () => {
    const text = plainText(findingText(home, aFinding({ message: `${"word ".repeat(40)}end` })));
    assert.match(text, /^(word ){40}end$/m);
    assert.match(text, /^What to do$/m);
  });

  test("a finding is explained with place, evidence and what it is also about", () => {
    const finding = aFinding({
      code: "some/other",
      range: { line: 3, offset: 20, bytes: 5 },
      related: [{ path: "agents/main/sessions/copy.jsonl", label: "A copy" }],
    });
    assert.equal(
      plainText(findingText(aHome({ findings: [finding], locks: [aLock()] }), finding)),
      `Warning: some/other
The lock's process is dead, so the agent waits for nobody.

Where: /home/ann/.openclaw/agents/main/sessions/17b5706a-97ec-4824-a6f1-8b15314fd80a.jsonl.lock:3 (byte 20, 5 long)
       Session agent:main:incident, agent main, home /home/ann/.openclaw (OpenClaw 2026.5.12, canonical home)

What this rests on
  pid 23785 does not live (agents/main/sessions/17b5706a-97ec-4824-a6f1-8b15314fd80a.jsonl.lock)

See also
  A copy: /home/ann/.openclaw/agents/main/sessions/copy.jsonl

Repairs
  No repair is offered for it yet.

Id: f-0001`,
    );
  });
});

suite("a database", () => {
  test("that was read as a whole has no trouble", () => {
    assert.equal(databaseTrouble(aDatabase()), null);
    const archive = { kind: "archive-lost", where: "x.jsonl.zst", reason: "it is gone" } as const;
    assert.equal(databaseTrouble(aDatabase({ trouble: [archive] })), null);
  });

  test("that was not says why, and what was met first", () => {
    const damage = (where: string | null, reason: string) => ({ kind: "damage", where, reason }) as const;
    assert.equal(databaseTrouble(aDatabase({ state: "encrypted" })), "is no SQLite database, or an encrypted one");
    assert.equal(
      databaseTrouble(aDatabase({ state: "empty", trouble: [damage(null, "it has no bytes")] })),
      "is empty: it has no bytes",
    );
    const trouble = [damage("session_nodes", "page 7 is malformed"), damage("transcript_events", "page 9 too")];
    assert.equal(
      databaseTrouble(aDatabase({ trouble })),
      "is read, but not all of it: session_nodes: page 7 is malformed; and 1 more",
    );
  });

  test("is told by its schema, its writer and its size", () => {
    assert.equal(databaseFacts(aDatabase()), "schema 23, written by 2026.9.6, 1 MB with a write-ahead log of 4.2 kB");
    const bare = aDatabase({ schemaVersion: null, appVersion: null, walBytes: null });
    assert.equal(databaseFacts(bare), "schema unknown, 1 MB");
  });
});
