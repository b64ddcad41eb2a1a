/** A home with everything that a healthy one may hold, written as OpenClaw 2026.5 writes it, for tests that damage one thing. */
import { lstatSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";

import { header, json, lines, link, message, temporaryTree, writeTree } from "./homes.ts";
import { uuid } from "./model.ts";
import { NOW } from "./world.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The process that holds the good home's lock; it must live in the test's world. */
export const GATEWAY = { pid: 4242, startTicks: 5000, startedAt: NOW - DAY };

/** Session ids by what they are. */
export const IDS = {
  first: uuid(0x11),
  second: uuid(0x12),
  main: uuid(0x13),
  cron: uuid(0x14),
  subagent: uuid(0x15),
  compacted: uuid(0x16),
  deleted: uuid(0x18),
  emptyReset: uuid(0x19),
  ops: uuid(0x1a),
  waiting: uuid(0x1b),
} as const;

export const MAIN = "agents/main/sessions";
export const OPS = "agents/ops/sessions";
const CRON_KEY = "agent:main:cron:5c0a";

const iso = (ms: number): string => new Date(ms).toISOString();
const stamp = (ms: number): string => iso(ms).replaceAll(":", "-");

/** The lines of a conversation of one turn, begun at `start`. */
export function conversation(id: string, start: number, text: string): string {
  return lines(
    header(id, iso(start)),
    { ...message("user", text, iso(start + 1000)), id: "0a1b2c3d", parentId: null },
    { ...message("assistant", "done", iso(start + 2000)), id: "1b2c3d4e", parentId: "0a1b2c3d" },
  );
}

/** The name of an archive put away at `time`. */
export function archiveName(id: string, reason: "reset" | "deleted", time: number): string {
  return `${id}.jsonl.${reason}.${stamp(time)}`;
}

/** A row of a session that is done, begun at `start`. */
export function doneRow(folder: string, id: string, start: number): Record<string, unknown> {
  return {
    sessionId: id,
    sessionFile: join(folder, `${id}.jsonl`),
    updatedAt: start + 3000,
    startedAt: start + 1000,
    endedAt: start + 2500,
    status: "done",
    systemSent: true,
    abortedLastRun: false,
  };
}

/** Makes the home; every file in it is ten minutes old. Absolute path. */
export function goodHome(test: Pick<TestContext, "after">): string {
  const home = temporaryTree(test, { "openclaw.json": json({ meta: { lastTouchedVersion: "2026.5.12" } }) });
  const main = join(home, MAIN);
  const ops = join(home, OPS);
  const [t1, t2, t3] = [NOW - 3 * DAY, NOW - 2 * DAY, NOW - DAY];
  const checkpoint = `${IDS.compacted}.checkpoint.${uuid(0x17)}.jsonl`;
  const cronRow = { sessionId: IDS.cron, updatedAt: t3, systemSent: true };
  writeTree(home, {
    [MAIN]: {
      [archiveName(IDS.first, "reset", t2)]: conversation(IDS.first, t1, "plan the release"),
      [archiveName(IDS.second, "reset", t3)]: conversation(IDS.second, t2, "go on with the release"),
      [`${IDS.main}.jsonl`]: conversation(IDS.main, t3, "what about the release"),
      [`${IDS.main}.jsonl.lock`]: json({ pid: GATEWAY.pid, createdAt: iso(NOW - 5000), starttime: GATEWAY.startTicks }),
      [`${IDS.cron}.jsonl`]: conversation(IDS.cron, t3, "[cron:5c0a] tidy up"),
      [`${IDS.subagent}.jsonl`]: conversation(IDS.subagent, t3, "[Subagent Context] You are a subagent."),
      [`${IDS.compacted}.jsonl`]: conversation(IDS.compacted, t2, "a long talk"),
      [checkpoint]: conversation(IDS.compacted, t2, "a long talk"),
      [archiveName(IDS.deleted, "deleted", t2)]: conversation(IDS.deleted, t1, "forget this"),
      "sessions.json.bak.1": "{}",
      "sessions.json": json({
        "agent:main:main": {
          ...doneRow(main, IDS.main, t3),
          usageFamilyKey: "agent:main:main",
          usageFamilySessionIds: [IDS.first, IDS.second, IDS.main],
        },
        [CRON_KEY]: cronRow,
        [`${CRON_KEY}:run:${IDS.cron}`]: cronRow,
        "agent:main:subagent:77": { ...doneRow(main, IDS.subagent, t3), spawnedBy: "agent:main:main" },
        "agent:main:compacted": {
          ...doneRow(main, IDS.compacted, t2),
          compactionCheckpoints: [
            {
              checkpointId: "c1",
              sessionId: IDS.compacted,
              createdAt: t2 + 5000,
              preCompaction: { sessionId: IDS.compacted, sessionFile: join(main, checkpoint) },
            },
          ],
        },
      }),
    },
    [OPS]: {
      [archiveName(IDS.emptyReset, "reset", t3)]: lines(header(IDS.emptyReset, iso(t2))),
      [`${IDS.ops}.jsonl`]: conversation(IDS.ops, t3, "watch the servers"),
      "sessions.json": json({
        "agent:ops:main": {
          ...doneRow(ops, IDS.ops, t3),
          usageFamilyKey: "agent:ops:main",
          usageFamilySessionIds: [IDS.emptyReset, IDS.ops],
        },
        "agent:ops:waiting": { sessionId: IDS.waiting, updatedAt: t3, systemSent: false },
      }),
    },
    "agents/main/agent/codex-home/home/.openclaw/agents/main": { sessions: link("../../../../../../sessions") },
  });
  settle(home);
  return home;
}

/** Changes a store by its rows. */
export function editStore(home: string, sessions: string, edit: (rows: Record<string, Row>) => void): void {
  const path = join(home, sessions, "sessions.json");
  const rows = JSON.parse(readFileSync(path, "utf8")) as Record<string, Row>;
  edit(rows);
  writeFileSync(path, json(rows));
}

export type Row = Record<string, unknown>;

/** Gives every file the age of ten minutes, so that no test depends on when it runs. */
export function settle(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const stat = lstatSync(path);
    if (stat.isDirectory()) settle(path);
    if (!stat.isSymbolicLink()) utimesSync(path, (NOW - 10 * MINUTE) / 1000, (NOW - 10 * MINUTE) / 1000);
  }
}
