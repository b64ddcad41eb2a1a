import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { configOf, retentionIn } from "../../../../src/agents/openclaw/config.ts";

function retention(config: object, sinceMay: boolean | null = true): number | null {
  return retentionIn(configOf("openclaw.json", JSON.stringify(config)), sinceMay).days;
}

describe("the config", () => {
  it("is read though people wrote it by hand", () => {
    const text = `{
      // where sessions are
      session: { store: '~/data/{agentId}/sessions.json', maintenance: { mode: "enforce", pruneAfter: "14d", }, },
      agents: { list: [ { id: "ops" }, { id: "main", default: true }, "odd" ] },
      meta: { lastTouchedVersion: "2026.5.12" },
    }`;
    assert.deepEqual(configOf("openclaw.json", text), {
      name: "openclaw.json",
      release: "2026.5.12",
      storeTemplate: "~/data/{agentId}/sessions.json",
      agentIds: ["main", "ops"],
      maintenanceMode: "enforce",
      archiveRetention: null,
      pruneAfter: 14 * 86_400_000,
    });
  });

  for (const text of ["", "null", "[]", "{", '{"session":5,"agents":{"list":7}}', "\u0000"]) {
    it(`says nothing when it is ${JSON.stringify(text)}`, () => {
      const { release, storeTemplate, agentIds, archiveRetention } = configOf("openclaw.json", text);
      assert.deepEqual([release, storeTemplate, agentIds, archiveRetention], [null, null, [], null]);
    });
  }
});

function maintenance(value: object): object {
  return { session: { maintenance: value } };
}

describe("how long reset archives are kept", () => {
  const cases: [name: string, config: object, sinceMay: boolean | null, days: number | null][] = [
    ["30 days by default since 2026.5", {}, true, 30],
    ["for ever by default before", {}, false, null],
    ["not known when no release is", {}, null, null],
    ["as set", maintenance({ mode: "enforce", resetArchiveRetention: "7d" }), false, 7],
    ["as set in hours", maintenance({ mode: "enforce", resetArchiveRetention: "36h" }), true, 1.5],
    ["as set as a number of days", maintenance({ mode: "enforce", resetArchiveRetention: 90 }), true, 90],
    ["by pruneAfter when nothing else is set", maintenance({ pruneAfter: "2w" }), true, 14],
    ["for ever when switched off", maintenance({ mode: "enforce", resetArchiveRetention: false }), true, null],
    ["for ever when maintenance only warns", maintenance({ mode: "warn", resetArchiveRetention: "7d" }), true, null],
    [
      "by default when the setting makes no sense",
      maintenance({ mode: "enforce", resetArchiveRetention: "soon" }),
      false,
      30,
    ],
  ];
  for (const [name, config, sinceMay, days] of cases) {
    it(name, () => assert.equal(retention(config, sinceMay), days));
  }

  it("for ever beside databases, unless archives have a setting of their own", () => {
    const days = (config: object): number | null =>
      retentionIn(configOf("openclaw.json", JSON.stringify(config)), true, true).days;
    assert.equal(days({}), null);
    assert.equal(days(maintenance({ pruneAfter: "2w" })), null);
    assert.equal(days(maintenance({ resetArchiveRetention: "2w" })), 14);
  });

  it("says where the number comes from", () => {
    const { source } = retentionIn(configOf("openclaw.json", '{"session":{"maintenance":{"mode":"warn"}}}'), true);
    assert.equal(source, 'openclaw.json: session.maintenance.mode is "warn"');
  });
});
