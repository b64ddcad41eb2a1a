/** Picks the verb, reads its options, and turns whatever happens into an exit code. */
import { parseArgs } from "node:util";

import manifest from "../../package.json" with { type: "json" };
import { escaped } from "../engine/present/names.ts";
import { FileError } from "../system/files.ts";
import { EXIT, ExitError, usageError } from "./exit.ts";
import type { CliWorld, Values, Verb } from "./verb.ts";
import { chain } from "./verbs/chain.ts";
import { check } from "./verbs/check.ts";
import { history } from "./verbs/history.ts";
import { explain } from "./verbs/explain.ts";
import { journal } from "./verbs/journal.ts";
import { locks } from "./verbs/locks.ts";
import { lsp } from "./verbs/lsp.ts";
import { mcp } from "./verbs/mcp.ts";
import { plan } from "./verbs/plan.ts";
import { repair } from "./verbs/repair.ts";
import { scan } from "./verbs/scan.ts";
import { search } from "./verbs/search.ts";
import { undo } from "./verbs/undo.ts";

const VERBS: readonly Verb[] = [
  scan,
  check,
  locks,
  chain,
  history,
  search,
  explain,
  plan,
  repair,
  undo,
  journal,
  mcp,
  lsp,
];

const overview =
  (): string => `Finds the sessions of AI agents on this machine, shows which transcript continues which, and says what is wrong.
Only repair and undo write, after showing what; everything else reads, and changes nothing in a home.

Usage: session-forensics <verb> [argument…]

${VERBS.map((one) => `  ${`${one.name} ${one.usage}`.padEnd(28)}${one.summary}`).join("\n")}

  --version  print the version
  --help     print this help, or with a verb that verb's own

Exit codes: 0 done, 1 findings (check) or refused (repair, undo), 2 bad usage, 3 something could not be read or written.
Environment: NO_COLOR, FORCE_COLOR, SESSION_FORENSICS_CACHE (folder for facts kept between runs).
`;

const helpOf = (verb: Verb): string =>
  `${verb.summary}\n\nUsage: session-forensics ${verb.name} ${verb.usage}\n\n${verb.help}`;

interface Parsed {
  readonly positionals: readonly string[];
  readonly values: Values;
}

function parsed(verb: Verb, args: readonly string[]): Parsed {
  try {
    const options = { ...verb.options, help: { type: "boolean", short: "h" } } as const;
    const { positionals, values } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      allowNegative: true,
    });
    return { positionals, values };
  } catch (error) {
    // parseArgs throws only for what the person typed; its messages say what.
    throw usageError(error instanceof Error ? error.message : String(error));
  }
}

async function runVerb(world: CliWorld, verb: Verb, args: readonly string[]): Promise<number> {
  const { positionals, values } = parsed(verb, args);
  if (values["help"] === true) {
    await world.terminal.out([helpOf(verb)]);
    return EXIT.done;
  }
  const [fewest, most] = verb.takes;
  if (positionals.length < fewest) throw usageError(`Usage: session-forensics ${verb.name} ${verb.usage}`);
  if (positionals.length > most)
    throw usageError(`"${positionals[most] ?? ""}" is one argument too many for ${verb.name}.`);
  return await verb.run(world, positionals, values);
}

async function dispatch(world: CliWorld, args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  const verb = VERBS.find((one) => one.name === name);
  if (verb !== undefined) return await runVerb(world, verb, rest);
  if (name === "--version" || name === "-V") await world.terminal.out([`${manifest.version}\n`]);
  else if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    const other = VERBS.find((one) => one.name === rest[0]);
    await world.terminal.out([other === undefined ? overview() : helpOf(other)]);
  } else throw usageError(`"${name}" is not a verb of session-forensics; --help lists them.`);
  return EXIT.done;
}

/** Runs the command line; never rejects. */
export async function run(world: CliWorld, args: readonly string[]): Promise<number> {
  try {
    return await dispatch(world, args);
  } catch (error) {
    // Whatever was being read then tells of it in its own way.
    if (world.signal.aborted) {
      world.terminal.err("Stopped.\n");
      return EXIT.interrupted;
    }
    if (error instanceof ExitError) {
      const [first = "", ...others] = error.message.trimEnd().split("\n").map(escaped);
      world.terminal.err(`${[first, ...others].join("\n")}\n`);
      return error.code;
    }
    // Such as receipts that can't be read: no fault of this program, so nobody needs its stack.
    if (error instanceof FileError) {
      world.terminal.err(`Can't read ${escaped(error.path)}: ${escaped(error.message)}\n`);
      return EXIT.unreadable;
    }
    world.terminal.err(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return EXIT.unreadable;
  }
}
