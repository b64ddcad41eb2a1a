// The environment in which OpenClaw's own commands meet one certain home.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";

import { openclaw } from "../../../../src/agents/openclaw/index.ts";
import type { HomeIdentity } from "../../../../src/model/home.ts";
import { temporaryTree } from "../../../support/homes.ts";
import { plainHome } from "../../../support/openclaw.ts";

const CODEX_HOME = "agents/main/agent/codex-home/home";

const identity = (path: string): HomeIdentity => ({
  id: "openclaw-1",
  program: "openclaw",
  era: "files",
  path,
  role: "canonical",
  reasons: [],
});

const settings = (path: string, userHome: string): Record<string, string | null> =>
  Object.fromEntries(openclaw.environmentFor(identity(path), { userHome }).map(({ name, value }) => [name, value]));

describe("the environment for recovery commands", () => {
  it("names the home and its config, and unsets what leads elsewhere", (test) => {
    const folder = temporaryTree(test, { kim: { ".openclaw": plainHome() } });
    const home = join(folder, "kim/.openclaw");
    assert.deepEqual(settings(home, "/nowhere/ann"), {
      HOME: join(folder, "kim"),
      OPENCLAW_STATE_DIR: home,
      OPENCLAW_CONFIG_PATH: join(home, "openclaw.json"),
      OPENCLAW_CONFIG_DIR: null,
      OPENCLAW_HOME: null,
      OPENCLAW_PROFILE: null,
    });
  });

  it("keeps the user's HOME for a home of another name, but not an isolated one", (test) => {
    const folder = temporaryTree(test, { state: plainHome() });
    const home = join(folder, "state");
    assert.equal(settings(home, "/nowhere/ann")["HOME"], "/nowhere/ann");
    assert.equal(settings(home, join(home, CODEX_HOME))["HOME"], folder);
  });
});
