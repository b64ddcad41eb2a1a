// `node scripts/run.mjs scripts/make-sample-home.ts`: writes test/fixtures/sample-home anew, the home that `npm start` shows where no
// agent has left anything. It has the layout of OpenClaw 2026.5.12 and one of each trouble that people meet; the same bytes every time.
import { createHash } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";

import { ROOT } from "./toolchain/paths.mjs";

const SAMPLE = path.join(ROOT, "test/fixtures/sample-home");
const HOME = path.join(SAMPLE, "home/.openclaw");
const SHADOW = path.join(HOME, "agents/main/agent/codex-home/home/.openclaw");

/** Beyond the largest process number of Linux, so that no process ever has it. */
const NO_PID = 4_194_999;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const at = (text: string): number => Date.parse(`${text}Z`);
const iso = (ms: number): string => new Date(ms).toISOString();
const stamp = (ms: number): string => iso(ms).replaceAll(":", "-");

const hex = (name: string): string => createHash("sha256").update(name).digest("hex");
/** A version 4 UUID made from a name. */
function uuid(name: string): string {
  const digits = hex(name);
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `a${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ].join("-");
}

type Turn = readonly [user: string, assistant: string];

interface Part {
  readonly id: string;
  readonly from: number;
  readonly opening?: "new" | "reset" | "header-only";
  readonly turns: readonly Turn[];
}

const WORKSPACE = "/home/sam/workspace";

/** Transcript lines, one entry per element. */
function linesOf({ id, from, opening, turns }: Part): string[] {
  let parentId: string | null = null;
  let now = from;
  const lines: object[] = [{ type: "session", version: 3, id, timestamp: iso(from), cwd: WORKSPACE }];
  const entry = (type: string, more: object): void => {
    const entryId = hex(`${id} ${lines.length}`).slice(0, 8);
    lines.push({ type, id: entryId, parentId, timestamp: iso(now), ...more });
    parentId = entryId;
  };
  const message = (role: "user" | "assistant", text: string, more: object = {}): void =>
    entry("message", { message: { role, content: [{ type: "text", text }], timestamp: now, ...more } });
  if (opening !== undefined && opening !== "header-only")
    message("assistant", opening === "new" ? "✅ New session started." : "✅ Session reset.", {
      stopReason: "stop",
      provider: "openclaw",
      model: "gateway-injected",
    });
  if (turns.length > 0) {
    entry("model_change", { provider: "anthropic", modelId: "claude-sonnet-4-5" });
    entry("thinking_level_change", { thinkingLevel: "low" });
  }
  for (const [user, assistant] of turns) {
    now += 40 * SECOND;
    message("user", user);
    now += 9 * SECOND;
    if (assistant !== "")
      message("assistant", assistant, { stopReason: "stop", provider: "anthropic", model: "claude-sonnet-4-5" });
  }
  return lines.map((line) => JSON.stringify(line));
}

const transcript = (part: Part): string => `${linesOf(part).join("\n")}\n`;

/** The sidecar that OpenClaw writes beside a transcript; here only the lines that name key, id, run and time. */
function trajectory(sessionKey: string, parts: readonly Part[]): string {
  const lines = parts
    .filter(({ turns }) => turns.length > 0)
    .flatMap(({ id, from, turns }) =>
      turns.map((_, index) => ({
        traceSchema: "openclaw-trajectory",
        schemaVersion: 1,
        traceId: id,
        source: "runtime",
        type: "session.started",
        ts: iso(from + (index + 1) * 40 * SECOND + index * 9 * SECOND + 200),
        seq: index * 7 + 1,
        sourceSeq: index * 7 + 1,
        sessionId: id,
        sessionKey,
        runId: `run-${hex(`${id} run ${index}`).slice(0, 10)}`,
        data: { trigger: "user" },
      })),
    );
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

interface Row {
  readonly sessionId: string;
  readonly updatedAt: number;
  readonly [field: string]: unknown;
}

function row(part: Part, more: object = {}): Row {
  const startedAt = part.from + 40 * SECOND;
  const endedAt = startedAt + part.turns.length * 49 * SECOND;
  return {
    sessionId: part.id,
    updatedAt: endedAt,
    sessionStartedAt: part.from,
    lastInteractionAt: endedAt,
    status: "done",
    startedAt,
    endedAt,
    systemSent: true,
    abortedLastRun: false,
    compactionCount: 0,
    chatType: "direct",
    lastChannel: "webchat",
    model: "claude-sonnet-4-5",
    modelProvider: "anthropic",
    ...more,
  };
}

const family = (key: string, parts: readonly Part[]): object => ({
  usageFamilyKey: key,
  usageFamilySessionIds: parts.map(({ id }) => id),
});

async function write(folder: string, name: string, content: string): Promise<void> {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
}

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const sessionsOf = (home: string, agent: string): string => path.join(home, "agents", agent, "sessions");

/** Was reset over the RPC (which keeps the file name), then by /new; its gateway was killed in the middle of the third part. */
async function billing(folder: string): Promise<Readonly<Record<string, Row>>> {
  const key = "agent:main:main";
  const first: Part = {
    id: uuid("billing 1"),
    from: at("2026-11-17T08:02:11.418"),
    turns: [
      [
        "Plan the move of the billing service to the new cluster.",
        "Here is a plan in five steps, the riskiest first …",
      ],
      ["Which step can't be undone?", "Step 4: once the old queue is drained, messages exist only on the new side."],
      ["Then we need a copy of the queue before step 4.", "Agreed. I added it as step 3b."],
    ],
  };
  const resetAt = at("2026-11-18T09:30:44.120");
  const second: Part = {
    id: uuid("billing 2"),
    from: resetAt,
    turns: [
      ["Where were we with billing?", "I don't have a plan for billing yet. What should it cover?"],
      ["You made one yesterday!", "I'm sorry, I can't see an earlier conversation."],
    ],
  };
  const newAt = at("2026-11-19T07:12:03.007");
  const third: Part = {
    id: uuid("billing 3"),
    from: newAt + 310,
    opening: "new",
    turns: [
      [
        "Let us plan the move of the billing service again, from the start.",
        "Let us begin with what must not be lost …",
      ],
      ["Write the plan to docs/billing-move.md.", ""],
    ],
  };
  await write(folder, `${first.id}.jsonl.reset.${stamp(resetAt)}`, transcript(first));
  await write(folder, `${first.id}.jsonl.reset.${stamp(newAt)}`, transcript(second));
  await write(folder, `${first.id}.trajectory.jsonl`, trajectory(key, [first, second]));
  await write(folder, `${third.id}.jsonl`, transcript(third));
  await write(folder, `${third.id}.trajectory.jsonl`, trajectory(key, [third]));
  const startedAt = third.from + 129 * SECOND;
  const lock = { pid: NO_PID, createdAt: iso(startedAt), starttime: 183_417 };
  await write(folder, `${third.id}.jsonl.lock`, pretty(lock));
  const running = { status: "running", startedAt, endedAt: undefined, updatedAt: startedAt };
  return { [key]: row(third, { ...running, ...family(key, [second, third]) }) };
}

/** An ordinary chain of two. */
async function releaseNotes(folder: string): Promise<Readonly<Record<string, Row>>> {
  const key = "agent:main:release-notes";
  const first: Part = {
    id: uuid("notes 1"),
    from: at("2026-11-18T13:00:20.950"),
    turns: [
      [
        "Collect what changed since 4.2 and draft the release notes.",
        "Draft: 3 features, 11 fixes, one change that breaks …",
      ],
    ],
  };
  const resetAt = at("2026-11-18T16:45:09.552");
  const second: Part = {
    id: uuid("notes 2"),
    from: resetAt + 240,
    opening: "reset",
    turns: [["Shorten the draft to half a page.", "Done. I kept the change that breaks, and linked the rest."]],
  };
  await write(folder, `${first.id}.jsonl.reset.${stamp(resetAt)}`, transcript(first));
  await write(folder, `${first.id}.trajectory.jsonl`, trajectory(key, [first]));
  await write(folder, `${second.id}.jsonl`, transcript(second));
  await write(folder, `${second.id}.trajectory.jsonl`, trajectory(key, [second]));
  return { [key]: row(second, family(key, [first, second])) };
}

/** Was compacted once (the copy made before stays as a checkpoint), and its first archive lost its end. */
async function incident(folder: string): Promise<Readonly<Record<string, Row>>> {
  const key = "agent:main:incident";
  const first: Part = {
    id: uuid("incident 1"),
    from: at("2026-11-16T22:14:37.300"),
    turns: [
      [
        "Checkout returns 502 for one request in fifty. Find out why.",
        "The errors follow the deploys of 21:50; two pods …",
      ],
      ["Roll back those two pods.", "Rolled back. Errors stopped at 22:31."],
    ],
  };
  const resetAt = at("2026-11-17T07:55:00.844");
  const second: Part = {
    id: uuid("incident 2"),
    from: resetAt + 195,
    opening: "new",
    turns: [
      [
        "Write the report on last night's incident.",
        "Timeline, cause, what we change. The cause was a limit of 10 connections …",
      ],
      ["Add how we found it.", "Added."],
    ],
  };
  const torn = transcript(first);
  await write(folder, `${first.id}.jsonl.reset.${stamp(resetAt)}`, torn.slice(0, torn.length - 117));
  await write(folder, `${first.id}.trajectory.jsonl`, trajectory(key, [first]));
  await write(folder, `${second.id}.jsonl`, transcript(second));
  await write(folder, `${second.id}.trajectory.jsonl`, trajectory(key, [second]));
  const copy = `${second.id}.checkpoint.${uuid("incident copy")}.jsonl`;
  await write(folder, copy, transcript({ ...second, turns: second.turns.slice(0, 1) }));
  const checkpoint = {
    checkpointId: uuid("incident checkpoint"),
    sessionKey: key,
    sessionId: second.id,
    createdAt: second.from + 55 * SECOND,
    reason: "manual",
    preCompaction: { sessionId: second.id, sessionFile: copy },
    postCompaction: { sessionId: second.id, sessionFile: `${second.id}.jsonl` },
  };
  const compacted = { compactionCount: 1, compactionCheckpoints: [checkpoint] };
  return { [key]: row(second, { ...compacted, ...family(key, [first, second]) }) };
}

/** The row stands, the transcript is gone; an archive of it is left. */
async function standup(folder: string): Promise<Readonly<Record<string, Row>>> {
  const part: Part = {
    id: uuid("standup"),
    from: at("2026-11-18T08:00:01.110"),
    turns: [["Every morning: what did each agent do yesterday?", "I'll collect it at 08:00 and keep it short."]],
  };
  await write(folder, `${part.id}.jsonl.reset.${stamp(part.from + 26 * 60 * MINUTE)}`, transcript(part));
  await write(folder, `${part.id}.trajectory.jsonl`, trajectory("agent:main:standup", [part]));
  return { "agent:main:standup": row(part) };
}

/** A healthy conversation, and a cron job, whose rows come in pairs. */
async function quiet(folder: string): Promise<Readonly<Record<string, Row>>> {
  const chat: Part = {
    id: uuid("travel"),
    from: at("2026-11-19T11:20:48.660"),
    turns: [
      ["Which train gets me to the workshop before nine?", "The 06:41, with one change and twelve minutes for it."],
    ],
  };
  const cron: Part = {
    id: uuid("nightly"),
    from: at("2026-11-19T02:00:00.031"),
    turns: [["[cron:nightly-backup-report] Check last night's backups.", "All 14 backups are complete."]],
  };
  const chatKey = "agent:main:telegram:direct:4711";
  const cronKey = "agent:main:cron:nightly-backup-report";
  await write(folder, `${chat.id}.jsonl`, transcript(chat));
  await write(folder, `${chat.id}.trajectory.jsonl`, trajectory(chatKey, [chat]));
  await write(folder, `${cron.id}.jsonl`, transcript(cron));
  await write(folder, `${cron.id}.trajectory.jsonl`, trajectory(cronKey, [cron]));
  return { [chatKey]: row(chat), [cronKey]: row(cron), [`${cronKey}:run:${cron.id}`]: row(cron) };
}

/** An archive and a transcript that no row and no trajectory mentions. By their times nothing comes before them or after. */
async function leftovers(folder: string): Promise<void> {
  const archive: Part = {
    id: uuid("leftover archive"),
    from: at("2026-11-15T10:10:10.010"),
    turns: [["Compare the three offers for the new link.", "Offer B is the cheapest after the second year."]],
  };
  const orphan: Part = {
    id: uuid("leftover orphan"),
    from: at("2026-11-14T18:32:55.204"),
    turns: [["Draft an answer to the landlord.", "Here is a friendly but firm draft …"]],
  };
  await write(folder, `${archive.id}.jsonl.reset.${stamp(at("2026-11-19T15:00:00.500"))}`, transcript(archive));
  await write(folder, `${orphan.id}.jsonl`, transcript(orphan));
}

async function ops(folder: string): Promise<Readonly<Record<string, Row>>> {
  const key = "agent:ops:deploys";
  const first: Part = {
    id: uuid("deploys 1"),
    from: at("2026-11-15T09:01:00.500"),
    turns: [["Deploy 4.2.1 to staging.", "Deployed; all checks are green."]],
  };
  const resetAt = at("2026-11-17T09:00:12.777");
  const second: Part = {
    id: uuid("deploys 2"),
    from: resetAt + 120,
    opening: "new",
    turns: [["Deploy 4.2.1 to production.", "Deployed to 2 of 12 hosts; I'll go on after ten quiet minutes."]],
  };
  const main: Part = {
    id: uuid("ops main"),
    from: at("2026-11-19T06:30:00.250"),
    turns: [["How full are the disks?", "The fullest is db-2 with 71 %."]],
  };
  await write(folder, `${first.id}.jsonl.reset.${stamp(resetAt)}`, transcript(first));
  await write(folder, `${first.id}.trajectory.jsonl`, trajectory(key, [first]));
  await write(folder, `${second.id}.jsonl`, transcript(second));
  await write(folder, `${second.id}.trajectory.jsonl`, trajectory(key, [second]));
  await write(folder, `${main.id}.jsonl`, transcript(main));
  await write(folder, `${main.id}.trajectory.jsonl`, trajectory("agent:ops:main", [main]));
  return { [key]: row(second, family(key, [first, second])), "agent:ops:main": row(main) };
}

/** An agent ran a recovery command with its own HOME: it reset the session there, where nobody looks. */
async function shadow(folder: string): Promise<Readonly<Record<string, Row>>> {
  const recovery: Part = {
    id: uuid("recovery"),
    from: at("2026-11-19T07:40:10.400"),
    turns: [["openclaw: reset the stuck session agent:main:main", "The session was reset."]],
  };
  const other: Part = {
    id: uuid("billing in the shadow"),
    from: at("2026-11-19T07:41:00.120"),
    opening: "reset",
    turns: [["Go on with the plan for the billing service.", "Which plan do you mean?"]],
  };
  await write(folder, `${recovery.id}.jsonl`, transcript(recovery));
  await write(folder, `${recovery.id}.trajectory.jsonl`, trajectory("agent:main:recovery", [recovery]));
  await write(folder, `${other.id}.jsonl`, transcript(other));
  await write(folder, `${other.id}.trajectory.jsonl`, trajectory("agent:main:main", [other]));
  return { "agent:main:recovery": row(recovery), "agent:main:main": row(other) };
}

const CONFIG = {
  meta: { lastTouchedVersion: "2026.5.12" },
  agents: { list: [{ id: "main", default: true }, { id: "ops" }] },
  // The sample's dates stand still while the calendar goes on: nothing in it is to expire.
  session: { maintenance: { resetArchiveRetention: false } },
};

await rm(path.join(SAMPLE, "home"), { recursive: true, force: true });
await write(HOME, "openclaw.json", pretty(CONFIG));
const main = sessionsOf(HOME, "main");
await leftovers(main);
const rows = [
  await billing(main),
  await releaseNotes(main),
  await incident(main),
  await standup(main),
  await quiet(main),
];
await write(main, "sessions.json", pretty(Object.assign({}, ...rows)));
await write(sessionsOf(HOME, "ops"), "sessions.json", pretty(await ops(sessionsOf(HOME, "ops"))));
await write(sessionsOf(SHADOW, "main"), "sessions.json", pretty(await shadow(sessionsOf(SHADOW, "main"))));
console.log(`written: ${path.relative(ROOT, SAMPLE)}`);
