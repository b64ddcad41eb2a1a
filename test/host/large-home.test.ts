// A home with 10,000 sessions: the view shows a page and offers the rest.
import assert from "node:assert/strict";

import * as vscode from "vscode";

import type { ExtensionApi } from "../../src/extension/extension.ts";
import { activated, nodeEventually, shown } from "./support/extension.ts";
import { makeHome, type MadeHome } from "./support/homes.ts";
import { showMadeHome } from "./support/settings.ts";

describe("a home with 10,000 sessions", () => {
  let api: ExtensionApi;
  let home: MadeHome;

  before(async () => {
    api = await activated();
    home = await makeHome(10_000);
    await showMadeHome(api, home);
  });

  after(async () => {
    await showMadeHome(api, undefined);
    await home.remove();
  });

  it("is shown page by page", async () => {
    const agent = await nodeEventually(api.sessions, [home.folder, "main"]);
    const rows = (await api.sessions.getChildren(agent)) ?? [];
    assert.equal(rows.length, 101);
    const last = rows.at(-1);
    assert.ok(last !== undefined);
    assert.equal(await shown(api.sessions, last), "Show more… 100 of 10,000 sessions shown");
    await vscode.commands.executeCommand("sessionForensics.showMore", last);
    assert.equal((await api.sessions.getChildren(agent))?.length, 501);
  });
});
