/** Homes in the folders and patterns that a person named: the folder itself, or homes some levels below it. */
import { isAbsolute, join, parse, resolve, sep } from "node:path";

import type { Skipped } from "../../model/reading.ts";
import { realPath, statOf } from "../../system/files.ts";
import type { ReadingContext } from "../program.ts";
import { homeAround, isStateFolderName, looksLikeHome } from "./home-signs.ts";
import { foldersIn, isFolder } from "./layout.ts";

export interface GivenHome {
  readonly home: string;
  /** Why it is looked at, a plain sentence. */
  readonly text: string;
}

/** A fleet's folders are `users/<id>/root/.openclaw`; deeper than that nobody keeps homes on purpose. */
const MOST_DEPTH = 4;
const MOST_FOLDERS = 5000;
const NEVER_ENTERED = new Set([
  "node_modules",
  ".git",
  ".hg",
  ".svn",
  "__pycache__",
  "dist",
  "target",
  "venv",
  ".venv",
]);

/** The homes that the given paths and patterns lead to. What leads to none is named in `skipped`. */
export async function* searchPlaces(
  paths: readonly string[],
  context: ReadingContext,
  skipped: Skipped[],
): AsyncGenerator<GivenHome> {
  for (const given of paths) {
    const path = resolve(given.replace(/^~(?=$|[\\/])/, context.world.userHome));
    const isPattern = /[*?]/.test(path);
    const folders = isPattern ? matchingFolders(path) : [path];
    let any = false;
    for (const folder of folders) {
      for await (const home of homesBelow(folder, context, skipped)) {
        any = true;
        yield { home, text: home === folder && !isPattern ? "given by hand" : `found through ${given}` };
      }
    }
    // A person may open a sessions folder, or an agent's workspace below the home.
    const there = any ? [] : folders.filter((folder) => isFolder(folder, []));
    const around = there.map(homeAround).find((home) => home !== null);
    if (around !== undefined) yield { home: around, text: `${given} lies in it` };
    else if (!any) skipped.push({ path, reason: noHomeReason(path, isPattern) });
  }
}

function noHomeReason(path: string, isPattern: boolean): string {
  if (isPattern) return "no OpenClaw home matches this pattern";
  return isFolder(path, []) ? "no OpenClaw home in this folder" : "no such folder";
}

/** The folder itself if it is a home, else the homes below it, breadth first; links are not followed downwards. */
async function* homesBelow(top: string, context: ReadingContext, skipped: Skipped[]): AsyncGenerator<string> {
  if (!isFolder(top, skipped)) return;
  let level = [top];
  let left = MOST_FOLDERS;
  for (let depth = 0; depth <= MOST_DEPTH && level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const folder of level) {
      await context.breathe();
      left -= 1;
      if (left < 0) {
        skipped.push({ path: top, reason: `only the first ${MOST_FOLDERS} folders in it were searched for homes` });
        return;
      }
      if (looksLikeHome(folder)) yield folder;
      else if (depth < MOST_DEPTH) next.push(...foldersToEnter(folder, skipped));
    }
    level = next;
  }
}

function foldersToEnter(folder: string, skipped: Skipped[]): string[] {
  return foldersIn(folder, skipped)
    .filter(
      (name) => !NEVER_ENTERED.has(name) && (!name.startsWith(".") || isStateFolderName(name) || isBackupFolder(name)),
    )
    .map((name) => join(folder, name))
    .filter((path) => statOf(path)?.kind === "directory");
}

function isBackupFolder(name: string): boolean {
  return /^\.(?:openclaw|clawdbot|backups?|snapshots?)/.test(name);
}

/** Folders that match a pattern with `*`, `?` and `**`; each part of it is matched against the names in one folder. */
function matchingFolders(pattern: string): string[] {
  const { root } = parse(pattern);
  let folders = [isAbsolute(pattern) ? root : "."];
  for (const part of pattern.slice(root.length).split(sep)) {
    if (part === "") continue;
    folders =
      part === "**"
        ? folders.flatMap((folder) => withDescendants(folder))
        : folders.flatMap((folder) => matches(folder, part));
    if (folders.length > MOST_FOLDERS) folders.length = MOST_FOLDERS;
  }
  return [...new Set(folders)];
}

function matches(folder: string, part: string): string[] {
  if (!/[*?]/.test(part)) return isFolder(join(folder, part), []) ? [join(folder, part)] : [];
  const escaped = part.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  const expression = new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
  const names = foldersIn(folder, []).filter(
    (name) => expression.test(name) && (part.startsWith(".") || !name.startsWith(".")),
  );
  return names.map((name) => join(folder, name));
}

function withDescendants(top: string): string[] {
  const all = [top];
  let level = [top];
  for (let depth = 0; depth < MOST_DEPTH && all.length < MOST_FOLDERS; depth += 1) {
    level = level
      .flatMap((folder) =>
        foldersIn(folder, [])
          .filter((name) => !NEVER_ENTERED.has(name))
          .map((name) => join(folder, name)),
      )
      .filter((path) => realPath(path) === path);
    all.push(...level);
  }
  return all;
}
