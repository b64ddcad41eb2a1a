// The command line in a world of a test's own: snapshots made by hand, streams that are read back.
import { Writable } from "node:stream";

import { run } from "../../src/cli/run.ts";
import { createTerminal } from "../../src/cli/terminal.ts";
import type { Environment } from "../../src/cli/terminal.ts";
import type { EngineRequest } from "../../src/cli/verb.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { RepairDesk } from "../../src/engine/repair-desk.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { fakeEngine } from "./fake-engine.ts";
import { IDLE_DESK } from "./idle-desk.ts";
import { aSnapshot, NOW } from "./snapshots.ts";

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly requests: readonly EngineRequest[];
}

export interface CliOptions {
  readonly snapshot?: Snapshot;
  /** Scans and reads in place of one that shows the snapshot. */
  readonly engine?: (request: EngineRequest) => Engine;
  readonly env?: Environment;
  readonly isTerminal?: boolean;
  readonly columns?: number;
  readonly workingFolder?: string;
  readonly signal?: AbortSignal;
  /** Answers of the desk; what is not given is idle. */
  readonly desk?: Partial<RepairDesk>;
  /** Answers questions; without it there is no terminal to ask on. */
  readonly confirm?: (question: string) => Promise<boolean>;
  /** What is piped in. */
  readonly input?: string;
  /** Bytes after which nobody reads stdout any more. */
  readonly readsOnly?: number;
  /** What a write after those bytes fails with; `EPIPE` without it. */
  readonly failsWith?: string;
}

class Sink extends Writable {
  readonly isTTY: boolean;
  readonly columns: number;
  text = "";
  readonly #most: number;
  readonly #failure: string;

  constructor({ isTerminal = false, columns = 0, readsOnly = Infinity, failsWith = "EPIPE" }: CliOptions) {
    super({ decodeStrings: false });
    this.isTTY = isTerminal;
    this.columns = columns;
    this.#most = readsOnly;
    this.#failure = failsWith;
  }

  override _write(chunk: string, _encoding: string, done: (error?: Error) => void): void {
    if (this.text.length >= this.#most)
      return done(Object.assign(new Error(`write ${this.#failure}`), { code: this.#failure }));
    this.text += chunk;
    done();
  }
}

export async function cli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const stdout = new Sink(options);
  const stderr = new Sink({});
  const requests: EngineRequest[] = [];
  const env = options.env ?? {};
  const code = await run(
    {
      terminal: createTerminal(stdout, stderr, env),
      env,
      workingFolder: options.workingFolder ?? "/work",
      userHome: "/home/ann",
      now: () => NOW,
      createEngine: (request) => {
        requests.push(request);
        return options.engine?.(request) ?? fakeEngine(options.snapshot ?? aSnapshot());
      },
      repairDesk: () => ({ ...IDLE_DESK, ...options.desk }),
      findRipgrep: () => Promise.resolve(null),
      confirm: options.confirm ?? null,
      readInput: () => Promise.resolve(options.input ?? ""),
      signal: options.signal ?? new AbortController().signal,
      serveTools: () => Promise.resolve(),
      serve: () => Promise.resolve(0),
    },
    args,
  );
  return { code, out: stdout.text, err: stderr.text, requests };
}
