/** What every scan is compared with: the same files listed and read by the plainest code there is. */
import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";

const HEAD_BYTES = 4096;

/** readdir of every sessions folder, lstat of every file. Returns how many there are. */
export function listPlainly(home: string): number {
  return walk(home, () => {});
}

/** The same, and open, read of the first 4 KiB and close of each. */
export function readPlainly(home: string): number {
  const head = Buffer.allocUnsafe(HEAD_BYTES);
  return walk(home, (path) => {
    const file = openSync(path, "r");
    readSync(file, head, 0, HEAD_BYTES, 0);
    closeSync(file);
  });
}

/** Reads every file whole, so that none of those who are measured afterwards meets a cold page cache. */
export function warmUp(home: string): void {
  walk(home, (path) => readFileSync(path));
}

function walk(home: string, look: (path: string) => unknown): number {
  let files = 0;
  const agents = join(home, "agents");
  for (const agent of readdirSync(agents)) {
    const folder = join(agents, agent, "sessions");
    for (const name of readdirSync(folder)) {
      const path = `${folder}/${name}`;
      if (!lstatSync(path).isFile()) continue;
      look(path);
      files += 1;
    }
  }
  return files;
}
