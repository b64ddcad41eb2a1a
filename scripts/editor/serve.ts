// Serves a VS Code with the extension on a loopback port, with folders of its own that go when it stops.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import { type CodeServer, codeServer } from "./code-server.ts";
import { cleanEnvironment } from "./environment.ts";

export interface ServeOptions {
  /** A packed extension to install; more than one may be needed by a test. */
  readonly vsix: string;
  /** The HOME of the editor and so of the extension; this user's own when left out. */
  readonly home?: string;
  readonly port?: number;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Lets a page run a test suite inside the extension host. */
  readonly testDriver?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Served {
  readonly url: string;
  readonly authority: string;
  /** What the server printed, for a report. */
  readonly log: string;
  /** Resolves when the server ends, by itself or by stop(). */
  readonly ended: Promise<void>;
  readonly stop: () => Promise<void>;
}

const READY_WITHIN_MS = 60_000;
const ENDS_WITHIN_MS = 5_000;

const QUIET = {
  "chat.disableAIFeatures": true,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "window.commandCenter": false,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no loopback port is free");
  return address.port;
}

interface Folders {
  readonly all: string;
  readonly user: string;
  readonly extensions: string;
  readonly config: string;
}

/** Short names: the sockets inside have a length limit. */
async function makeFolders(settings: Readonly<Record<string, unknown>>): Promise<Folders> {
  const all = await mkdtemp(path.join(tmpdir(), "sf-editor-"));
  const folders = {
    all,
    user: path.join(all, "user"),
    extensions: path.join(all, "ext"),
    config: path.join(all, "config.yaml"),
  };
  await mkdir(path.join(folders.user, "User"), { recursive: true });
  await writeFile(folders.config, "auth: none\n");
  await writeFile(path.join(folders.user, "User", "settings.json"), JSON.stringify({ ...QUIET, ...settings }, null, 2));
  return folders;
}

const commonFlags = (folders: Folders): string[] => [
  `--config=${folders.config}`,
  `--user-data-dir=${folders.user}`,
  `--extensions-dir=${folders.extensions}`,
];

type Env = Record<string, string>;

/** A HOME that is shown stays as it is: what the editor keeps for itself goes to its own folders. */
function editorEnvironment({ home, env }: ServeOptions, folders: Folders): Env {
  if (home === undefined) return cleanEnvironment(env);
  const own = (name: string): string => path.join(folders.all, name);
  return cleanEnvironment({
    XDG_CACHE_HOME: own("cache"),
    XDG_CONFIG_HOME: own("config"),
    XDG_DATA_HOME: own("data"),
    XDG_STATE_HOME: own("state"),
    ...env,
    HOME: home,
  });
}

async function installExtension(server: CodeServer, folders: Folders, vsix: string, env: Env): Promise<void> {
  const args = [server.entry, ...commonFlags(folders), "--install-extension", vsix];
  await promisify(execFile)(server.node, args, { env }).catch((error: Error & { stderr?: string }) => {
    throw new Error(`the extension could not be installed: ${error.stderr ?? error.message}`);
  });
}

function start(server: CodeServer, folders: Folders, port: number, options: ServeOptions, env: Env): ChildProcess {
  const args = [
    server.entry,
    "--auth=none",
    `--bind-addr=127.0.0.1:${port}`,
    "--disable-telemetry",
    "--disable-update-check",
    "--disable-workspace-trust",
    "--disable-getting-started-override",
    "--ignore-last-opened",
    ...commonFlags(folders),
    ...(options.testDriver ? ["--vscode-option=enable-smoke-test-driver"] : []),
  ];
  // A group of its own, so that the extension hosts end with it.
  const child = spawn(server.node, args, { env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const log = createWriteStream(path.join(folders.all, "server.log"));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  return child;
}

async function waitUntilReady(url: string, child: ChildProcess, log: string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    const answer = await fetch(`${url}/healthz`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(100);
  }
  const said = await readFile(log, "utf8").catch(() => "");
  throw new Error(`the editor did not start:\n${said.slice(-2000)}`);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

async function end(child: ChildProcess, ended: Promise<void>): Promise<void> {
  signalGroup(child, "SIGTERM");
  await Promise.race([ended, sleep(ENDS_WITHIN_MS, undefined, { ref: false })]);
  signalGroup(child, "SIGKILL");
}

export async function serveEditor(options: ServeOptions): Promise<Served> {
  const server = await codeServer();
  const folders = await makeFolders(options.settings ?? {});
  const env = editorEnvironment(options, folders);
  const remove = (): Promise<void> => rm(folders.all, { recursive: true, force: true, maxRetries: 5 });
  try {
    await installExtension(server, folders, options.vsix, env);
    const port = options.port ?? (await freePort());
    const child = start(server, folders, port, options, env);
    const ended = once(child, "exit").then(() => {});
    const stop = async (): Promise<void> => {
      await end(child, ended);
      await remove();
    };
    const url = `http://127.0.0.1:${port}`;
    const log = path.join(folders.all, "server.log");
    await waitUntilReady(url, child, log).catch(async (error: unknown) => {
      await end(child, ended);
      throw error;
    });
    return { url, authority: `127.0.0.1:${port}`, log, ended, stop };
  } catch (error) {
    await remove();
    throw error;
  }
}
