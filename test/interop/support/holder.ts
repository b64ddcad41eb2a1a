// Starts hold-lock.ts in a process of its own and speaks with it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import path from "node:path";

export interface Holder {
  readonly pid: number;
  /** Resolves when the lock is taken. */
  readonly taken: Promise<void>;
  /** Lets go; whether the lock was still its own. */
  readonly release: () => Promise<boolean>;
}

const SCRIPT = path.join(import.meta.dirname, "hold-lock.ts");

/** What the holder must be called so that OpenClaw takes it for one of its own. */
export const OPENCLAW_LIKE = "session-forensics/openclaw";

export function holdLock(transcript: string, title?: string): Holder {
  const args = [SCRIPT, transcript, ...(title === undefined ? [] : [title])];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const said = async (): Promise<string> => String((await lines.next()).value);
  const taken = said().then((word) => {
    if (word !== "taken") throw new Error(`the holder of ${transcript} said ${word}`);
  });
  return {
    pid: child.pid ?? 0,
    taken,
    release: async () => {
      await taken;
      child.stdin.end();
      const word = await said();
      if (child.exitCode === null) await once(child, "exit");
      return word === "released";
    },
  };
}
