// Commands from the palette, without anything selected: each asks, and does what was picked.
import assert from "node:assert/strict";

import * as vscode from "vscode";

import { activated, activeText, eventually, nodeEventually } from "./support/extension.ts";
import { runAndPickFirst } from "./support/quick-picks.ts";

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

describe("commands from the palette", () => {
  before(async () => {
    const api = await activated();
    await nodeEventually(api.sessions, ["~/.openclaw", "main"]);
  });

  it("are all registered", async () => {
    const extension = vscode.extensions.getExtension("session-forensics.session-forensics");
    const manifest = extension?.packageJSON as Manifest | undefined;
    const declared = manifest?.contributes.commands ?? [];
    assert.ok(declared.length > 0);
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      declared.map(({ command }) => command).filter((command) => !registered.has(command)),
      [],
    );
  });

  for (const [command, pattern] of [
    ["sessionForensics.copySessionKey", /^agent:/],
    ["sessionForensics.copySessionId", /^[0-9a-f]{8}-/],
    ["sessionForensics.copyPath", /\.jsonl/],
  ] as const)
    it(`${command} asks for a session and copies`, async () => {
      await vscode.env.clipboard.writeText("");
      await runAndPickFirst(command);
      assert.match(await vscode.env.clipboard.readText(), pattern);
    });

  for (const [command, pattern] of [
    ["sessionForensics.showChain", /Chain, oldest first/],
    ["sessionForensics.explainFinding", /What this rests on/],
    ["sessionForensics.openTranscript", /^{"type":"session"/],
  ] as const)
    it(`${command} asks, and opens`, async () => {
      await vscode.commands.executeCommand("workbench.action.closeAllEditors");
      await runAndPickFirst(command);
      await eventually(`text like ${pattern}`, () => (pattern.test(activeText() ?? "") ? true : undefined));
    });

  it("Explain an Error… says what a message means now, and links the place", async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await vscode.commands.executeCommand(
      "sessionForensics.explainError",
      "agent:main:main: session file locked (timeout 60000ms): pid=1",
    );
    const text = await eventually("the explanation", () =>
      /Is it so now/.test(activeText() ?? "") ? activeText() : undefined,
    );
    assert.match(text, /Said by OpenClaw's gateway/);
    const { uri } = vscode.window.activeTextEditor?.document ?? assert.fail("no editor");
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>("vscode.executeLinkProvider", uri);
    assert.ok(links.length > 0);
  });

  it("Explain an Error… asks at once for a message when it is given none", async () => {
    let isOver = false;
    void vscode.commands.executeCommand("sessionForensics.explainError").then(() => (isOver = true));
    await eventually("that its question can be left", async () => {
      await vscode.commands.executeCommand("workbench.action.closeQuickOpen");
      return isOver ? true : undefined;
    });
  });

  it("Open Recovery Terminal sets a terminal to the home, and to no other", async () => {
    const opened = new Promise<vscode.Terminal>((resolve) => {
      const listening = vscode.window.onDidOpenTerminal((terminal) => {
        listening.dispose();
        resolve(terminal);
      });
    });
    const home = await nodeEventually((await activated()).sessions, ["~/.openclaw"]);
    await vscode.commands.executeCommand("sessionForensics.openRecoveryTerminal", home);
    const terminal = await opened;
    const { name, env, message } = terminal.creationOptions as vscode.TerminalOptions;
    terminal.dispose();
    assert.equal(name, "Recovery: ~/.openclaw");
    assert.match(env?.["OPENCLAW_STATE_DIR"] ?? "", /[\\/]\.openclaw$/);
    assert.equal(env?.["OPENCLAW_HOME"], null);
    assert.match(message ?? "", /^Commands typed here work on .*\.openclaw\.\r\n/);
  });
});
