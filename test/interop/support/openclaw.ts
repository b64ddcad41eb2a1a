// The installed OpenClaw: its commands, its gateway, turns.
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { promisify } from "node:util";

import type { OpenClawWorld } from "./world.ts";

/** Folder that holds the package's node_modules; the runner names it. */
const INSTALLED = "SESSION_FORENSICS_OPENCLAW";

/** Of 2026.5, and of 2026.3. */
const READY = /\[gateway\] (?:ready|listening on)/;

const START_MS = 90_000;
const COMMAND_MS = 150_000;

/** The folder that OpenClaw is installed in. */
export function installed(): string {
  const folder = process.env[INSTALLED];
  if (folder === undefined)
    throw new Error(`${INSTALLED} names no folder: start these tests with npm run test:interop`);
  return folder;
}

const program = (): string => path.join(installed(), "node_modules", "openclaw", "openclaw.mjs");

/** Output of one of OpenClaw's commands; throws with it when the command fails. */
export async function openclaw(world: OpenClawWorld, ...args: readonly string[]): Promise<string> {
  const options = { env: world.env, cwd: world.root, timeout: COMMAND_MS, maxBuffer: 64 << 20 };
  const { stdout } = await promisify(execFile)(process.execPath, [program(), ...args], options);
  return stdout;
}

export interface Turn {
  readonly sessionId: string;
  /** Texts that the agent answered with. */
  readonly texts: readonly string[];
}

export interface Gateway {
  readonly pid: number;
  /** All that it said so far. */
  readonly log: () => string;
  /** Calls one of its methods. */
  readonly call: (method: string, params: object, ...options: readonly string[]) => Promise<unknown>;
  /** A whole turn of a session. */
  readonly turn: (key: string, message: string) => Promise<Turn>;
  /** Begins a turn and does not wait for its end. */
  readonly begin: (key: string, message: string) => Promise<void>;
  /** Ends it as its service manager would. */
  readonly stop: () => Promise<void>;
  /** Ends it as a power cut would. */
  readonly kill: () => Promise<void>;
}

let turns = 0;
const nextTurn = (): string => `turn-${(turns += 1)}`;

/** A run that is cut off leaves no gateway behind. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
process.once("SIGTERM", () => process.exit(143));
process.once("SIGINT", () => process.exit(130));

export async function startGateway(world: OpenClawWorld): Promise<Gateway> {
  const child = spawn(process.execPath, [program(), "gateway", "run"], {
    env: world.env,
    cwd: world.root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child.once("exit", () => running.delete(child)));
  const log = collect(child);
  const call = async (method: string, params: object, ...options: readonly string[]): Promise<unknown> =>
    JSON.parse(
      await openclaw(world, "gateway", "call", method, "--json", "--params", JSON.stringify(params), ...options),
    );
  const gateway: Gateway = {
    pid: child.pid ?? 0,
    log: log.text,
    call,
    turn: async (key, message) => {
      const params = { sessionKey: key, message, idempotencyKey: nextTurn() };
      return turnOf(await call("agent", params, "--expect-final", "--timeout", String(COMMAND_MS)));
    },
    begin: async (key, message) => {
      await call("agent", { sessionKey: key, message, idempotencyKey: nextTurn() });
    },
    stop: () => end(child, "SIGTERM"),
    kill: () => end(child, "SIGKILL"),
  };
  await log.holds(READY).catch(async (error: unknown) => {
    await gateway.kill();
    throw error;
  });
  return gateway;
}

/** What `work` does with a gateway that is stopped afterwards, whatever happens. */
export async function withGateway<T>(world: OpenClawWorld, work: (gateway: Gateway) => Promise<T>): Promise<T> {
  const gateway = await startGateway(world);
  try {
    return await work(gateway);
  } finally {
    await gateway.stop();
  }
}

interface AgentAnswer {
  readonly result: {
    readonly payloads: readonly { readonly text?: string }[];
    readonly meta: { readonly agentMeta: { readonly sessionId: string } };
  };
}

function turnOf(answer: unknown): Turn {
  const { result } = answer as AgentAnswer;
  return { sessionId: result.meta.agentMeta.sessionId, texts: result.payloads.map(({ text }) => text ?? "") };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
}

/** What a child says on both streams. */
function collect(child: ChildProcess): {
  readonly text: () => string;
  readonly holds: (text: RegExp) => Promise<void>;
} {
  let said = "";
  const add = (chunk: Buffer): void => {
    said += chunk.toString();
  };
  child.stdout?.on("data", add);
  child.stderr?.on("data", add);
  const holds = (text: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const done = (outcome: () => void): void => {
        clearTimeout(timer);
        child.stdout?.off("data", look).off("end", ended);
        child.stderr?.off("data", look);
        outcome();
      };
      const look = (): void => {
        if (text.test(said)) done(resolve);
      };
      const ended = (): void =>
        done(() => reject(new Error(`the gateway ended before it said ${text.source}:\n${said}`)));
      const timer = setTimeout(
        () => done(() => reject(new Error(`the gateway never said ${text.source}:\n${said}`))),
        START_MS,
      );
      child.stdout?.on("data", look).on("end", ended);
      child.stderr?.on("data", look);
      look();
    });
  return { text: () => said, holds };
}
