/** Homes for tests, in temporary folders: made from a literal, or copied from the fixtures. */
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  type Stats,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { TestContext } from "node:test";

const FIXTURES = resolve(import.meta.dirname, "../fixtures/openclaw");

/** Homes written by real releases, each with `TRUTH.json` beside its `state` folder. */
export const FIXTURE_HOMES = [
  "2026.3.24-random",
  "2026.3.24-shadow",
  "2026.5.12-delivery",
  "2026.5.12-killed",
  "2026.5.12-random",
] as const;
export type FixtureHome = (typeof FIXTURE_HOMES)[number];

/** The same of releases that keep sessions in databases; prompts and tool lists in trajectory events are shortened. */
export const DATABASE_HOMES = ["2026.9.6-clean"] as const;
export type DatabaseHome = (typeof DATABASE_HOMES)[number];

/** A file's content (text, bytes, or a value that becomes JSON), a folder, or a link. */
export type TreeNode = string | Buffer | FileSpec | LinkSpec | { readonly [name: string]: TreeNode };

export interface FileSpec {
  readonly file: string | Buffer;
  /** Milliseconds, UTC. */
  readonly mtime?: number;
  readonly mode?: number;
}

export interface LinkSpec {
  readonly link: string;
}

/** A file with a time or mode of its own. */
export function file(content: string | Buffer, given: { mtime?: number; mode?: number } = {}): FileSpec {
  return { file: content, ...given };
}

export function link(target: string): LinkSpec {
  return { link: target };
}

/** JSON Lines of these entries. */
export function lines(...entries: readonly unknown[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
}

/** A pretty-printed JSON document, as OpenClaw writes its store and its locks. */
export function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** A session header (version 3). */
export function header(id: string, time: string, given: Record<string, unknown> = {}): Record<string, unknown> {
  return { type: "session", version: 3, id, timestamp: time, cwd: "/srv/workspace", ...given };
}

/** A message of a user or an assistant. */
export function message(
  role: string,
  text: string,
  time: string,
  given: Record<string, unknown> = {},
): Record<string, unknown> {
  const content = [{ type: "text", text }];
  return {
    type: "message",
    id: "0a1b2c3d",
    parentId: null,
    timestamp: time,
    message: { role, content, timestamp: Date.parse(time), ...given },
  };
}

/** Makes the tree in a new temporary folder, which goes when the test ends. Absolute path, links resolved. */
export function temporaryTree(test: Pick<TestContext, "after">, tree: { readonly [name: string]: TreeNode }): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "homes-")));
  test.after(() => removeTree(folder));
  writeTree(folder, tree);
  return folder;
}

/** A private copy of a fixture home; absolute path of its `state` folder. */
export function fixtureHome(test: Pick<TestContext, "after">, name: FixtureHome | DatabaseHome): string {
  const folder = temporaryTree(test, {});
  cpSync(join(FIXTURES, name, "state"), join(folder, "state"), { recursive: true, preserveTimestamps: true });
  return join(folder, "state");
}

/** What truly happened in a fixture home. */
export function fixtureTruth(name: FixtureHome | DatabaseHome): unknown {
  return JSON.parse(readFileSync(join(FIXTURES, name, "TRUTH.json"), "utf8"));
}

/** Adds to a folder, over what stands there. */
export function writeTree(folder: string, tree: { readonly [name: string]: TreeNode }): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, node] of Object.entries(tree)) writeNode(join(folder, name), node);
}

function writeNode(path: string, node: TreeNode): void {
  mkdirSync(dirname(path), { recursive: true });
  if (typeof node === "string" || Buffer.isBuffer(node)) writeFileSync(path, node);
  else if (isLink(node)) symlinkSync(node.link, path);
  else if (isFile(node)) {
    writeFileSync(path, node.file);
    if (node.mtime !== undefined) utimesSync(path, node.mtime / 1000, node.mtime / 1000);
    if (node.mode !== undefined) chmodSync(path, node.mode);
  } else writeTree(path, node);
}

function isLink(node: object): node is LinkSpec {
  return "link" in node && typeof node.link === "string";
}

function isFile(node: object): node is FileSpec {
  return "file" in node && (typeof node.file === "string" || Buffer.isBuffer(node.file));
}

function removeTree(folder: string): void {
  if (!existsSync(folder)) return;
  for (const [path, stat] of statsBelow(Buffer.from(folder))) if (stat.isDirectory()) chmodSync(path, 0o700);
  rmSync(folder, { recursive: true, force: true });
}

/** Everything that can be seen of a tree but access times: to prove that nothing was changed. */
export function treeState(folder: string): Map<string, string> {
  const state = new Map<string, string>();
  for (const [path, stat] of statsBelow(Buffer.from(folder))) {
    const content = stat.isFile() ? readFileSync(path).toString("base64") : "";
    const target = stat.isSymbolicLink() ? readlinkSync(path) : "";
    state.set(path.toString("latin1"), `${stat.mode} ${stat.mtimeMs} ${stat.size} ${stat.ino} ${target} ${content}`);
  }
  return state;
}

/** Paths are bytes, as names need not be text. */
function* statsBelow(path: Buffer): Generator<[Buffer, Stats]> {
  const stat = lstatSync(path);
  yield [path, stat];
  if (!stat.isDirectory()) return;
  for (const name of readdirSync(path, { encoding: "buffer" })) {
    yield* statsBelow(Buffer.concat([path, Buffer.from("/"), name]));
  }
}
