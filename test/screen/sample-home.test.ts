// What a person sees of the sample home in a real VS Code: rows with their descriptions, a lock's hover, no complaint at start.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { vsixFile } from "../../scripts/bundle/vsix.ts";
import { type Editor, openEditor } from "../../scripts/editor/drive.ts";
import { type Home, sampleHome } from "../../scripts/editor/homes.ts";

describe("the sample home on the screen", () => {
  let home: Home;
  let editor: Editor;

  before(async () => {
    home = await sampleHome();
    editor = await openEditor({ vsix: await vsixFile(), home: home.folder, workspace: home.folder });
  });
  after(async () => {
    await editor?.close();
    await home?.remove();
  });

  it("shows a session with its state, and its fragments below it", async () => {
    await editor.openContainer("Session Forensics");
    await editor.treeRow("incident 2 fragments").waitFor();
    await editor.expand("incident 2 fragments");
    await editor.treeRow("link recorded").waitFor();
  });

  it("offers its commands in the palette, under one category", async () => {
    await editor.page.keyboard.press("F1");
    await editor.page.locator(".quick-input-box input").fill(">Session Forensics: ");
    const rows = editor.page.locator('.quick-input-list .monaco-list-row[aria-label^="Session Forensics: "]');
    await rows.first().waitFor();
    assert.ok((await rows.count()) > 1);
    await editor.page.keyboard.press("Escape");
  });

  it("tells a stale lock and its reasons in a hover", async () => {
    await editor.openFile("1cbb8a85-8d1f-4e94-a8d9-d93d40cf7415.jsonl.lock");
    const text = await editor.hoverText("pid");
    assert.match(text, /stale/i);
    assert.match(text, /4194999/);
  });

  it("shows no error at start", async () => {
    const errors = await editor.page.locator(".notification-list-item .codicon-error").count();
    assert.equal(errors, 0);
  });
});
