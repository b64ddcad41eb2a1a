/** Processes of this machine, behind a small port. */
import { hostname } from "node:os";

import { procProcesses } from "./processes-proc.ts";
import { psProcesses } from "./processes-ps.ts";
import { bootTimeByUptime, runPs, signalPid } from "./processes-signal.ts";

/** What can be known of a live process. */
export interface ProcessInfo {
  readonly pid: number;
  /** Arguments joined by blanks, or the title that the process gave itself. Empty when the system does not tell. */
  readonly command: string;
  readonly argv: readonly string[];
  /** Start time in clock ticks since boot; field 22 of /proc/<pid>/stat. Null where the system has no such number. */
  readonly startTicks: number | null;
  /** Milliseconds, UTC. */
  readonly startedAt: number | null;
  /** Identity of the pid namespace ("pid:[4026531836]"), or null when it can't be read. */
  readonly pidNamespace: string | null;
  /** Environment of the process, or null when it may not be read. */
  readonly environment: Readonly<Record<string, string>> | null;
}

export interface Processes {
  /** Host name, boot time (ms UTC) and pid namespace of this tool itself. */
  readonly self: {
    readonly pid: number;
    readonly host: string;
    readonly bootedAt: number | null;
    readonly pidNamespace: string | null;
  };
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
