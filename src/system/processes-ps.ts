/** Processes by signal and `ps`, for macOS and others without /proc; on Windows by signal alone. */
import { hiddenProcess } from "./processes-proc.ts";
import type { Processes, ProcessInfo } from "./processes.ts";
import type { SignalAnswer } from "./processes-signal.ts";

const COLUMNS = ["-ww", "-o", "pid=,lstart=,command="];
/** `  501 Sat Nov 21 01:15:00 2026 /usr/bin/node server.js` */
const ROW = /^\s*(\d+)\s+(\w{3}\s+\w{3}\s+\d+\s+\d+:\d+:\d+\s+\d{4})\s+(.*)$/;

/** `ps` gives null where there is no such program. */
export function psProcesses(
  self: { readonly pid: number; readonly host: string },
  bootedAt: number | null,
  signal: (pid: number) => SignalAnswer,
  ps: (args: readonly string[]) => string | null,
): Processes {
  return {
    self: { ...self, bootedAt, pidNamespace: null },
    look: (pid) => {
      const answer = signal(pid);
      if (answer !== "alive") return answer;
      const rows = rowsOf(ps([...COLUMNS, "-p", String(pid)]));
      return rows.find((row) => row.pid === pid) ?? hiddenProcess(pid);
    },
    list: () => rowsOf(ps([...COLUMNS, "-ax"])),
  };
}

function rowsOf(output: string | null): ProcessInfo[] {
  return (output ?? "").split("\n").flatMap((line) => {
    const [, pid, started = "", command = ""] = ROW.exec(line) ?? [];
    if (pid === undefined) return [];
    const startedAt = Date.parse(`${started} UTC`);
    const text = command.trim();
    return {
      ...hiddenProcess(Number(pid)),
      command: text,
      // Blanks inside an argument can't be told from blanks between arguments.
      argv: text.split(/\s+/).filter((part) => part !== ""),
      startedAt: Number.isNaN(startedAt) ? null : startedAt,
    };
  });
}
