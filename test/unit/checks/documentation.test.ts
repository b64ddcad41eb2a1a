import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { FINDING_KINDS, findingAnchor } from "../../../src/checks/codes.ts";
import { findingsPage } from "../../../src/checks/findings-page.ts";
import { repairsFor } from "../../../src/repairs/kinds.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const AGENT_FOLDER = join(ROOT, "src/agents/openclaw");
const page = (name: string): string => readFileSync(join(ROOT, "docs", name), "utf8");
const anchors = (text: string): string[] => [...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = ""]) => id);

test("docs/findings.md is what the table says (npm run docs)", () => {
  assert.equal(page("findings.md"), findingsPage(repairsFor));
});

test("every code has its anchor", () => {
  assert.deepEqual(anchors(page("findings.md")), Object.keys(FINDING_KINDS).map(findingAnchor));
});

test("every rule by which a home is found has its anchor, and no rule is explained that does not exist", () => {
  const source = readdirSync(AGENT_FOLDER)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(AGENT_FOLDER, name), "utf8"))
    .join("\n");
  const literals = [...source.matchAll(/\brule: "([a-z-]+)"/g), ...source.matchAll(/\brule = ([^;]+);/g)];
  const rules = new Set(literals.flatMap(([, text = ""]) => (text.includes('"') ? quoted(text) : [text])));
  const explained = anchors(page("where-state-lives.md")).filter((anchor) => anchor !== "locks");
  assert.deepEqual(explained.toSorted(), [...rules].toSorted());
});

/** The results of a conditional expression; what is compared with is no rule. */
function quoted(expression: string): string[] {
  const results = expression.slice(expression.indexOf("?"));
  return [...results.matchAll(/"([a-z-]+)"/g)].map(([, text = ""]) => text);
}

test("links between the pages lead somewhere", () => {
  for (const name of ["findings.md", "repairs.md", "where-state-lives.md"]) {
    for (const [, target = name, anchor = ""] of page(name).matchAll(/\]\(([\w-]+\.md)?#([\w-]+)\)/g)) {
      assert.ok(anchors(page(target)).includes(anchor), `${name}: ${target}#${anchor}`);
    }
  }
});
