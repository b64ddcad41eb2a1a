/** Whether a live process may be OpenClaw, told by its command line. */
import type { ProcessFacts } from "../../model/machine.ts";

/**
 * openclaw: it calls itself so, or runs a script of that name. runtime: a JavaScript program under another name, which may
 * still be OpenClaw (run from its sources it is `node dist/index.js gateway`). unnamed: it shows no command line.
 * other: a program that OpenClaw never is.
 */
export type Likeness = "openclaw" | "runtime" | "unnamed" | "other";

/** Names of the program through its history, as a word of its own or before "-gateway" and the like. */
const PROGRAM_NAME = /^(?:openclaw|clawdbot|moldbot|moltbot)(?:[-:.].*)?$/i;
const RUNTIME_NAME = /^(?:node|nodejs|bun|bunx|deno|tsx|npm|npx|pnpm|yarn|electron)(?:[-.\d].*)?$/i;

/**
 * Judges by the title that the process gave itself (`openclaw` and `openclaw-gateway` were seen on real gateways), else by the
 * program's file name, and for a JavaScript runtime by the folders and files among its arguments.
 */
export function likenessOf({ argv, command }: ProcessFacts): Likeness {
  const words = argv.length > 0 ? argv : command.split(/\s+/);
  // A title set by the process itself arrives as one argument: "openclaw gateway".
  const [program = "", ...titleWords] = (words[0] ?? "").trim().split(/\s+/);
  if (program === "") return "unnamed";
  if (PROGRAM_NAME.test(fileName(program))) return "openclaw";
  if (!RUNTIME_NAME.test(fileName(program))) return "other";
  const parts = [...titleWords, ...words.slice(1)].flatMap((word) => word.split(/[\\/]/));
  return parts.some((part) => PROGRAM_NAME.test(part)) ? "openclaw" : "runtime";
}

function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
