// Snapshots built by hand: small values for tests of whatever shows them.
import type { DatabaseReading } from "../../src/model/database.ts";
import type { Finding } from "../../src/model/finding.ts";
import type { Fragment } from "../../src/model/fragment.ts";
import type { HomeIdentity } from "../../src/model/home.ts";
import type { Lock } from "../../src/model/lock.ts";
import type { LinkedFragment, Session } from "../../src/model/session.ts";
import type { AgentSnapshot, HomeSnapshot, Snapshot } from "../../src/model/snapshot.ts";
import type { StoreRow } from "../../src/model/store.ts";

/** 2026-11-21 00:20:00 UTC: the moment at which the scan of these snapshots is said to have ended. */
export const NOW = Date.UTC(2026, 10, 21, 0, 20);

/** A time of that day, as minutes and seconds after midnight. */
export const at = (minute: number, second = 0, ms = 0): number => Date.UTC(2026, 10, 21, 0, minute, second, ms);

export const FIRST_ID = "bf185efc-9db9-423c-9bbd-b4fbaa9cd312";
export const SECOND_ID = "17b5706a-97ec-4824-a6f1-8b15314fd80a";

export const aFragment = (change: Partial<Fragment> = {}): Fragment => ({
  path: `agents/main/sessions/${SECOND_ID}.jsonl`,
  kind: "live",
  sessionId: SECOND_ID,
  fileId: SECOND_ID,
  topic: null,
  startedAt: at(16, 26),
  endedAt: at(16, 38),
  archivedAt: null,
  bytes: 8_400,
  modifiedAt: at(16, 38),
  cwd: "/srv/workspace",
  parentSession: null,
  start: "new-notice",
  firstUserText: "a new topic",
  peer: null,
  header: { state: "ok", version: 3 },
  tail: { state: "ok" },
  execs: null,
  ...change,
});

export const anArchive = (change: Partial<Fragment> = {}): Fragment =>
  aFragment({
    path: `agents/main/sessions/${FIRST_ID}.jsonl.reset.2026-11-21T00-16-26.256Z`,
    kind: "reset",
    sessionId: FIRST_ID,
    fileId: FIRST_ID,
    startedAt: at(16, 19),
    endedAt: at(16, 25),
    archivedAt: at(16, 26, 256),
    bytes: 10_240,
    start: "turn",
    ...change,
  });

/** Home-relative path of the database that the windows lie in. */
export const DATABASE = "agents/main/agent/openclaw-agent.sqlite";

/** Events of a session in a database, from one number to another. */
export const aWindow = (fromSeq: number, toSeq: number, change: Partial<Fragment> = {}): Fragment =>
  aFragment({
    path: DATABASE,
    window: { sessionId: SECOND_ID, fromSeq, toSeq },
    kind: "window",
    fileId: null,
    start: fromSeq === 0 ? "turn" : "reset-event",
    ...change,
  });

/** A session of a database: each window continues the one before it, as its reset event says. */
export const aWindowedSession = (windows: readonly Fragment[], change: Partial<Session> = {}): Session => {
  const row = aRow({ sessionFile: null, transcriptPath: DATABASE, offset: null, length: null, line: null });
  return aSession({
    row,
    keyEvidence: [{ kind: "store-row", text: "the store has a row of it", path: DATABASE }],
    fragments: windows.map((fragment, index) => {
      const previous = windows[index - 1];
      const event = { sessionId: SECOND_ID, seq: fragment.window?.fromSeq ?? 0 };
      const evidence = [
        { kind: "reset-event", text: "a reset event stands between the two", path: DATABASE, event },
      ] as const;
      return alone(fragment, previous === undefined ? {} : { link: { previous, certainty: "recorded", evidence } });
    }),
    ...change,
  });
};

export const aDatabase = (change: Partial<DatabaseReading> = {}): DatabaseReading => ({
  path: DATABASE,
  state: "ok",
  schemaVersion: 23,
  knownSchemaVersion: 23,
  appVersion: "2026.9.6",
  bytes: 1_048_576,
  walBytes: 4_152,
  modifiedAt: at(16, 39),
  trouble: [],
  ...change,
});

/** An agent whose sessions lie in a database. */
export const aDatabaseAgent = (sessions: readonly Session[], databases = [aDatabase()]): AgentSnapshot => {
  const agent = anAgent(sessions);
  const { reading } = agent;
  return {
    ...agent,
    reading: { ...reading, store: { ...reading.store, path: DATABASE, kind: "database" }, databases },
  };
};

export const alone = (fragment: Fragment, change: Partial<LinkedFragment> = {}): LinkedFragment => ({
  fragment,
  link: null,
  alternatives: [],
  open: null,
  ...change,
});

export const aRow = (change: Partial<StoreRow> = {}): StoreRow => ({
  key: "agent:main:incident",
  sessionId: SECOND_ID,
  sessionFile: `/srv/.openclaw/agents/main/sessions/${SECOND_ID}.jsonl`,
  transcriptPath: `agents/main/sessions/${SECOND_ID}.jsonl`,
  transcriptBy: "moved",
  updatedAt: at(16, 39),
  status: "done",
  startedAt: at(16, 38),
  endedAt: at(16, 38),
  sessionStartedAt: at(16, 26),
  lastInteractionAt: at(16, 27),
  abortedLastRun: false,
  systemSent: true,
  compactionCount: 0,
  familyKey: "agent:main:incident",
  familyIds: [FIRST_ID, SECOND_ID],
  checkpoints: [],
  spawnedBy: null,
  forkedFrom: null,
  label: null,
  displayName: null,
  channel: "webchat",
  lastTo: null,
  offset: 2,
  length: 400,
  line: 2,
  ...change,
});

/** A live file that continues a reset archive; the store row recorded it. */
export const aSession = (change: Partial<Session> = {}): Session => {
  const first = anArchive();
  const second = aFragment();
  const family = {
    kind: "store-family",
    text: "the store row lists both ids, in order",
    path: "agents/main/sessions/sessions.json",
    line: 9,
  } as const;
  return {
    id: "agent:main:incident",
    key: "agent:main:incident",
    keyCertainty: "recorded",
    keyEvidence: [
      {
        kind: "store-row",
        text: "the store row names the session id",
        path: "agents/main/sessions/sessions.json",
        line: 2,
      },
    ],
    title: "Start the build",
    state: "live",
    row: aRow(),
    otherKeys: [],
    updatedAt: at(16, 39),
    fragments: [
      alone(first),
      alone(second, { link: { previous: { path: first.path }, certainty: "recorded", evidence: [family] } }),
    ],
    checkpoints: [],
    unattributed: null,
    ...change,
  };
};

/** A chain of one archive whose key nothing names. */
export const anUnattributed = (): Session => {
  const lost = anArchive({
    path: "agents/main/sessions/0a0b0c0d-0000-4000-8000-000000000001.jsonl.reset.2026-11-21T00-10-00.000Z",
    sessionId: "0a0b0c0d-0000-4000-8000-000000000001",
    fileId: "0a0b0c0d-0000-4000-8000-000000000001",
    startedAt: at(9),
    endedAt: at(9, 50),
    archivedAt: at(10),
    bytes: 149,
  });
  return aSession({
    id: lost.path,
    key: null,
    keyCertainty: null,
    keyEvidence: [],
    title: "",
    state: "orphan",
    row: null,
    updatedAt: at(10),
    fragments: [alone(lost, { open: "two archives could precede it", alternatives: [{ path: anArchive().path }] })],
    unattributed: "no row, trajectory or marker names a key",
  });
};

export const aLock = (change: Partial<Lock> = {}): Lock => ({
  path: `agents/main/sessions/${SECOND_ID}.jsonl.lock`,
  of: "transcript",
  target: `agents/main/sessions/${SECOND_ID}.jsonl`,
  pid: 23_785,
  createdAt: at(16, 38),
  startTicks: 183_417,
  maxHoldMs: null,
  host: null,
  stateDir: null,
  port: null,
  payload: "ok",
  modifiedAt: at(16, 38),
  bytes: 90,
  ageMs: NOW - at(16, 38),
  verdict: "stale",
  reasons: ["dead-pid"],
  explanation: "Process 23785 no longer lives, so nobody holds this lock.",
  ...change,
});

export const aFinding = (change: Partial<Finding> = {}): Finding => ({
  id: "f-0001",
  code: "lock/stale",
  severity: "warning",
  home: "/home/ann/.openclaw",
  path: `agents/main/sessions/${SECOND_ID}.jsonl.lock`,
  message: "The lock's process is dead, so the agent waits for nobody.",
  evidence: [{ kind: "file", text: "pid 23785 does not live", path: `agents/main/sessions/${SECOND_ID}.jsonl.lock` }],
  repairs: [],
  agent: "main",
  related: [],
  ...change,
});

export const anAgent = (sessions: readonly Session[], name = "main"): AgentSnapshot => ({
  reading: {
    name,
    sessionsPath: `agents/${name}/sessions`,
    store: {
      path: `agents/${name}/sessions/sessions.json`,
      kind: "file",
      state: "ok",
      bytes: 1_000,
      modifiedAt: at(16, 39),
      rows: sessions.flatMap((one) => (one.row === null ? [] : [one.row])),
      damage: [],
    },
    formerStores: [],
    fragments: sessions.flatMap((one) => [...one.fragments.map((linked) => linked.fragment), ...one.checkpoints]),
    claims: [],
    companions: [],
    databases: [],
    coverage: [],
    sessionsLinkTarget: null,
  },
  sessions,
});

export const aHome = (
  change: Partial<Omit<HomeSnapshot, "home">> & { home?: Partial<HomeIdentity> } = {},
): HomeSnapshot => ({
  agents: [anAgent([aSession(), anUnattributed()])],
  locks: [aLock()],
  findings: [aFinding()],
  skipped: [],
  ...change,
  home: {
    id: "openclaw-1",
    program: "openclaw",
    era: "files",
    path: "/home/ann/.openclaw",
    role: "canonical",
    reasons: [{ rule: "user-home", text: "it is ~/.openclaw of this user" }],
    release: "2026.5.12",
    ...change.home,
  },
});

export const aSnapshot = (homes: readonly HomeSnapshot[] = [aHome()], change: Partial<Snapshot> = {}): Snapshot => {
  const agents = homes.flatMap((one) => one.agents);
  return {
    revision: 1,
    at: NOW,
    elapsedMs: 12,
    environment: [],
    homes,
    skipped: [],
    checked: {
      homes: homes.length,
      agents: agents.length,
      sessions: agents.reduce((sum, one) => sum + one.sessions.length, 0),
      fragments: agents.reduce((sum, one) => sum + one.reading.fragments.length, 0),
      locks: homes.reduce((sum, one) => sum + one.locks.length, 0),
      stores: agents.length,
    },
    ...change,
  };
};
