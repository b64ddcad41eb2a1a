/** Where OpenClaw's gateway writes its log: the file that the config names, else by date in its temporary folder. */
import { basename, dirname, join } from "node:path";

import { asObject, asText } from "../../../formats/json-values.ts";
import { parseTolerant } from "../../../formats/json5.ts";
import { FileError, list, readAll, realPath, statThroughLinks, type FileStat } from "../../../system/files.ts";
import type { World } from "../../program.ts";
import { CONFIG_NAMES } from "../config.ts";
import { lockFolders } from "../gateway-locks.ts";

/** `openclaw-2026-11-21.log`, and what was put aside when it grew too large: `openclaw-2026-11-21.1.log` (2026.5). */
const BY_DATE = /^openclaw-\d{4}-\d{2}-\d{2}(?:\.\d)?\.log$/;
/** A configured name of the same form means any date. */
const ANY_DATE = /^openclaw-.{10}\.log$/;
const MOST_CONFIG_BYTES = 16 << 20;

/** The logs that may tell of this home (absolute path), the newest first. OpenClaw removes those by date after a day. */
export function gatewayLogs(home: string, world: World): FileStat[] {
  const configured = configuredLog(home);
  const paths = configured === null ? defaultLogs(home, world) : logsAt(expanded(configured, world.userHome));
  const files = [...new Set(paths)].flatMap((path) => fileAt(path) ?? []);
  return files.toSorted((a, b) => b.mtimeMs - a.mtimeMs);
}

/** Undefined for what is no file, or can't be looked at. */
function fileAt(path: string): FileStat | undefined {
  try {
    const file = statThroughLinks(path);
    return file?.kind === "file" ? file : undefined;
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

/** `logging.file` of the config; null as well where that can't be read. */
function configuredLog(home: string): string | null {
  const config = CONFIG_NAMES.map((name) => join(home, name)).find((path) => fileAt(path) !== undefined);
  if (config === undefined) return null;
  try {
    const text = readAll(realPath(config) ?? config, MOST_CONFIG_BYTES).toString("utf8");
    const logging = asObject(asObject(parseTolerant(text).value)?.["logging"]);
    return asText(logging?.["file"]);
  } catch (error) {
    if (error instanceof FileError) return null;
    throw error;
  }
}

const expanded = (path: string, userHome: string): string =>
  path.startsWith("~/") ? join(userHome, path.slice(2)) : path;

function logsAt(path: string): string[] {
  const folder = dirname(path);
  if (ANY_DATE.test(basename(path))) return byDate(folder);
  const stem = path.replace(/\.[^./\\]*$/, "");
  const extension = path.slice(stem.length);
  return [path, ...[1, 2, 3, 4, 5].map((number) => `${stem}.${number}${extension}`)];
}

/** `/tmp/openclaw` by default; where that is not safe `openclaw-<uid>` in the temporary folder; since 2026.9 also inside the home. */
function defaultLogs(home: string, { env, platform }: World): string[] {
  const temporary = env["TMPDIR"] ?? env["TEMP"] ?? "/tmp";
  const preferred = platform === "win32" ? [] : ["/tmp/openclaw"];
  const folders = [...preferred, ...lockFolders(temporary), ...lockFolders(join(home, "tmp"))];
  return folders.flatMap(byDate);
}

function byDate(folder: string): string[] {
  try {
    const { names } = list(folder);
    return names.filter((name) => BY_DATE.test(name)).map((name) => join(folder, name));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return [];
  }
}
