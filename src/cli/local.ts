/** The command line on this machine: its streams, its engine, and the exit code of the process. */
import { hostname, userInfo } from "node:os";

import manifest from "../../package.json" with { type: "json" };
import { LONGEST_MESSAGE } from "../engine/explain/explain.ts";
import { localEngine, localWorld } from "../engine/local-engine.ts";
import { memoFolder } from "../engine/memo-folder.ts";
import { createRepairDesk, QUIET_MS } from "../engine/repair-desk.ts";
import { findRipgrep } from "../system/ripgrep.ts";
import { serveByStdio } from "../server/serve.ts";
import { textOfInput } from "./standard-input.ts";
import { confirmOn } from "./confirm.ts";
import { run } from "./run.ts";
import { createTerminal } from "./terminal.ts";

const { promise: forever } = Promise.withResolvers<number>();

/** Ctrl-C once stops the scan in an orderly way; twice ends the process. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  process.once("SIGINT", () => controller.abort());
  return controller.signal;
}

/** Runs the command line of this process, and sets its exit code. */
export async function runHere(): Promise<void> {
  const world = localWorld();
  const signal = interruption();
  process.exitCode = await run(
    {
      terminal: createTerminal(process.stdout, process.stderr, world.env),
      env: world.env,
      workingFolder: process.cwd(),
      userHome: world.userHome,
      now: world.now,
      createEngine: ({ given, cache, log }) =>
        localEngine(world, {
          given,
          settings: { locksWarnAfterSeconds: 60 },
          memoFolder: cache ? memoFolder(world) : null,
          log,
        }),
      repairDesk: () =>
        createRepairDesk({
          world,
          face: "command line",
          version: manifest.version,
          by: `${userInfo().username}@${hostname()}`,
          quietMs: () => QUIET_MS,
        }),
      findRipgrep: () => findRipgrep([], world.env, world.platform),
      confirm: process.stdin.isTTY && process.stderr.isTTY ? confirmOn(process.stdin, process.stderr) : null,
      readInput: () => textOfInput(process.stdin, LONGEST_MESSAGE),
      signal,
      serveTools: async (given, log) => {
        // Only this verb needs the protocol's packages.
        const { serveTools } = await import("../mcp/serve.ts");
        await serveTools(given, { version: manifest.version, log, signal });
      },
      serve: () => {
        serveByStdio();
        return forever;
      },
    },
    process.argv.slice(2),
  );
}
