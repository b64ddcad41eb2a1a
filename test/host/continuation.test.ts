// A fresh session is told "continue": the editor's tools and commands give back what was worked on before the reset.
import assert from "node:assert/strict";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import * as vscode from "vscode";

import type { ExtensionApi } from "../../src/extension/extension.ts";
import { INCIDENT_HOMES, sayContinue } from "../support/incident.ts";
import { activated, activeText, eventually, nodeEventually } from "./support/extension.ts";
import { runAndPickFirst } from "./support/quick-picks.ts";
import { showMadeHome } from "./support/settings.ts";

const { SESSION_FORENSICS_TEST_FIXTURES: fixtures = "" } = process.env;

/** What a tool answered, as JSON. */
async function invoke(name: string, input: object): Promise<Record<string, unknown>> {
  const options = { input, toolInvocationToken: undefined };
  const { content } = await vscode.lm.invokeTool(`sessionForensics_${name}`, options);
  const [part] = content;
  assert.ok(part instanceof vscode.LanguageModelTextPart);
  const answer: Record<string, unknown> = JSON.parse(part.value);
  return answer;
}

function rows(value: unknown): Record<string, unknown>[] {
  assert.ok(Array.isArray(value));
  return value;
}

for (const release of INCIDENT_HOMES)
  describe(`"continue" in a fresh session of ${release}`, () => {
    let api: ExtensionApi;
    let folder: string;

    before(async () => {
      api = await activated();
      folder = path.join(await mkdtemp(path.join(tmpdir(), "sf-made-")), ".openclaw");
      const source = path.join(fixtures, "openclaw", release, "state");
      await cp(source, folder, { recursive: true, preserveTimestamps: true });
      sayContinue(folder);
      await showMadeHome(api, { folder });
    });

    after(async () => {
      await showMadeHome(api, undefined);
      await rm(path.dirname(folder), { recursive: true, force: true, maxRetries: 5 });
    });

    it("#sessions and #sessionHistory give the request, the command and its fate", async () => {
      const { sessions } = await invoke("list_sessions", { query: "incident", home: folder });
      const incident = rows(sessions).find(({ key }) => key === "agent:main:incident");
      assert.ok(incident?.["continuesArchive"] !== undefined);
      const { session } = incident;
      const { archivedMessagesAvailable, brief } = await invoke("session_history", {
        session,
        home: folder,
        brief: true,
      });
      assert.equal(archivedMessagesAvailable, true);
      assert.match(String(brief), /> Start the build/);
      assert.match(String(brief), /> continue\n/);
      assert.match(String(brief), /echo build-finished-A` .*started .* in fragment 1, .*told .* in fragment 2/);
    });

    it("the messages carry where the command began and where its end was told", async () => {
      const input = { session: "agent:main:incident", home: folder };
      const messages = rows((await invoke("session_history", input))["messages"]);
      const completion = messages.find(({ origin }) => typeof origin === "object" && origin !== null);
      const started = messages.find(({ delivery }) => typeof delivery === "object" && delivery !== null);
      assert.ok(completion !== undefined && started !== undefined);
      assert.ok(JSON.stringify(completion["origin"]).includes(`"entryId":"${String(started["id"])}"`));
    });

    it("Copy Continuation Context puts the brief on the clipboard", async () => {
      const row = await nodeEventually(api.sessions, [folder, "main", "incident 2 fragments"]);
      await vscode.env.clipboard.writeText("");
      await vscode.commands.executeCommand("sessionForensics.copyContinuation", row);
      const text = await vscode.env.clipboard.readText();
      assert.match(text, /^# Continuation brief for `agent:main:incident`/);
      assert.match(text, /> Start the build/);
    });
  });

describe("the continuation context", () => {
  before(activated);

  it("asks for a session when none is selected", async () => {
    await vscode.env.clipboard.writeText("");
    await runAndPickFirst("sessionForensics.copyContinuation");
    assert.match(await vscode.env.clipboard.readText(), /^# Continuation brief for /);
  });

  it("opens from its notification", async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await runAndPickFirst("sessionForensics.copyContinuation");
    await eventually("the brief in an editor", async () => {
      await vscode.commands.executeCommand("notification.acceptPrimaryAction");
      return activeText()?.startsWith("# Continuation brief for ") === true ? true : undefined;
    });
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });
});

describe("a language model", () => {
  before(activated);

  it("is told what to do when it names a session that is not there", async () => {
    await assert.rejects(invoke("session_history", { session: "nobody-at-all" }), /list_sessions/);
  });

  it("finds all tools among those of the editor", () => {
    const names = vscode.lm.tools.map(({ name }) => name);
    for (const name of ["list_sessions", "session_history", "session_findings", "search_sessions"])
      assert.ok(names.includes(`sessionForensics_${name}`), name);
  });
});
