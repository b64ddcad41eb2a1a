// Starts hold-lock.ts and speaks with it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";

import type { OpenClawWorld } from "./world.ts";

export interface Holder {
  /** Resolves when the lock is taken; says why it was not. */
  readonly taken: Promise<string>;
  /** Ends the run, and says what came of it: "done", or "rolled-back" when the lock was taken away meanwhile. */
  readonly end: () => Promise<string>;
}

const SCRIPT = path.join(import.meta.dirname, "hold-lock.ts");

/** A run of the executor that looks like OpenClaw, as it does, or that does not. It ends with the test at the latest. */
export function holdLock(
  test: TestContext,
  world: OpenClawWorld,
  transcript: string,
  looks: "plain" | "disguised",
): Holder {
  const lock = `${path.relative(world.home, transcript)}.lock`;
  const child = spawn(process.execPath, [SCRIPT, world.home, lock, looks], {
    env: world.env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  test.after(() => child.kill("SIGKILL"));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const said = async (): Promise<string> => String((await lines.next()).value);
  const taken = said();
  return {
    taken,
    end: async () => {
      await taken;
      child.stdin.end();
      const outcome = await said();
      if (child.exitCode === null) await once(child, "exit");
      return outcome;
    },
  };
}
