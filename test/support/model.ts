/** Small values of the model for pure tests: each builder gives something ordinary, and takes what a test cares about. */
import type { DatabaseReading } from "../../src/model/database.ts";
import type { Fragment } from "../../src/model/fragment.ts";
import type { HomeIdentity } from "../../src/model/home.ts";
import type { Lock, LockFile } from "../../src/model/lock.ts";
import type { Machine, ProcessFacts } from "../../src/model/machine.ts";
import type { AgentReading, Companion, HomeReading } from "../../src/model/reading.ts";
import type { LinkedFragment, Session } from "../../src/model/session.ts";
import type { Store, StoreRow } from "../../src/model/store.ts";

/** The moment at which the tests take place. */
export const NOW = Date.parse("2026-11-21T01:00:00.000Z");
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const DAY = 24 * 60 * MINUTE;
export const HOME = "/home/kim/.openclaw";
export const SESSIONS = "agents/main/sessions";
/** A pid that these tests call dead, and that of a live process. */
export const PID = 4242;

export const FIRST_NAMESPACE = "pid:[4026531836]";
export const CONTAINER_NAMESPACE = "pid:[4026532999]";

/** An id with the shape of a UUID for each small number. */
export function uuid(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;
}

export function machine(given: Partial<Machine> = {}): Machine {
  return { pid: 77, host: "workbench", bootedAt: NOW - DAY, pidNamespace: FIRST_NAMESPACE, ...given };
}

export function liveProcess(given: Partial<ProcessFacts> = {}): ProcessFacts {
  const command = given.command ?? "openclaw";
  return {
    pid: PID,
    command,
    argv: command.split(" "),
    startTicks: 5000,
    startedAt: NOW - 60 * MINUTE,
    pidNamespace: FIRST_NAMESPACE,
    ...given,
  };
}

export function lockFile(given: Partial<LockFile> = {}): LockFile {
  const createdAt = given.createdAt === undefined ? NOW - 36 * SECOND : given.createdAt;
  return {
    path: `${SESSIONS}/${uuid(1)}.jsonl.lock`,
    of: "transcript",
    target: `${SESSIONS}/${uuid(1)}.jsonl`,
    pid: PID,
    createdAt,
    startTicks: null,
    maxHoldMs: null,
    host: null,
    stateDir: null,
    port: null,
    payload: "ok",
    modifiedAt: createdAt ?? NOW - 36 * SECOND,
    bytes: 80,
    ...given,
  };
}

export function judgedLock(given: Partial<Lock> = {}): Lock {
  const file = lockFile(given);
  return {
    ...file,
    ageMs: NOW - (file.createdAt ?? file.modifiedAt),
    verdict: "stale",
    reasons: ["dead-pid"],
    explanation: "Process 4242 no longer lives; nobody holds this lock.",
    ...given,
  };
}

/** The row of a session that did a turn ten minutes ago and is done. */
export function row(given: Partial<StoreRow> = {}): StoreRow {
  const sessionId = given.sessionId === undefined ? uuid(1) : given.sessionId;
  const transcriptPath = given.transcriptPath === undefined ? `${SESSIONS}/${sessionId}.jsonl` : given.transcriptPath;
  return {
    key: "agent:main:main",
    sessionId,
    sessionFile: transcriptPath === null ? null : `${HOME}/${transcriptPath}`,
    transcriptPath,
    transcriptBy: "as-written",
    updatedAt: NOW - 10 * MINUTE,
    status: "done",
    startedAt: NOW - 11 * MINUTE,
    endedAt: NOW - 10 * MINUTE,
    sessionStartedAt: null,
    lastInteractionAt: null,
    abortedLastRun: false,
    systemSent: true,
    compactionCount: null,
    familyKey: null,
    familyIds: [],
    checkpoints: [],
    spawnedBy: null,
    forkedFrom: null,
    label: null,
    displayName: null,
    channel: null,
    lastTo: null,
    offset: 20,
    length: 100,
    line: 2,
    ...given,
  };
}

/** A transcript of two minutes, ended ten minutes ago. */
export function fragment(given: Partial<Fragment> = {}): Fragment {
  const sessionId = given.sessionId === undefined ? uuid(1) : given.sessionId;
  return {
    path: `${SESSIONS}/${sessionId}.jsonl`,
    kind: "live",
    sessionId,
    fileId: sessionId,
    topic: null,
    startedAt: NOW - 12 * MINUTE,
    endedAt: NOW - 10 * MINUTE,
    archivedAt: null,
    bytes: 4000,
    modifiedAt: NOW - 10 * MINUTE,
    cwd: "/home/kim/work",
    parentSession: null,
    start: "turn",
    firstUserText: "plan the release",
    peer: null,
    header: { state: "ok", version: 3 },
    tail: { state: "ok" },
    execs: null,
    ...given,
  };
}

/** The archive that a reset leaves at `archivedAt`. */
export function resetArchive(sessionId: string, archivedAt: number, given: Partial<Fragment> = {}): Fragment {
  const stamp = new Date(archivedAt).toISOString().replaceAll(":", "-");
  const path = `${SESSIONS}/${sessionId}.jsonl.reset.${stamp}`;
  const endedAt = archivedAt - SECOND;
  return fragment({ path, kind: "reset", sessionId, archivedAt, startedAt: archivedAt - MINUTE, endedAt, ...given });
}

export function store(rows: readonly StoreRow[], given: Partial<Store> = {}): Store {
  const path = `${SESSIONS}/sessions.json`;
  return { path, kind: "file", state: "ok", bytes: 500, modifiedAt: NOW - 10 * MINUTE, rows, damage: [], ...given };
}

export function database(given: Partial<DatabaseReading> = {}): DatabaseReading {
  return {
    path: "agents/main/agent/openclaw-agent.sqlite",
    state: "ok",
    schemaVersion: 23,
    knownSchemaVersion: 23,
    appVersion: "2026.9.6",
    bytes: 500_000,
    walBytes: null,
    modifiedAt: NOW - 10 * MINUTE,
    trouble: [],
    ...given,
  };
}

export function companion(what: Companion["what"], name: string, given: Partial<Companion> = {}): Companion {
  return { path: `${SESSIONS}/${name}`, what, bytes: 100, modifiedAt: NOW - 10 * MINUTE, ...given };
}

export function agentReading(given: Partial<AgentReading> = {}): AgentReading {
  return {
    name: "main",
    sessionsPath: SESSIONS,
    store: store([row()]),
    formerStores: [],
    fragments: [fragment()],
    claims: [],
    companions: [],
    databases: [],
    coverage: [],
    sessionsLinkTarget: null,
    ...given,
  };
}

export function homeIdentity(given: Partial<HomeIdentity> = {}): HomeIdentity {
  return {
    id: "home-1",
    program: "openclaw",
    era: "files",
    path: HOME,
    role: "canonical",
    reasons: [{ rule: "user-home", text: "OpenClaw uses it when nothing else is said" }],
    ...given,
  };
}

export function homeReading(given: Partial<HomeReading> = {}): HomeReading {
  return {
    home: homeIdentity(),
    agents: [agentReading()],
    locks: [],
    skipped: [],
    migrations: [],
    archiveRetentionDays: null,
    archiveRetentionSource: "openclaw.json sets none",
    ...given,
  };
}

export function linked(one: Fragment, given: Partial<LinkedFragment> = {}): LinkedFragment {
  return { fragment: one, link: null, alternatives: [], open: null, ...given };
}

/** A live session of the key `agent:main:main` with these fragments, oldest first. */
export function session(fragments: readonly Fragment[], given: Partial<Session> = {}): Session {
  const key = given.key === undefined ? "agent:main:main" : given.key;
  return {
    id: key ?? `#${fragments.at(-1)?.path ?? ""}`,
    key,
    keyCertainty: key === null ? null : "recorded",
    keyEvidence: [],
    title: "plan the release",
    state: "live",
    row: key === null ? null : row({ key }),
    otherKeys: [],
    updatedAt: NOW - 10 * MINUTE,
    fragments: fragments.map((one) => linked(one)),
    checkpoints: [],
    unattributed: null,
    ...given,
  };
}
