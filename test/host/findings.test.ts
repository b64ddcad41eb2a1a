// Findings in their own view and in the Problems panel; changes on disk arrive by themselves.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";

import * as vscode from "vscode";

import type { ExtensionApi } from "../../src/extension/extension.ts";
import { activated, activeText, eventually, labelsBelow, nodeEventually } from "./support/extension.ts";
import { makeHome, type MadeHome } from "./support/homes.ts";
import { showMadeHome } from "./support/settings.ts";

/** A process number that is not in use any more. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""], { env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" } });
  await once(child, "exit");
  assert.ok(child.pid !== undefined);
  return child.pid;
}

const problemsIn = (folder: string): vscode.Diagnostic[] =>
  vscode.languages
    .getDiagnostics()
    .filter(([uri]) => uri.fsPath.startsWith(folder + path.sep))
    .flatMap(([, diagnostics]) => diagnostics);

describe("the Findings view", () => {
  let api: ExtensionApi;

  before(async () => {
    api = await activated();
    await nodeEventually(api.findings, ["Errors"]);
  });

  it("has the troubles of the sample home, each with its place", async () => {
    const errors = await nodeEventually(api.findings, ["Errors"]);
    const [first] = (await api.findings.getChildren(errors)) ?? [];
    assert.ok(first !== undefined);
    assert.match((await labelsBelow(api.findings, first))[0] ?? "", /^Found in/);
  });

  it("explains a finding in a readable document", async () => {
    const errors = await nodeEventually(api.findings, ["Errors"]);
    const [first] = (await api.findings.getChildren(errors)) ?? [];
    await vscode.commands.executeCommand("sessionForensics.explainFinding", first);
    const text = await eventually("an explanation", () =>
      activeText()?.startsWith("Error: ") ? activeText() : undefined,
    );
    assert.match(text, /What this rests on/);
  });

  it("also fills the Problems panel, without opening a file", async () => {
    const codes = await eventually("problems", () => {
      const all = vscode.languages.getDiagnostics().flatMap(([, diagnostics]) => diagnostics);
      const own = all.map(({ code }) => (typeof code === "object" ? String(code.value) : String(code)));
      return own.includes("store/missing-transcript") ? own : undefined;
    });
    for (const code of ["lock/stale", "store/shadow-diverged", "transcript/torn-tail"])
      assert.ok(codes.includes(code), `${code} in ${codes.join(", ")}`);
  });
});

describe("a home that changes", () => {
  let api: ExtensionApi;
  let home: MadeHome;

  before(async () => {
    api = await activated();
    home = await makeHome(2);
    await showMadeHome(api, home);
  });

  after(async () => {
    await showMadeHome(api, undefined);
    await home.remove();
  });

  it("has a new stale lock in the Problems panel and in open documents soon after it appears, and no more soon after it went", async () => {
    assert.deepEqual(problemsIn(home.folder), []);
    const session = await nodeEventually(api.sessions, [home.folder, "main", "s0"]);
    await vscode.commands.executeCommand("sessionForensics.showChain", session);
    await eventually("the chain", () => (activeText()?.includes("agent:main:s0") ? true : undefined));
    const lock = path.join(home.sessions, `${home.ids[0]}.jsonl.lock`);
    const createdAt = new Date(Date.now() - 60_000).toISOString();
    await writeFile(lock, JSON.stringify({ pid: await deadPid(), createdAt, starttime: 1 }));
    // The safety re-scan comes only every minute: this is the watcher's doing.
    await eventually("the stale lock", () => (problemsIn(home.folder).length > 0 ? true : undefined), 10_000);
    await eventually(
      "the lock in the document",
      () => (activeText()?.includes("Lock stale") ? true : undefined),
      10_000,
    );
    await rm(lock);
    await eventually("its end", () => (problemsIn(home.folder).length === 0 ? true : undefined), 10_000);
    await eventually("its end in the document", () => (activeText()?.includes("Lock") ? undefined : true), 10_000);
  });

  it("shows a new session in the view", async () => {
    const name = await home.add();
    await nodeEventually(api.sessions, [home.folder, "main", name]);
  });
});
