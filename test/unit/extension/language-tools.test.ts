// The tools for language models that package.json offers to VS Code are those of the table, word for word.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";

import { TOOLS } from "../../../src/engine/tools/table.ts";
import { Command, LanguageTool, MCP_PROVIDER } from "../../../src/extension/contributions.ts";
import { mcpArguments } from "../../../src/extension/language-models/mcp-arguments.ts";

interface ContributedTool {
  readonly name: string;
  readonly toolReferenceName: string;
  readonly displayName: string;
  readonly modelDescription: string;
  readonly userDescription: string;
  readonly canBeReferencedInPrompt: boolean;
  readonly inputSchema: object;
}

interface Manifest {
  readonly contributes: {
    readonly languageModelTools: readonly ContributedTool[];
    readonly mcpServerDefinitionProviders: readonly { readonly id: string }[];
    readonly keybindings: readonly { readonly command: string }[];
  };
}

const file = path.resolve(import.meta.dirname, "../../../package.json");
const { contributes } = JSON.parse(readFileSync(file, "utf8")) as Manifest;

describe("package.json offers", () => {
  it("every tool of the table, and no other", () => {
    const offered = contributes.languageModelTools.map(({ name }) => name);
    assert.deepEqual(offered, Object.keys(LanguageTool));
    assert.deepEqual(
      Object.values(LanguageTool),
      TOOLS.map(({ name }) => name),
    );
  });

  for (const [index, { description, inputSchema, title }] of TOOLS.entries())
    it(`${title} as the table describes it`, () => {
      const offered = contributes.languageModelTools[index] ?? assert.fail("not offered");
      const { $schema: _, ...schema }: Record<string, unknown> = JSON.parse(JSON.stringify(inputSchema));
      const { required, ...others } = schema;
      const expected = Array.isArray(required) && required.length === 0 ? others : schema;
      assert.equal(offered.displayName, title);
      assert.equal(offered.modelDescription, description);
      assert.deepEqual(offered.inputSchema, expected);
      assert.ok(offered.canBeReferencedInPrompt && offered.userDescription !== "");
    });

  it("the references that the documentation names", () => {
    const references = contributes.languageModelTools.map(({ toolReferenceName }) => toolReferenceName);
    for (const reference of ["sessions", "sessionHistory", "sessionFindings", "sessionSearch"])
      assert.ok(references.includes(reference), reference);
    assert.equal(new Set(references).size, references.length);
  });

  it("the MCP server under the id that is registered", () => {
    assert.deepEqual(
      contributes.mcpServerDefinitionProviders.map(({ id }) => id),
      [MCP_PROVIDER],
    );
  });

  it("the continuation context by keyboard", () => {
    assert.ok(contributes.keybindings.some(({ command }) => command === Command.copyContinuation));
  });
});

describe("the MCP server that is offered to VS Code", () => {
  for (const [settings, expected] of [
    [{}, ["mcp"]],
    [{ homes: ["/srv/a", "-b"] }, ["mcp", "--discover", "--", "/srv/a", "-b"]],
    [{ homes: ["~/c"], discoverUserHomes: false }, ["mcp", "--", "~/c"]],
    [{ homes: [], discoverUserHomes: false }, null],
  ] as const)
    it(`sees the homes of ${JSON.stringify(settings)}, and no other`, () => {
      assert.deepEqual(mcpArguments(settings), expected);
    });
});
