// Reports never show a secret that a person or a program said: titles, findings and snippets quote transcripts.
import assert from "node:assert/strict";
import { type TestContext, describe, it } from "node:test";

import { cli } from "../../support/cli-world.ts";
import { engineOn } from "../../support/engines.ts";
import { temporaryTree } from "../../support/homes.ts";

const ID = "3f0c8f9e-3b1d-4a59-9a2c-7e6b1c0d2f11";
/** Put together here, so that this file holds no text that looks like a secret. */
const SECRET = ["gh", "p_", "A1b2".repeat(10)].join("");

const at = (second: number): string => `2026-11-21T00:16:0${second}.000Z`;

/** A transcript that no row names: title, prompt and error hold the secret. */
function homeWithSecret(context: TestContext): string {
  const said = { role: "user", content: [{ type: "text", text: `deploy with ${SECRET}` }] };
  const entries = [
    { type: "session", version: 3, id: ID, timestamp: at(1), cwd: "/work" },
    { type: "message", id: "a1", parentId: null, timestamp: at(2), message: said },
    {
      type: "custom",
      customType: "openclaw:prompt-error",
      data: { error: `401 for ${SECRET}` },
      id: "a2",
      parentId: "a1",
      timestamp: at(3),
    },
  ];
  const transcript = entries.map((one) => `${JSON.stringify(one)}\n`).join("");
  const sessions = { "sessions.json": "{}\n", [`${ID}.jsonl`]: transcript };
  return temporaryTree(context, { "openclaw.json": "{}\n", agents: { main: { sessions } } });
}

describe("secrets stay out of", () => {
  for (const verb of [
    ["scan"],
    ["check"],
    ["check", "--deep"],
    ["chain", ID, "--home"],
    ["search", "deploy", "--home"],
  ])
    it(verb.join(" "), async (context) => {
      const home = homeWithSecret(context);
      for (const form of [[], ["--json"]]) {
        const { out } = await cli([...verb, home, ...form], { engine: () => engineOn([home]) });
        assert.match(out, /deploy with \[masked: GitHub token\]/);
        assert.ok(!out.includes(SECRET), out);
      }
    });
});
