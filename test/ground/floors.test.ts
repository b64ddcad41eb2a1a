// Proves that the import rules of the house fire: each breach, written into a copy of the project, must be reported in plain words.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";

const ROOT = path.resolve(import.meta.dirname, "../..");
const OXLINT = path.join(ROOT, "node_modules/oxlint/bin/oxlint");

interface Case {
  readonly file: string;
  readonly code: string;
}

interface Breach extends Case {
  /** Part of the message that must be reported. */
  readonly says: string;
}

const BREACHES: readonly Breach[] = [
  { file: "model/a.ts", code: `import "../formats/x.ts";`, says: "model/ imports nothing" },
  { file: "model/b.ts", code: `import "node:fs";`, says: "model/ is pure" },
  { file: "formats/a.ts", code: `import "node:fs/promises";`, says: "formats/ is pure" },
  { file: "formats/b.ts", code: `import "child_process";`, says: "formats/ is pure" },
  { file: "formats/c.ts", code: `import "../system/x.ts";`, says: "formats/ may not import system/" },
  { file: "system/a.ts", code: `import "../agents/x.ts";`, says: "system/ may not import agents/" },
  { file: "agents/openclaw/a.ts", code: `import "../../chains/x.ts";`, says: "agents/ may not import chains/" },
  { file: "agents/openclaw/b.ts", code: `import "node:fs";`, says: "read through the interfaces of src/system" },
  { file: "chains/a.ts", code: `import "../system/x.ts";`, says: "chains/ may not import system/" },
  { file: "checks/a.ts", code: `import "node:fs";`, says: "checks/ is pure" },
  { file: "checks/b.ts", code: `import "../engine/x.ts";`, says: "checks/ may not import engine/" },
  { file: "repairs/a.ts", code: `import "node:child_process";`, says: "repairs/ is pure" },
  { file: "repairs/b.ts", code: `export * from "../engine/x.ts";`, says: "repairs/ may not import engine/" },
  { file: "backups/a.ts", code: `import "../engine/x.ts";`, says: "backups/ may not import engine/" },
  { file: "engine/a.ts", code: `import "../server/x.ts";`, says: "engine/ may not import server/" },
  {
    file: "engine/b.ts",
    code: `import { readFileSync } from "node:fs"; readFileSync("x");`,
    says: "may not import node:fs",
  },
  { file: "engine/c.ts", code: `import "node:child_process";`, says: "use the interfaces of src/system" },
  { file: "protocol/a.ts", code: `import "../engine/x.ts";`, says: "protocol/ may not import engine/" },
  { file: "server/a.ts", code: `import "vscode";`, says: "only src/extension runs inside VS Code" },
  { file: "server/b.ts", code: `console.log("x");`, says: "Unexpected console statement" },
  { file: "server/c.ts", code: `import "../cli/x.ts";`, says: "server/ may not import cli/" },
  { file: "mcp/a.ts", code: `import "../server/x.ts";`, says: "mcp/ may not import server/" },
  { file: "cli/a.ts", code: `import "../extension/x.ts";`, says: "cli/ may not import extension/" },
  { file: "webview/a.ts", code: `import "../extension/x.ts";`, says: "webview/ may not import extension/" },
  { file: "webview/b.ts", code: `import "node:fs";`, says: "webview/ is pure" },
  { file: "extension/a.ts", code: `import "../engine/x.ts";`, says: "add a method to protocol/" },
  {
    file: "extension/b.ts",
    code: `import type { X } from "../model/x.ts"; export type Y = X;`,
    says: "may not import model/",
  },
  {
    file: "extension/c.ts",
    code: `export const x = (): Promise<unknown> => import("../engine/x.ts");`,
    says: "engine/",
  },
  { file: "extension/d.ts", code: `import "node:fs";`, says: "extension/ may not import node:fs" },
  {
    file: "system/b.ts",
    code: `import { writeFileSync } from "node:fs"; writeFileSync("x", "");`,
    says: "only engine/executor writes",
  },
  { file: "system/c.ts", code: `export { rename } from "node:fs/promises";`, says: "only engine/executor writes" },
  { file: "system/d.ts", code: `import * as fs from "node:fs"; fs.readFileSync("x");`, says: "would hide a write" },
  { file: "system/e.ts", code: `import fs from "node:fs"; fs.readFileSync("x");`, says: "would hide a write" },
  { file: "system/f.ts", code: `import "../../scripts/x.ts";`, says: "src/ imports only from src/ and packages" },
  { file: "system/g.ts", code: `import "node:readline";`, says: "breaks a line at U+2028" },
  { file: "attic/a.ts", code: `import "../model/x.ts";`, says: "stands on no floor" },
];

const ALLOWED: readonly Case[] = [
  {
    file: "checks/ok.ts",
    code: `import type { Stats } from "node:fs"; import "../model/x.ts"; export type S = Stats;`,
  },
  {
    file: "system/ok.ts",
    code: `import { readFileSync } from "node:fs"; import "node:child_process"; readFileSync("x");`,
  },
  { file: "system/cache-file.ts", code: `import { renameSync } from "node:fs"; renameSync("x", "y");` },
  { file: "engine/executor/ok.ts", code: `import { rename } from "node:fs/promises"; await rename("a", "b");` },
  { file: "extension/ok.ts", code: `import "vscode"; import "../protocol/x.ts";` },
  { file: "cli/ok.ts", code: `import "../server/x.ts"; import "../mcp/x.ts"; import "../engine/x.ts";` },
];

interface Report {
  readonly diagnostics: readonly { readonly filename: string; readonly message: string }[];
}

async function copyOfTheRules(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "floors-"));
  await cp(path.join(ROOT, "scripts/lint"), path.join(folder, "scripts/lint"), { recursive: true });
  for (const file of [".oxlintrc.json", "tsconfig.json", "package.json"])
    await cp(path.join(ROOT, file), path.join(folder, file));
  await symlink(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"), "junction");
  return folder;
}

async function write(folder: string, one: Case): Promise<void> {
  const file = path.join(folder, "src", one.file);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${one.code}\n`);
}

function lint(cwd: string): Promise<Report> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [OXLINT, "--format=json", "src"],
      { cwd, maxBuffer: 2 ** 26 },
      (_error, stdout, stderr) => {
        try {
          resolve(JSON.parse(stdout) as Report);
        } catch {
          reject(new Error(`oxlint said no JSON: ${stdout}${stderr}`));
        }
      },
    );
  });
}

describe("the import rules of the house", () => {
  let folder: string;
  let report: Report;
  const messagesFor = (file: string): string[] =>
    report.diagnostics.filter((one) => one.filename.replaceAll("\\", "/") === `src/${file}`).map((one) => one.message);

  before(async () => {
    folder = await copyOfTheRules();
    for (const one of [...BREACHES, ...ALLOWED]) await write(folder, one);
    report = await lint(folder);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const { file, code, says } of BREACHES)
    it(`refuses ${code} in ${file}`, () => {
      const messages = messagesFor(file);
      assert.ok(
        messages.some((message) => message.includes(says)),
        `expected "${says}", reported: ${JSON.stringify(messages)}`,
      );
    });

  for (const { file, code } of ALLOWED)
    it(`lets pass ${code} in ${file}`, () => {
      assert.deepEqual(
        messagesFor(file).filter((message) => /may not|only|hide|floor/.test(message)),
        [],
      );
    });
});
