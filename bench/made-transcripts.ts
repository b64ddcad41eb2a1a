/** A made-up home with long transcripts, the same for the same size: what somebody searches. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Random } from "../test/support/random.ts";

/** Stands in one of so many messages. */
const RARE_EACH = 20_000;
export const RARE = "needle in a haystack";
/** Stands in most messages. */
export const FREQUENT = "error";

const SEED = 20_261_121;
const TRANSCRIPTS = 200;
const WORDS =
  "the queue was drained before deploy of billing; error: connection refused by host, retry in seconds done".split(" ");
/** Words of a message; a few are long answers of tools. */
const LENGTHS = [8, 20, 60, 200, 800] as const;

/** Writes a home with about so many bytes of transcripts at `path`. */
export function makeTranscripts(path: string, bytes: number): void {
  const sessions = join(path, "agents", "main", "sessions");
  mkdirSync(sessions, { recursive: true });
  writeFileSync(join(path, "openclaw.json"), "{}");
  const random = new Random(SEED);
  const rows: Record<string, object> = {};
  for (let number = 0; number < TRANSCRIPTS; number += 1) {
    const id = random.uuid();
    rows[`agent:main:s${number}`] = { sessionId: id, updatedAt: Date.UTC(2026, 10, 20) + number, status: "done" };
    writeFileSync(join(sessions, `${id}.jsonl`), transcript(random, id, bytes / TRANSCRIPTS));
  }
  writeFileSync(join(sessions, "sessions.json"), JSON.stringify(rows));
}

function transcript(random: Random, id: string, bytes: number): string {
  const lines = [JSON.stringify({ type: "session", version: 3, id, timestamp: "2026-11-20T00:00:00.000Z", cwd: "/w" })];
  for (let length = 0; length < bytes;) {
    const line = message(random, lines.length);
    length += line.length + 1;
    lines.push(line);
  }
  return `${lines.join("\n")}\n`;
}

function message(random: Random, number: number): string {
  const words = Array.from({ length: random.pick(LENGTHS) }, () => random.pick(WORDS));
  if (random.below(RARE_EACH) === 0) words.push(RARE);
  // Answers of tools are coloured, and hold line breaks.
  const text = random.chance(0.2) ? `\u001b[31m${words.join(" ")}\u001b[0m\n` : words.join(" ");
  const role = random.pick(["user", "assistant", "toolResult"]);
  return JSON.stringify({
    type: "message",
    id: number.toString(16).padStart(8, "0"),
    parentId: null,
    timestamp: "2026-11-20T00:00:01.000Z",
    message: { role, content: [{ type: "text", text }] },
  });
}
