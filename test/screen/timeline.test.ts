// A timeline on the screen: its lanes are drawn, keys walk through them, and a click leads into the chain.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";

import type { FrameLocator } from "playwright-core";

import { vsixFile } from "../../scripts/bundle/vsix.ts";
import { BUSY_NOW, writeBusyHome } from "../../scripts/editor/busy-home.ts";
import { type Editor, openEditor } from "../../scripts/editor/drive.ts";

describe("a timeline on the screen", () => {
  let folder: string;
  let editor: Editor;
  let page: FrameLocator;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "sf-timeline-"));
    await writeBusyHome({ folder, now: BUSY_NOW });
    editor = await openEditor({ vsix: await vsixFile(), home: folder, workspace: folder });
    await editor.openContainer("Session Forensics");
    await editor.treeRow("release 3 fragments").waitFor();
    await editor.treeRow("main 8 sessions").hover();
    await editor.treeRow("main 8 sessions").locator('.action-label[aria-label^="Show Timeline"]').click();
    page = editor.page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
    await page.locator(".lanes g.item").first().waitFor();
  });
  after(async () => {
    await editor?.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it("draws a lane for each session, with an arrow for the command that outlived a reset", async () => {
    await page.locator(".lanes g.item.arrow").first().waitFor();
    assert.equal(await page.locator("g.lane").count(), 8);
    assert.match((await page.locator(".lanes g.item.arrow").first().getAttribute("aria-label")) ?? "", /npm test/);
  });

  it("is walked through by keys", async () => {
    const focused = (): Promise<string> => page.locator("g.item:focus").getAttribute("aria-label").then(String);
    await page.locator('g.item[tabindex="0"]').focus();
    const first = await focused();
    await editor.page.keyboard.press("ArrowDown");
    assert.notEqual(await focused(), first);
  });

  it("leads into the chain with a click", async () => {
    await page.locator('g.item.bar[aria-label^="release · now"]').click();
    await editor.page.locator('.tab[aria-label^="Session release"]').waitFor();
    await editor.page.locator(".view-line").filter({ hasText: "Tag the release." }).waitFor();
  });
});
