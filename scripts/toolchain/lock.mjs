// One bootstrap at a time: a lock file that names its owner, so that a lock left by a killed run is taken over.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { TOOLS } from "./paths.mjs";

const WAIT_MS = 500;

function tryTake(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function ownerLives(file) {
  try {
    process.kill(Number(readFileSync(file, "utf8")), 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Runs `work` while no other process of this checkout holds the lock `name`. */
export async function withLock(name, work) {
  mkdirSync(TOOLS, { recursive: true });
  const file = path.join(TOOLS, `${name}.lock`);
  for (let told = false; !tryTake(file); await sleep(WAIT_MS)) {
    if (!ownerLives(file)) {
      rmSync(file, { force: true });
      continue;
    }
    if (!told) console.error(`Waiting for another run that prepares ${name} …`);
    told = true;
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
