/** Lines of transcripts as OpenClaw 2026.3 and 2026.5 write them, with made-up words in them. */
import type { Random } from "../test/support/random.ts";

/** When the made-up history ends; milliseconds, UTC. */
export const END = Date.UTC(2026, 10, 20);

/** How a made fragment begins. */
export type Opening = "turn" | "reset-prompt" | "new-notice" | "reset-notice" | "header-only";

const RESET_PROMPT =
  "A new session was started via /new or /reset. Run your Session Startup sequence - read the required files before " +
  "responding to the user. Then greet the user in your configured persona, if one is provided.";
const WORDS = "the migration of staging ran through while a queue kept its backlog and nobody looked at it before noon";
const FILLER = `${WORDS}, so `.repeat(40);
const MOST_TURNS = 12;

const iso = (at: number): string => new Date(at).toISOString();

export function header(id: string, at: number): string {
  return entry({ type: "session", version: 3, id, timestamp: iso(at), cwd: "/srv/agents/workspace" });
}

/** A user's message, as one line. */
export function line(at: number, text: string): string {
  return message(at, { role: "user", content: [{ type: "text", text }] });
}

/** A whole transcript; the last entry is of before `until`. */
export function conversation(id: string, opening: Opening, at: number, until: number, random: Random): string {
  if (opening === "header-only") return header(id, at);
  const turns = 1 + random.below(MOST_TURNS);
  const step = Math.max(1, Math.floor((until - at) / (2 * turns + 2)));
  const lines = [header(id, at), opened(opening, at), settings(at)];
  for (let turn = 0; turn < turns; turn += 1) {
    const asked = at + (2 * turn + 1) * Math.min(step, 60_000);
    lines.push(line(asked, words(random, 200)), answer(asked + Math.min(step, 30_000), words(random, 700)));
    if (random.chance(0.1)) lines.push(toolResult(asked + 1, random));
  }
  return lines.join("");
}

/** What a reset writes before anything else. */
function opened(opening: Opening, at: number): string {
  if (opening === "reset-prompt") return line(at, RESET_PROMPT);
  if (opening === "turn") return "";
  const text = opening === "new-notice" ? "✅ New session started." : "✅ Session reset.";
  const injected = { role: "assistant", content: [{ type: "text", text }], provider: "openclaw" };
  return message(at, { ...injected, model: "gateway-injected" });
}

function settings(at: number): string {
  const common = { parentId: null, timestamp: iso(at) };
  return [
    entry({ type: "model_change", id: "23837d8d", ...common, provider: "made", modelId: "m-1" }),
    entry({ type: "thinking_level_change", id: "151b49ad", ...common, thinkingLevel: "off" }),
    entry({ type: "custom", customType: "model-snapshot", data: { timestamp: at, modelId: "m-1" }, id: "056b1365" }),
  ].join("");
}

function answer(at: number, text: string): string {
  const usage = { input: 11_537, output: 12, cacheRead: 0, cacheWrite: 0, totalTokens: 11_549 };
  const said = { role: "assistant", content: [{ type: "text", text }], api: "openai-completions", provider: "made" };
  return message(at, { ...said, model: "m-1", usage, stopReason: "stop" });
}

/** A tool's output, a few of them of an exec that goes on in the background. */
function toolResult(at: number, random: Random): string {
  const running = random.chance(0.3);
  const slug = `${random.pick(["amber", "brisk", "mellow", "salty"])}-${random.pick(["cedar", "harbor", "orbit", "reef"])}`;
  const text = running ? `Command still running (session ${slug}, pid 19765).` : words(random, 3000);
  const details = running
    ? { status: "running", sessionId: slug, startedAt: at }
    : { status: "completed", exitCode: 0 };
  return message(at, { role: "toolResult", toolName: "exec", content: [{ type: "text", text }], details });
}

function message(at: number, content: object): string {
  const id = (at % 0x1_0000_0000).toString(16).padStart(8, "0");
  return entry({ type: "message", id, parentId: null, timestamp: iso(at), message: { ...content, timestamp: at } });
}

function entry(fields: object): string {
  return `${JSON.stringify(fields)}\n`;
}

function words(random: Random, most: number): string {
  return FILLER.slice(0, 20 + random.below(most));
}
