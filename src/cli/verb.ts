/** What a verb of the command line is, and what it gets to work with. */
import type { ParseArgsOptionsConfig } from "node:util";

import type { GivenPlaces, World } from "../agents/program.ts";
import type { Engine } from "../engine/engine.ts";
import type { RepairDesk } from "../engine/repair-desk.ts";
import type { HostWorld } from "../mcp/engine-host.ts";
import type { Environment, Terminal } from "./terminal.ts";

export interface EngineRequest {
  readonly given: GivenPlaces;
  /** Keep facts across restarts. */
  readonly cache: boolean;
  readonly log: (line: string) => void;
}

/** The outside of the command line; passed in so that tests own it. */
export interface CliWorld {
  readonly terminal: Terminal;
  readonly env: Environment;
  /** Absolute. */
  readonly workingFolder: string;
  readonly userHome: string;
  readonly now: World["now"];
  readonly createEngine: (request: EngineRequest) => Engine;
  /** Plans and runs repairs. */
  readonly repairDesk: () => RepairDesk;
  /** Absolute path of a ripgrep; null where there is none. */
  readonly findRipgrep: () => Promise<string | null>;
  /** Asks the person at the terminal a question that yes or no answers; null where there is none. */
  readonly confirm: ((question: string) => Promise<boolean>) | null;
  /** Standard input as text, as far as a message may go; the empty string where nothing is piped in. */
  readonly readInput: () => Promise<string>;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Gives the tools for language models over stdin and stdout until the client goes, or Ctrl-C. `log` never writes to stdout. */
  readonly serveTools: (world: HostWorld, log: (line: string) => void) => Promise<void>;
  /** Runs the language server over stdin and stdout until its client goes; resolves with the exit code. */
  readonly serve: () => Promise<number>;
}

export type Values = Readonly<Record<string, string | boolean | undefined>>;

export interface Verb {
  readonly name: string;
  /** What stands after the name in the usage line. */
  readonly usage: string;
  /** One line for the overview. */
  readonly summary: string;
  /** What `<verb> --help` prints below the usage. */
  readonly help: string;
  readonly options: ParseArgsOptionsConfig;
  /** Fewest and most arguments beside options. */
  readonly takes: readonly [number, number];
  run(world: CliWorld, positionals: readonly string[], values: Values): Promise<number>;
}
