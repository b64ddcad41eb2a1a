/** What every system tells of a process: whether a signal would reach it, and what `ps` prints. */
import { spawnSync } from "node:child_process";
import { uptime } from "node:os";

/** Answer of the null signal. A process of another user refuses it, and so lives. */
export type SignalAnswer = "alive" | "dead" | "unknown";

const LARGEST_PID = 0x7fffffff;

/** Sends the null signal, which only asks. */
export function signalPid(pid: number): SignalAnswer {
  if (!Number.isInteger(pid) || pid <= 0 || pid > LARGEST_PID) return "dead";
  try {
    process.kill(pid, 0);
    return "alive";
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EPERM") return "alive";
    return code === "ESRCH" ? "dead" : "unknown";
  }
}

/** Output of `ps` with these arguments, times in UTC; null when it can't be had. */
export function runPs(args: readonly string[]): string | null {
  const env = { PATH: process.env["PATH"] ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };
  const { status, stdout } = spawnSync("ps", args, { encoding: "utf8", env, timeout: 3000, maxBuffer: 16 << 20 });
  return status === 0 ? stdout : null;
}

/** When the machine started; milliseconds UTC, to about a second. */
export function bootTimeByUptime(): number {
  return Date.now() - Math.round(uptime() * 1000);
}
