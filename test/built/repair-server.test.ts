// Repairs through the server as shipped: plans, runs, undo, code actions, and stale locks that are moved aside by itself.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { suite, test, type TestContext } from "node:test";
import { pathToFileURL } from "node:url";

import type { CodeAction, Diagnostic } from "vscode-languageserver/node";

import { Refusal } from "../../src/protocol/errors.ts";
import { Method, Notice } from "../../src/protocol/methods.ts";
import type { PlanItem, RepairedByItself } from "../../src/protocol/repairs.ts";
import { emptyHome, exitOf, ownEnvironment, SERVER, spawnBundle } from "../support/bundles.ts";
import { header, json, lines, message, temporaryTree } from "../support/homes.ts";
import { connectClient, type LspClient } from "../support/lsp-client.ts";

const KNOWN = "0a0b0c0d-1111-4222-8333-444455556666";
const ORPHAN = "0a0b0c0d-7777-4222-8333-444455556666";
const SESSIONS = "agents/main/sessions";
const LONG_AGO = new Date(Date.UTC(2026, 10, 20));

const transcript = (id: string): string =>
  lines(header(id, "2026-11-20T00:00:00.000Z"), message("user", "hello", "2026-11-20T00:00:01.000Z"));

/** A home with a transcript that its store does not list. */
function orphanHome(context: TestContext): string {
  const home = temporaryTree(context, {
    "openclaw.json": json({}),
    [SESSIONS]: { [`${KNOWN}.jsonl`]: transcript(KNOWN), [`${ORPHAN}.jsonl`]: transcript(ORPHAN) },
  });
  const row = {
    sessionId: KNOWN,
    sessionFile: path.join(home, SESSIONS, `${KNOWN}.jsonl`),
    updatedAt: 1,
    status: "done",
  };
  writeFileSync(path.join(home, SESSIONS, "sessions.json"), json({ "agent:main:main": row }));
  for (const name of ["sessions.json", `${KNOWN}.jsonl`, `${ORPHAN}.jsonl`])
    utimesSync(path.join(home, SESSIONS, name), LONG_AGO, LONG_AGO);
  return home;
}

/** Puts a lock of a process that is gone onto the known transcript. */
async function leaveLock(home: string): Promise<string> {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  const lock = path.join(home, SESSIONS, `${KNOWN}.jsonl.lock`);
  writeFileSync(lock, json({ pid: child.pid, createdAt: "2026-11-20T00:00:00.000Z", starttime: 1 }));
  return lock;
}

async function served(
  context: TestContext,
  home: string,
  options: { readonly mayWrite: boolean; readonly autoClean?: boolean; readonly preload?: string },
): Promise<LspClient> {
  const nodeArgs = options.preload === undefined ? [] : ["--require", options.preload];
  const child = spawnBundle(SERVER, ["--stdio"], ownEnvironment(emptyHome(context)), { nodeArgs });
  const exited = exitOf(child);
  context.after(async () => {
    child.kill();
    await exited;
  });
  const { mayWrite, autoClean = false } = options;
  const settings = { discoverUserHomes: false, rescanSeconds: 0, locks: { autoClean } };
  const client = await connectClient(child.stdout, child.stdin, {
    folders: [pathToFileURL(home).href],
    initializationOptions: { settings, memoFolder: null, mayWrite },
  });
  await client.until(() => client.notices.some((one) => one.method === Notice.changed), "the first scan");
  return client;
}

async function orphanPlan(client: LspClient): Promise<PlanItem> {
  const { revision } = await client.ask(Method.overview, {});
  const { findings } = await client.ask(Method.findings, { revision, offset: 0, limit: 100 });
  const finding = findings.find(({ code }) => code === "store/orphan-transcript");
  assert.ok(finding !== undefined);
  const { plans } = await client.ask(Method.plan, { subject: { findingId: finding.id } });
  assert.equal(plans.length, 1);
  return plans[0]!;
}

const storeOf = (home: string): string => readFileSync(path.join(home, SESSIONS, "sessions.json"), "utf8");

suite("repairs through the server", () => {
  test("are planned, shown, run and undone; the receipts stand in the journal", async (context) => {
    const home = orphanHome(context);
    const before = storeOf(home);
    const client = await served(context, home, { mayWrite: true });
    const plan = await orphanPlan(client);
    assert.deepEqual(plan.obstacles, []);
    const { text } = await client.ask(Method.planDocument, { planId: plan.planId });
    assert.ok(text.includes(path.join(home, SESSIONS, "sessions.json")), text);
    assert.equal(storeOf(home), before);

    const done = await client.ask(Method.runPlan, { planId: plan.planId });
    assert.deepEqual([done.outcome, done.canUndo], ["done", true]);
    assert.ok(storeOf(home).includes(ORPHAN));
    assert.ok(client.notices.some(({ method }) => method === Notice.runProgress));
    await assert.rejects(client.ask(Method.runPlan, { planId: plan.planId }), { code: Refusal.notFound });
    const [journal] = (await client.ask(Method.journal, {})).homes;
    assert.deepEqual(
      journal?.receipts.map(({ outcome }) => outcome),
      ["done"],
    );

    const undo = { ...done.receipt!, beside: false };
    const { plans } = await client.ask(Method.plan, { undo });
    const undone = await client.ask(Method.runPlan, { planId: plans[0]!.planId });
    assert.equal(undone.outcome, "done");
    assert.equal(storeOf(home), before);
    const receipt = await client.ask(Method.receiptDocument, { receipt: done.receipt! });
    assert.match(receipt.text, /undone/i);
  });

  test("are refused where the client did not allow writing", async (context) => {
    const home = orphanHome(context);
    const before = storeOf(home);
    const client = await served(context, home, { mayWrite: false });
    const { planId } = await orphanPlan(client);
    await assert.rejects(client.ask(Method.runPlan, { planId }), { code: Refusal.readOnly });
    assert.equal(storeOf(home), before);
    assert.equal(existsSync(path.join(home, ".session-forensics")), false);
  });

  test("are offered as code actions on their findings", async (context) => {
    const home = orphanHome(context);
    const client = await served(context, home, { mayWrite: true });
    const uri = pathToFileURL(path.join(home, SESSIONS, `${ORPHAN}.jsonl`)).href;
    await client.until(() => client.diagnostics.has(uri), "the diagnostic");
    const diagnostics = client.diagnostics.get(uri)!;
    const params = { textDocument: { uri }, range: diagnostics[0]!.range, context: { diagnostics } };
    const actions = (await client.request("textDocument/codeAction", params)) as CodeAction[];
    assert.equal(actions[0]?.command?.command, "sessionForensics.repair");
  });
});

test("a damage inside an open transcript is repaired from its light bulb", async (context) => {
  const home = orphanHome(context);
  const file = path.join(home, SESSIONS, `${KNOWN}.jsonl`);
  const whole = readFileSync(file, "utf8");
  const damaged = whole.replace("hello", "hel\tlo");
  writeFileSync(file, damaged);
  utimesSync(file, LONG_AGO, LONG_AGO);
  const client = await served(context, home, { mayWrite: true });
  const uri = pathToFileURL(file).href;
  await client.open(uri, damaged);
  const here = (): Diagnostic[] =>
    client.diagnostics.get(uri)?.filter(({ code }) => code === "transcript/control-character") ?? [];
  await client.until(() => here().length === 1, "the diagnostic");
  const [diagnostic] = here();
  const params = { textDocument: { uri }, range: diagnostic!.range, context: { diagnostics: [diagnostic] } };
  const actions = (await client.request("textDocument/codeAction", params)) as CodeAction[];
  assert.deepEqual(
    actions.map(({ title }) => title),
    ["Escape the control characters…"],
  );
  const { findingId } = actions[0]!.command!.arguments![0] as { findingId: string };
  const { plans } = await client.ask(Method.plan, { subject: { findingId } });
  const { planId, obstacles } = plans[0]!;
  assert.deepEqual(obstacles, []);
  const preview = await client.ask(Method.planDocument, { planId });
  assert.match(preview.text, /reachable: 0 of 0 messages before, 1 of 1 after/);
  assert.match(preview.text, /Escaped: \\t at byte \d+/);
  assert.equal((await client.ask(Method.runPlan, { planId })).outcome, "done");
  assert.equal(readFileSync(file, "utf8"), whole.replace("hello", String.raw`hel\tlo`));
});

/** The process dies at the moment when the store has been moved. */
const KILLED = `const fs = require("node:fs");
const { renameSync } = fs;
fs.renameSync = (from, to) => {
  renameSync(from, to);
  if (/[\\\\/]sessions\\.json$/.test(to) || /[\\\\/]sessions\\.json$/.test(from)) process.kill(process.pid, "SIGKILL");
};`;

test("a run that was cut off is settled when the server starts again, and the client is told", async (context) => {
  const home = orphanHome(context);
  const before = storeOf(home);
  const preload = path.join(temporaryTree(context, { "killed.cjs": KILLED }), "killed.cjs");
  const dying = await served(context, home, { mayWrite: true, preload });
  const { planId } = await orphanPlan(dying);
  await assert.rejects(dying.ask(Method.runPlan, { planId }));

  const next = await served(context, home, { mayWrite: true });
  await next.until(() => next.notices.some(({ method }) => method === Notice.repairedByItself), "the settling");
  const { why, answer } = next.notices.find(({ method }) => method === Notice.repairedByItself)!
    .params as RepairedByItself;
  assert.deepEqual([why, answer.outcome], ["settled", "rolled-back"]);
  assert.equal(storeOf(home), before);
});

suite("stale locks", () => {
  test("are moved aside by itself where the setting says so, each with a receipt and a notice", async (context) => {
    const home = orphanHome(context);
    const client = await served(context, home, { mayWrite: true, autoClean: true });
    const lock = await leaveLock(home);
    await client.until(() => client.notices.some(({ method }) => method === Notice.repairedByItself), "the cleaning");
    assert.equal(existsSync(lock), false);
    const { why, answer } = client.notices.find(({ method }) => method === Notice.repairedByItself)!
      .params as RepairedByItself;
    assert.deepEqual([why, answer.outcome, answer.canUndo], ["stale-locks", "done", true]);
  });

  test("stay where the client did not allow writing", async (context) => {
    const home = orphanHome(context);
    const lock = await leaveLock(home);
    const client = await served(context, home, { mayWrite: false, autoClean: true });
    await client.ask(Method.refresh, {});
    assert.equal(existsSync(lock), true);
    assert.deepEqual(
      client.notices.filter(({ method }) => method === Notice.repairedByItself),
      [],
    );
  });
});
