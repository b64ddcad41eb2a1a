// Calls the npm that called us, or the one on the PATH. Its chatter goes to stderr: stdout belongs to the command that was asked for.
import { spawnSync } from "node:child_process";
import path from "node:path";

function command(node) {
  const script = process.env.npm_execpath;
  if (script && /npm-cli\.[cm]?js$/.test(script)) return { file: node, args: [script], shell: false };
  return { file: "npm", args: [], shell: process.platform === "win32" };
}

/** The environment in which `node` comes first on the PATH. */
export function withNodeFirst(node, env = process.env) {
  const key = Object.keys(env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  return { ...env, [key]: [path.dirname(node), env[key]].filter(Boolean).join(path.delimiter) };
}

/** Runs npm in `cwd` under `node`; throws with a plain sentence when it fails. */
export function npm(args, { cwd, node = process.execPath }) {
  const { file, args: before, shell } = command(node);
  const quiet = ["--no-audit", "--no-fund", "--no-progress", "--no-update-notifier", "--loglevel=error"];
  const result = spawnSync(file, [...before, ...args, ...quiet], {
    cwd,
    env: withNodeFirst(node),
    shell,
    stdio: ["ignore", 2, 2],
  });
  if (result.error) throw new Error(`npm could not be started: ${result.error.message}`);
  if (result.status !== 0)
    throw new Error(`npm ${args.join(" ")} failed (${result.signal ?? `exit ${result.status}`})`);
}
