/**
 * How this process looks to OpenClaw. 2026.5.12 takes a lock away at once from a live process whose command line does not
 * look like its own (`non-openclaw-owner`); one whose first argument ends in `/openclaw` passes. A title set by the process
 * is written over its arguments, cut to their length. Where that does not reach the command line nothing can be held.
 */
import { likenessOf } from "../../checks/locks/likeness.ts";
import type { Processes } from "../../system/processes.ts";

const TITLES = ["session-forensics/openclaw", "openclaw"];

let wearers = 0;
let ownTitle = "";

/** Puts the title on; the result takes it off when nobody needs it any more. Null when it can't be seen from outside. */
export function appearAsOpenClaw(processes: Processes): (() => void) | null {
  if (wearers === 0) {
    ownTitle = ownCommandLine(processes);
    if (!TITLES.some((title) => isSeenAs(title, processes))) {
      process.title = ownTitle;
      return null;
    }
  }
  wearers += 1;
  let isWorn = true;
  return () => {
    if (!isWorn) return;
    isWorn = false;
    wearers -= 1;
    if (wearers === 0) process.title = ownTitle;
  };
}

/** The title is written over the arguments, so it is these that must come back: whoever looks for this process goes by them. */
function ownCommandLine(processes: Processes): string {
  const seen = processes.look(processes.self.pid);
  return typeof seen === "object" && seen.command !== "" ? seen.command : process.title;
}

/** Whether a command line is that of one of us, at work under such a title. */
export function isOneOfUs(command: string): boolean {
  return command.startsWith("session-forensics/");
}

function isSeenAs(title: string, processes: Processes): boolean {
  process.title = title;
  const seen = processes.look(processes.self.pid);
  return typeof seen === "object" && likenessOf(seen) === "openclaw";
}
