// Writes a home of an agent that works a lot: tools, background commands that outlive a reset, compactions, errors, and as many
// fragments as asked for. The layout of OpenClaw 2026.5.12; the same bytes for the same arguments.
import { createHash } from "node:crypto";
import { mkdir, utimes, writeFile } from "node:fs/promises";
import path from "node:path";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const iso = (ms: number): string => new Date(ms).toISOString();
const hex = (name: string): string => createHash("sha256").update(name).digest("hex");
function uuid(name: string): string {
  const digits = hex(name);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}

const MODEL = { provider: "anthropic", model: "claude-sonnet-4-5" } as const;
const text = (words: string): object[] => [{ type: "text", text: words }];

/** Entries of one fragment, each a moment after the one before. */
class Transcript {
  readonly id: string;
  readonly beganAt: number;
  #at: number;
  #parent: string | null = null;
  #calls = 0;
  readonly #lines: string[];

  constructor(name: string, at: number) {
    this.id = uuid(name);
    this.beganAt = at;
    this.#at = at;
    this.#lines = [
      JSON.stringify({ type: "session", version: 3, id: this.id, timestamp: iso(at), cwd: "/home/sam/shop" }),
    ];
  }

  get at(): number {
    return this.#at;
  }

  get text(): string {
    return `${this.#lines.join("\n")}\n`;
  }

  wait(ms: number): this {
    this.#at += ms;
    return this;
  }

  user(words: string): this {
    return this.message({ role: "user", content: text(words) }, 30 * SECOND);
  }

  says(words: string, more: object = {}): this {
    return this.message({ role: "assistant", content: text(words), stopReason: "stop", ...this.#answer(), ...more });
  }

  /** A call with its answer; the answer takes `ms`. */
  runs(
    words: string,
    name: string,
    given: object,
    answer: { text: string; details?: object; isError?: boolean },
    ms = SECOND,
  ): this {
    const id = `call_${this.id.slice(0, 8)}_${(this.#calls += 1)}`;
    const call = { type: "toolCall", id, name, arguments: given };
    this.message({
      role: "assistant",
      content: words === "" ? [call] : [...text(words), call],
      stopReason: "toolUse",
      ...this.#answer(),
    });
    return this.message(
      {
        role: "toolResult",
        toolCallId: id,
        toolName: name,
        content: text(answer.text),
        isError: answer.isError ?? false,
        details: { durationMs: ms, ...answer.details },
      },
      ms,
    );
  }

  background(words: string, command: string, slug: string): this {
    const pid = 20_000 + slug.length;
    return this.runs(
      words,
      "exec",
      { command, background: true },
      {
        text: `Command still running (session ${slug}, pid ${pid}). Use process (list/poll/log) for follow-up.`,
        details: { status: "running", sessionId: slug, pid, startedAt: this.#at + 5 * SECOND, cwd: "/home/sam/shop" },
      },
    );
  }

  compacts(summary: string, tokensBefore: number): this {
    return this.entry({ type: "compaction", summary, tokensBefore, firstKeptEntryId: this.#parent });
  }

  failsToAsk(error: string): this {
    const data = { ...MODEL, error };
    return this.entry({ type: "custom", customType: "openclaw:prompt-error", data });
  }

  message(message: object, ms = 4 * SECOND): this {
    return this.entry({ type: "message", message }, ms);
  }

  entry(entry: object, ms = SECOND): this {
    this.#at += ms;
    const id = hex(`${this.id} ${this.#lines.length}`).slice(0, 8);
    this.#lines.push(JSON.stringify({ ...entry, id, parentId: this.#parent, timestamp: iso(this.#at) }));
    this.#parent = id;
    return this;
  }

  #answer(): object {
    const input = 9_000 + 140 * this.#lines.length;
    return { ...MODEL, usage: { input, output: 180, cacheRead: 0, cacheWrite: 0, totalTokens: input + 180 } };
  }
}

/** A release that was interrupted by a reset: the incident that the pictures of the README show. */
function release(now: number): Transcript[] {
  const first = new Transcript("release 1", now - 3 * HOUR)
    .user("Prepare release 4.2. Bump the version, update the changelog and run the whole test suite before you tag it.")
    .runs(
      "I begin with the version.",
      "read",
      { path: "package.json" },
      { text: '{\n  "name": "shop",\n  "version": "4.1.7",\n  "private": true\n}' },
    )
    .runs(
      "",
      "edit",
      { path: "package.json", oldText: '"version": "4.1.7"', newText: '"version": "4.2.0"' },
      { text: "Edited package.json" },
    )
    .runs(
      "",
      "exec",
      { command: "git log --oneline v4.1.7..HEAD" },
      {
        text: "8f2c1d4 Coupons can be combined\n02b7e90 The basket survives a restart\n6a1fd33 Prices in the currency of the country",
        details: { exitCode: 0 },
      },
    )
    .says(
      "The version is **4.2.0**. Since 4.1.7 there are three changes:\n\n1. coupons can be combined\n2. the basket survives a restart\n3. prices in the currency of the country\n\n```sh\ngit diff --stat v4.1.7\n```\n\nShall I write them into the changelog?",
    )
    .wait(2 * MINUTE)
    .user("Yes. And the registry token is NPM_TOKEN=npm_4fK9xQ2LmZ7wTn1VbY8cRs6DhJ3pGe5aUo0i, use it for the dry run.")
    .runs(
      "",
      "exec",
      { command: "npm publish --dry-run" },
      {
        text: "npm error code ENEEDAUTH\nnpm error need auth This command requires you to be logged in",
        details: { exitCode: 1 },
        isError: true,
      },
      6 * SECOND,
    )
    .says("The dry run needs a login; I leave it for later and start the tests.")
    .compacts(
      "The user prepares release 4.2 of the shop. The version is bumped, the changelog is drafted. Open: the whole test suite, the tag.",
      148_210,
    )
    .wait(5 * MINUTE)
    .user("Run the whole suite now, it takes a while.")
    .background("I run the suite in the background.", "npm test -- --all", "amber-falcon")
    .says("The suite runs as `amber-falcon`. I tell you when it has ended.")
    .wait(11 * MINUTE);
  const second = new Transcript("release 2", first.at)
    .message(
      {
        role: "assistant",
        content: text("✅ New session started."),
        provider: "openclaw",
        model: "gateway-injected",
        stopReason: "stop",
      },
      SECOND,
    )
    .wait(14 * MINUTE)
    .message({
      role: "user",
      content: text(
        "System: [2026-11-21 08:32:10 UTC] Exec completed (amber-fa, code 0) :: 412 passing (23m)\n\n[Sat 2026-11-21 08:33 UTC] continue",
      ),
    })
    .says("I have no earlier context in this session. What should I continue with?")
    .user("With the release of course!")
    .failsToAsk("429 Too many requests: the rate limit of this key is used up. Try again in 20 s.")
    .wait(MINUTE)
    .user("And now?")
    .runs(
      "",
      "exec",
      { command: "git status --short" },
      { text: " M CHANGELOG.md\n M package.json", details: { exitCode: 0 } },
    )
    .message({
      role: "assistant",
      content: text("There are changes to the version and the changelog that are not committed. It looks as"),
      ...MODEL,
      stopReason: "aborted",
      openclawAbort: { aborted: true },
    })
    .wait(20 * MINUTE);
  const third = new Transcript("release 3", second.at)
    .message(
      {
        role: "assistant",
        content: text("✅ New session started."),
        provider: "openclaw",
        model: "gateway-injected",
        stopReason: "stop",
      },
      SECOND,
    )
    .user("Tag the release.")
    .runs(
      "",
      "exec",
      { command: "git commit -am 'Release 4.2.0' && git tag v4.2.0" },
      {
        text: "[main 3be0c11] Release 4.2.0\n 2 files changed, 14 insertions(+), 2 deletions(-)",
        details: { exitCode: 0 },
      },
    )
    .says("Release **4.2.0** is committed and tagged.")
    .user("Push it and watch the pipeline.")
    .background("", "git push --tags && gh run watch", "quiet-harbour")
    .says("Pushed. The pipeline runs; I watch it as `quiet-harbour`.");
  return [first, second, third];
}

/** A session of so many fragments, with a reset after each. */
function resets(name: string, number: number, now: number, gap: number): Transcript[] {
  return Array.from({ length: number }, (_, index) => {
    const began = now - (number - index) * gap;
    const transcript = new Transcript(`${name} ${index}`, began);
    if (index > 0)
      transcript.message(
        {
          role: "assistant",
          content: text("✅ New session started."),
          provider: "openclaw",
          model: "gateway-injected",
          stopReason: "stop",
        },
        SECOND,
      );
    transcript
      .user(`Look at ticket ${1000 + index}.`)
      .runs(
        "",
        "exec",
        { command: `tickets show ${1000 + index}` },
        { text: `ticket ${1000 + index}: open`, details: { exitCode: 0 } },
      )
      .wait(Math.min(gap * (0.2 + (index % 4) / 8), 25 * MINUTE))
      .says(`Ticket ${1000 + index} is still open; I wrote to its owner.`);
    if (index % 7 === 3) transcript.failsToAsk("529 Overloaded");
    if (index % 11 === 5) transcript.compacts("Tickets were looked at.", 120_000 + index);
    return transcript;
  });
}

interface Written {
  readonly key: string;
  readonly fragments: readonly Transcript[];
  readonly isDeleted?: boolean;
}

/** Archives are named by the moment of the reset: when the next fragment begins. */
async function writeSession(folder: string, { fragments, isDeleted = false, key }: Written): Promise<object | null> {
  for (const [index, one] of fragments.entries()) {
    const endedAt = fragments[index + 1]?.beganAt;
    const suffix =
      endedAt !== undefined
        ? `.reset.${iso(endedAt).replaceAll(":", "-")}`
        : isDeleted
          ? `.deleted.${iso(one.at + MINUTE).replaceAll(":", "-")}`
          : "";
    // Who a deleted session was is told by the trajectory of its runs alone.
    const trace = {
      type: "session.started",
      ts: iso(one.beganAt),
      sessionId: one.id,
      sessionKey: key,
      runId: `run-${hex(one.id).slice(0, 10)}`,
    };
    await writeFile(
      path.join(folder, `${one.id}.trajectory.jsonl`),
      `${JSON.stringify({ traceSchema: "openclaw-trajectory", schemaVersion: 1, traceId: one.id, source: "runtime", ...trace, seq: 1, data: {} })}\n`,
    );
    const file = path.join(folder, `${one.id}.jsonl${suffix}`);
    await writeFile(file, one.text);
    await utimes(file, one.at / 1000, one.at / 1000);
  }
  const newest = fragments.at(-1);
  if (newest === undefined || isDeleted) return null;
  return {
    sessionId: newest.id,
    sessionFile: `${newest.id}.jsonl`,
    updatedAt: newest.at,
    sessionStartedAt: newest.beganAt,
    status: "done",
    systemSent: true,
    chatType: "direct",
    usageFamilySessionIds: fragments.map(({ id }) => id),
  };
}

export interface BusyHome {
  /** The HOME in which `.openclaw` is written. */
  readonly folder: string;
  /** The moment that all ends at; milliseconds UTC. */
  readonly now: number;
  /** Fragments of the longest session. */
  readonly fragments?: number;
  /** Other sessions. */
  readonly others?: number;
}

export async function writeBusyHome({ folder, fragments = 12, now, others = 6 }: BusyHome): Promise<void> {
  const sessions = path.join(folder, ".openclaw/agents/main/sessions");
  await mkdir(sessions, { recursive: true });
  const names = [
    "billing",
    "standup",
    "a key with a name that is far too long for the room that a lane has beside its bars",
    "docs",
    "on-call",
    "invoices",
  ];
  const written: Written[] = [
    { key: "agent:main:release", fragments: release(now) },
    {
      key: "agent:main:tickets",
      fragments: resets("tickets", fragments, now, Math.max(2 * MINUTE, (4 * HOUR) / fragments)),
    },
    ...Array.from({ length: others }, (_, index) => ({
      key: `agent:main:${names[index] ?? `topic-${index}`}`,
      fragments: resets(
        `other ${index}`,
        1 + (index % 4),
        now - (index % 5) * 30 * MINUTE,
        (1 + (index % 3)) * 40 * MINUTE,
      ),
      isDeleted: index % 6 === 3,
    })),
  ];
  const rows: [string, object][] = [];
  for (const one of written) {
    const row = await writeSession(sessions, one);
    if (row !== null) rows.push([one.key, row]);
  }
  await writeFile(path.join(sessions, "sessions.json"), `${JSON.stringify(Object.fromEntries(rows), null, 2)}\n`);
  await writeFile(
    path.join(folder, ".openclaw/openclaw.json"),
    `${JSON.stringify({ meta: { lastTouchedVersion: "2026.5.12" } }, null, 2)}\n`,
  );
}

/** Of the pictures and tests: fixed, so that they stay the same. */
export const BUSY_NOW = Date.UTC(2026, 10, 21, 11, 0);
