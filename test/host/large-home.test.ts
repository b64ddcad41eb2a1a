// A home with 10,000 sessions: the view shows a page and offers the rest.
import assert from "node:assert/strict";
import path from "node:path";

import type { ExtensionApi } from "../../src/extension/extension.ts";
import { activated, eventually, labelsBelow, nodeAt, shown } from "./support/extension.ts";
import { makeHome, type MadeHome } from "./support/homes.ts";
import { setHomes } from "./support/settings.ts";

describe("a home with 10,000 sessions", function () {
  this.timeout(180_000);
  let api: ExtensionApi;
  let home: MadeHome;

  before(async () => {
    api = await activated();
    home = await makeHome(10_000);
    await setHomes([home.folder]);
  });

  after(async () => {
    await setHomes([]);
    await home.remove();
  });

  it("is shown page by page", async () => {
    const name = path.basename(path.dirname(home.folder));
    const agent = await eventually(
      "the agent of the large home",
      async () => {
        const top = (await labelsBelow(api.sessions)).find((text) => text.includes(name));
        return top === undefined ? undefined : nodeAt(api.sessions, [top, "main"]);
      },
      120_000,
    );
    const rows = (await api.sessions.getChildren(agent)) ?? [];
    assert.equal(rows.length, 101);
    const last = rows.at(-1);
    assert.ok(last !== undefined);
    assert.equal(await shown(api.sessions, last), "Show more… 100 of 10,000 sessions shown");
  });
});
