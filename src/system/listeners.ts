/** Whether something listens on a port of this machine, and which process that is, as far as the system tells. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";

const PATIENCE_MS = 1000;
/** State LISTEN in /proc/net/tcp. */
const LISTENING = "0A";

/** Connects to the port on loopback and hangs up at once. */
export async function isListening(port: number): Promise<boolean> {
  const answers = await Promise.all(["127.0.0.1", "::1"].map((host) => answersAt(host, port)));
  return answers.includes(true);
}

function answersAt(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (isThere: boolean): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.setTimeout(PATIENCE_MS, () => end(false));
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
}

/** The process that listens on the port; null where that can't be seen. `proc` is where Linux tells. */
export function listenerOf(port: number, proc = "/proc"): number | null {
  const inodes = new Set(["tcp", "tcp6"].flatMap((table) => listeningInodes(join(proc, "net", table), port)));
  if (inodes.size === 0) return null;
  const names = new Set([...inodes].map((inode) => `socket:[${inode}]`));
  const pids = namesIn(proc).filter((name) => /^\d+$/.test(name));
  const pid = pids.find((name) =>
    namesIn(join(proc, name, "fd")).some((fd) => names.has(linkAt(join(proc, name, "fd", fd)))),
  );
  return pid === undefined ? null : Number(pid);
}

/** Columns of /proc/net/tcp: number, local address:port in hex, remote, state, …, the inode as the tenth. */
function listeningInodes(table: string, port: number): string[] {
  let text: string;
  try {
    text = readFileSync(table, "utf8");
  } catch {
    return [];
  }
  return text.split("\n").flatMap((line) => {
    const columns = line.trim().split(/\s+/);
    const [, local = "", , state] = columns;
    const isIt = state === LISTENING && Number.parseInt(local.slice(local.lastIndexOf(":") + 1), 16) === port;
    return isIt ? (columns[9] ?? []) : [];
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function linkAt(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
