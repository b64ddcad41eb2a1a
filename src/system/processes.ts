/** Processes of this machine, behind a small port. */
import { hostname } from "node:os";

import type { Machine, ProcessFacts } from "../model/machine.ts";
import { procProcesses } from "./processes-proc.ts";
import { psProcesses } from "./processes-ps.ts";
import { bootTimeByUptime, runPs, signalPid } from "./processes-signal.ts";

/** What can be known of a live process. */
export interface ProcessInfo extends ProcessFacts {
  /** Environment of the process, or null when it may not be read. */
  readonly environment: Readonly<Record<string, string>> | null;
}

export interface Processes {
  /** This tool itself, and the system that it runs in. */
  readonly self: Machine;
  /** `"dead"` when no such process lives here; `"unknown"` when that can't be told. */
  look(pid: number): ProcessInfo | "dead" | "unknown";
  /** Every process that can be seen; empty where the system doesn't show them. */
  list(): ProcessInfo[];
}

/** The processes of this machine, as this system lets them be seen. */
export function systemProcesses(platform: NodeJS.Platform = process.platform): Processes {
  const self = { pid: process.pid, host: hostname() };
  if (platform === "linux") return procProcesses("/proc", self, signalPid);
  return psProcesses(self, bootTimeByUptime(), signalPid, platform === "win32" ? () => null : runPs);
}
