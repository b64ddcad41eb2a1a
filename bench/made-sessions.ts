/** A made-up home with a long transcript in which nothing is wrong, and with a chain of many fragments; the same for the same size. */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";

import { Random } from "../test/support/random.ts";
import { END, header } from "./conversation.ts";

export interface MadeSessions {
  /** Absolute path of the home. */
  readonly home: string;
  /** Absolute path of the long transcript. */
  readonly transcript: string;
  /** Key of the session with many fragments. */
  readonly chainKey: string;
}

const SEED = 20_261_122;
const AGENT = "main";
const LONG = { key: `agent:${AGENT}:long`, id: "00000000-0000-4000-8000-000000000001" };
const CHAIN_KEY = `agent:${AGENT}:chain`;
const FRAGMENTS = 100;
const TURNS_OF_A_FRAGMENT = 50;
const TURN_MS = 1000;
const WORDS = "the queue was drained before deploy of billing and nobody looked at it until noon, retry in 3 seconds; ";
/** Characters of what a tool gave back: most give little, some a whole file. */
const OUTPUTS = [80, 400, 2000, 12_000] as const;

/** Writes the home; the long transcript has about so many bytes. */
export function makeSessions(home: string, bytes: number): MadeSessions {
  const folder = join(home, "agents", AGENT, "sessions");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(home, "openclaw.json"), "{}");
  const random = new Random(SEED);
  const transcript = join(folder, `${LONG.id}.jsonl`);
  writeLong(transcript, bytes, random);
  const current = writeChain(folder, random);
  const row = (sessionId: string): object => ({ sessionId, updatedAt: END, status: "done", usageFamilyKey: CHAIN_KEY });
  const rows = {
    [LONG.key]: { sessionId: LONG.id, updatedAt: END, status: "done" },
    [CHAIN_KEY]: { ...row(current), usageFamilySessionIds: chainIds() },
  };
  writeFileSync(join(folder, "sessions.json"), JSON.stringify(rows));
  return { home, transcript, chainKey: CHAIN_KEY };
}

function writeLong(path: string, bytes: number, random: Random): void {
  const turns = new Turns(END - 30 * 24 * 3600 * TURN_MS, random);
  const file = openSync(path, "w");
  for (let length = writeSync(file, header(LONG.id, turns.at)); length < bytes;)
    length += writeSync(file, turns.next());
  closeSync(file);
}

function chainIds(): string[] {
  return Array.from({ length: FRAGMENTS }, (_, at) => `00000000-0000-4000-9000-${String(at).padStart(12, "0")}`);
}

/** All but the newest are put away by a reset, at the moment at which the next one begins. Id of the newest. */
function writeChain(folder: string, random: Random): string {
  const ids = chainIds();
  for (const [number, id] of ids.entries()) {
    const begun = END - (FRAGMENTS - number) * (TURNS_OF_A_FRAGMENT + 1) * TURN_MS;
    const ended = begun + (TURNS_OF_A_FRAGMENT + 1) * TURN_MS;
    const turns = new Turns(begun, random);
    const lines = [header(id, begun), ...Array.from({ length: TURNS_OF_A_FRAGMENT }, () => turns.next())];
    const stamp = `.reset.${new Date(ended).toISOString().replaceAll(":", "-")}`;
    writeFileSync(join(folder, `${id}.jsonl${number === FRAGMENTS - 1 ? "" : stamp}`), lines.join(""));
  }
  return ids.at(-1)!;
}

/** Turns of a conversation, one after the other: a question, a tool that is called, what it gave back, an answer. */
class Turns {
  at: number;
  private entries = 0;
  private parent: string | null = null;
  private readonly random: Random;

  constructor(at: number, random: Random) {
    this.at = at;
    this.random = random;
  }

  /** The lines of the next turn. */
  next(): string {
    this.at += TURN_MS;
    const call = { type: "toolCall", id: `call_${this.entries}`, name: "exec", arguments: { command: this.text(120) } };
    const common = { provider: "made", model: "m-1" };
    return [
      this.message({ role: "user", content: this.text(300) }),
      this.message({ role: "assistant", content: [call], ...common, stopReason: "toolUse" }),
      this.message({
        role: "toolResult",
        toolCallId: call.id,
        toolName: "exec",
        content: [{ type: "text", text: this.text(this.random.pick(OUTPUTS)) }],
        details: { status: "completed", exitCode: 0 },
      }),
      this.message({
        role: "assistant",
        content: [{ type: "text", text: this.text(900) }],
        ...common,
        stopReason: "stop",
      }),
    ].join("");
  }

  private message(message: object): string {
    const id = (this.entries++).toString(16).padStart(8, "0");
    const timestamp = new Date(this.at).toISOString();
    const entry = {
      type: "message",
      id,
      parentId: this.parent,
      timestamp,
      message: { ...message, timestamp: this.at },
    };
    this.parent = id;
    return `${JSON.stringify(entry)}\n`;
  }

  private text(length: number): string {
    const from = this.random.below(WORDS.length);
    return WORDS.repeat(Math.ceil(length / WORDS.length) + 1).slice(from, from + length);
  }
}
