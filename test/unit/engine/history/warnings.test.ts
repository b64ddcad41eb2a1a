// What a history warns of: each uncertainty once, in plain words, and nothing where all is sure.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { historyWarnings } from "../../../../src/engine/history/warnings.ts";
import type { SessionHit } from "../../../../src/engine/query.ts";
import type { AgentSnapshot, HomeSnapshot } from "../../../../src/model/snapshot.ts";
import {
  agentReading,
  database,
  DAY,
  fragment,
  homeIdentity,
  judgedLock,
  linked,
  NOW,
  resetArchive,
  row,
  session,
  store,
  uuid,
} from "../../../support/model.ts";

interface Given {
  readonly home?: Partial<HomeSnapshot>;
  readonly agent?: Partial<AgentSnapshot>;
  readonly session?: SessionHit["session"];
}

const KEY = "agent:main:main";
const live = fragment({ modifiedAt: NOW - DAY });
const sure = session([live], { key: KEY, keyCertainty: "recorded" });

function warningsOf(given: Given = {}): string[] {
  const home: HomeSnapshot = {
    home: homeIdentity(),
    agents: [],
    locks: [],
    findings: [],
    skipped: [],
    ...given.home,
  };
  const agent: AgentSnapshot = { reading: agentReading(), sessions: [], ...given.agent };
  const hit = { home, agent, session: given.session ?? sure };
  return historyWarnings(hit, { unread: [], unreadForExecs: [] }, NOW);
}

describe("a history", () => {
  it("of which all is sure warns of nothing", () => assert.deepEqual(warningsOf(), []));

  it("warns of a home that is not the canonical one", () => {
    const home = homeIdentity({ role: "shadow", canonicalPath: "/home/kim/.openclaw" });
    assert.match(warningsOf({ home: { home } })[0] ?? "", /shadow store, .*; the canonical home is \/home\/kim/);
  });

  it("warns of a key that is not known, or only inferred", () => {
    const keyless = session([live], { key: null, unattributed: "nothing names one" });
    assert.match(warningsOf({ session: keyless })[0] ?? "", /^No session key is known: nothing names one\./);
    const inferred = session([live], { key: KEY, keyCertainty: "inferred" });
    assert.match(warningsOf({ session: inferred })[0] ?? "", /is inferred, not recorded/);
  });

  it("warns of another session with the same key, such as one that was deleted before", () => {
    const gone = session([fragment({ sessionId: uuid(9) })], { key: KEY, state: "deleted" });
    const [warning] = warningsOf({ agent: { sessions: [sure, gone] } });
    assert.ok(warning?.includes(`Another session has the key ${KEY} as well: ${uuid(9)} (deleted, 1 fragment).`));
  });

  it("warns of a turn that goes on, as the lock or the store tells it", () => {
    const held = judgedLock({ target: live.path, verdict: "held" });
    assert.deepEqual(warningsOf({ home: { locks: [held] } }), [
      "The session is being written right now: what follows may not be there yet.",
    ]);
    const stale = judgedLock({ target: live.path, verdict: "stale", explanation: "Nobody holds it." });
    assert.match(
      warningsOf({ home: { locks: [stale] } })[0] ?? "",
      /^A lock that is stale lies on .*: Nobody holds it\.$/,
    );
    const running = session([live], { key: KEY, keyCertainty: "recorded", row: row({ status: "running" }) });
    assert.match(warningsOf({ session: running })[0] ?? "", /no lock is held: it was probably cut off/);
    const reading = agentReading({ store: store([], { kind: "database" }), databases: [database()] });
    assert.match(
      warningsOf({ session: running, agent: { reading } })[0] ?? "",
      /running: what follows may not be there/,
    );
  });

  it("warns of what was written this moment, and of a home that is still being read", () => {
    const fresh = session([fragment({ modifiedAt: NOW - 1000 })], { key: KEY, keyCertainty: "recorded" });
    assert.match(
      warningsOf({ session: fresh })[0] ?? "",
      /^The newest fragment was written just now .*, and may go on\.$/,
    );
    assert.match(warningsOf({ agent: { pending: "linking" } })[0] ?? "", /still being read/);
  });

  it("warns of each link that is a guess, with what else it can be, and counts many", () => {
    const archives = Array.from({ length: 14 }, (_, index) =>
      resetArchive(uuid(index + 1), NOW - DAY * (20 - index), { modifiedAt: NOW - DAY }),
    );
    const fragments = archives.map((one, index) =>
      linked(one, {
        link: index === 0 ? null : { previous: archives[index - 1]!, certainty: "inferred", evidence: [] },
        open: index === 0 ? "two archives could precede it" : null,
        alternatives: archives.slice(0, 6),
      }),
    );
    const guessed = { ...session(archives, { key: KEY, keyCertainty: "recorded", row: null }), fragments };
    const warnings = warningsOf({ session: guessed });
    assert.match(
      warnings[0] ?? "",
      /^What comes before .* is open: two archives could precede it\. It could be: .*; 2 more\.$/,
    );
    assert.match(warnings[1] ?? "", /is inferred: the best match, not a proof\. It could also be: /);
    assert.equal(warnings.at(-1), "And 4 uncertain links more.");
  });

  it("warns of files that are left out for they can't be read, and of a transcript that is gone", () => {
    const gone = "agents/main/sessions/gone.jsonl";
    const absent = session([live], {
      key: KEY,
      keyCertainty: "recorded",
      row: row({ sessionFile: `/home/ann/.openclaw/${gone}`, transcriptPath: gone }),
    });
    const folder = `${homeIdentity().path}/${agentReading().sessionsPath}`;
    const skipped = [
      { path: `${folder}/gone.jsonl`, reason: "permission denied" },
      { path: `${folder}/other.jsonl`, reason: "permission denied" },
      { path: `${homeIdentity().path}/agents/ops/sessions/x.jsonl`, reason: "permission denied" },
    ];
    const unread = warningsOf({ session: absent, home: { skipped } });
    assert.deepEqual(unread, [
      `${gone} could not be read, and is left out here: permission denied.`,
      "1 other file of this agent could not be read: a part of this session may be among them.",
    ]);
    assert.match(
      warningsOf({ session: absent }).join(),
      /^The store names \S+gone\.jsonl as the transcript, and it is not/,
    );
  });

  it("warns of damage", () => {
    const torn = fragment({
      modifiedAt: NOW - DAY,
      header: { state: "bad", reason: "it is no JSON", offset: 0 },
      tail: { state: "torn", offset: 7, bytes: 3, reason: "it ends inside a string" },
    });
    const warnings = warningsOf({ session: session([torn], { key: KEY, keyCertainty: "recorded" }) });
    assert.match(warnings[0] ?? "", /^The header of .* can't be read: it is no JSON\.$/);
    assert.match(warnings[1] ?? "", /is torn, from byte 7 on: it ends inside a string\.$/);
  });
});
