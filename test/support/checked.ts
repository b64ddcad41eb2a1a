/** A good home, read, linked and judged, as the rules see it: for tests that damage one thing in it. */
import type { CheckedHome, CheckInput } from "../../src/checks/rule.ts";
import type { DatabaseReading } from "../../src/model/database.ts";
import type { Fragment } from "../../src/model/fragment.ts";
import type { HomeIdentity } from "../../src/model/home.ts";
import type { Lock } from "../../src/model/lock.ts";
import type { Companion, HomeReading } from "../../src/model/reading.ts";
import type { Session } from "../../src/model/session.ts";
import type { ShadowComparison } from "../../src/model/shadow.ts";
import type { Store, StoreRow } from "../../src/model/store.ts";
import {
  agentReading,
  companion,
  DAY,
  fragment,
  homeIdentity,
  homeReading,
  judgedLock,
  MINUTE,
  NOW,
  resetArchive,
  row,
  session,
  SESSIONS,
  store,
  uuid,
} from "./model.ts";

/** The parts of a home with one agent, `main`, that rules look at. */
export interface Parts {
  readonly home: HomeIdentity;
  readonly rows: readonly StoreRow[];
  readonly store: Partial<Store>;
  readonly fragments: readonly Fragment[];
  readonly sessions: readonly Session[];
  readonly companions: readonly Companion[];
  readonly locks: readonly Lock[];
  readonly databases: readonly DatabaseReading[];
  readonly reading: Partial<HomeReading>;
  readonly comparison?: ShadowComparison;
}

const CRON = "agent:main:cron:5c0a";

/** All that is normal and easily taken for trouble: deleted keys, checkpoints, paired cron rows, a reset without a turn. */
export function goodParts(): Parts {
  const first = resetArchive(uuid(10), NOW - 12 * MINUTE);
  const headerOnly = resetArchive(uuid(11), NOW - DAY, { start: "header-only", firstUserText: null, bytes: 149 });
  const main = fragment();
  const deleted = fragment({
    path: `${SESSIONS}/${uuid(12)}.jsonl.deleted.2026-11-20T00-00-00.000Z`,
    kind: "deleted",
    sessionId: uuid(12),
    archivedAt: NOW - DAY,
  });
  const checkpoint = fragment({ path: `${SESSIONS}/${uuid(1)}.checkpoint.${uuid(99)}.jsonl`, kind: "checkpoint" });
  const cron = fragment({ sessionId: uuid(2), firstUserText: "[cron:5c0a] tidy up" });
  const cronRow = {
    sessionId: uuid(2),
    sessionFile: null,
    transcriptBy: "session-id",
    status: null,
    startedAt: null,
  } as const;
  const waiting = { sessionId: uuid(3), sessionFile: null, transcriptBy: "session-id", systemSent: false } as const;
  return {
    home: homeIdentity(),
    rows: [
      row(),
      row({ ...cronRow, key: CRON }),
      row({ ...cronRow, key: `${CRON}:run:${uuid(2)}` }),
      row({ ...waiting, key: "agent:main:reset-without-turn", status: null, startedAt: null, endedAt: null }),
    ],
    store: {},
    fragments: [first, headerOnly, main, deleted, checkpoint, cron],
    sessions: [
      session([first, main], { checkpoints: [checkpoint] }),
      session([cron], { key: CRON, otherKeys: [`${CRON}:run:${uuid(2)}`] }),
      session([deleted], { key: null, state: "deleted", unattributed: "its key is not known" }),
      session([headerOnly], { key: null, state: "unknown", unattributed: "nothing names its key" }),
    ],
    companions: [
      companion("trajectory", `${uuid(1)}.trajectory.jsonl`),
      companion("store-backup", "sessions.json.bak.1"),
    ],
    locks: [judgedLock({ verdict: "held", reasons: ["live-owner"], createdAt: NOW - 5000 })],
    databases: [],
    reading: { archiveRetentionDays: 30, archiveRetentionSource: "no setting" },
  };
}

export function checkedHome(parts: Parts): CheckedHome {
  const { fragments, companions, databases } = parts;
  const agent = agentReading({ store: store(parts.rows, parts.store), fragments, companions, databases });
  return {
    reading: homeReading({ home: parts.home, agents: [agent], ...parts.reading }),
    agents: [{ reading: agent, sessions: parts.sessions }],
    locks: parts.locks,
    ...(parts.comparison === undefined ? {} : { comparison: parts.comparison }),
  };
}

export function checkInput(parts: Parts, given: Partial<CheckInput> = {}): CheckInput {
  return {
    home: checkedHome(parts),
    others: [],
    now: NOW,
    locksWarnAfterSeconds: 60,
    environment: [],
    ...given,
  };
}
