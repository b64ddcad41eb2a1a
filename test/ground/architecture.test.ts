// docs/architecture.md names a test for each invariant, and nothing that is not there; and tests take place in no time and on no machine.
import assert from "node:assert/strict";
import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";

const ROOT = path.resolve(import.meta.dirname, "../..");
const PAGE = readFileSync(path.join(ROOT, "docs/architecture.md"), "utf8");

/** Text below a heading, up to the next one. */
function chapter(title: string): string {
  const [, text] = PAGE.split(`\n## ${title}\n`);
  assert.ok(text !== undefined, `no chapter "${title}"`);
  return text.split("\n## ")[0] ?? "";
}

describe("docs/architecture.md", () => {
  const invariants = chapter("Invariants").split(/^- /m).slice(1);

  it("has invariants", () => assert.ok(invariants.length >= 15, `${invariants.length}`));

  for (const invariant of invariants) {
    const title = /\*\*(.+?)\*\*/s.exec(invariant)?.[1] ?? invariant;
    it(`names a test for: ${title.replaceAll(/\s+/g, " ")}`, () => {
      const tests = [...invariant.matchAll(/`(test\/[^`]+\.test\.ts)`/g)].map(([, file]) => file ?? "");
      assert.ok(tests.length > 0, "no test");
      for (const file of tests) assert.ok(existsSync(path.join(ROOT, file)), `${file} is not there`);
    });
  }

  it("draws every floor that there is", () => {
    const house = chapter("The house");
    for (const { name } of readdirSync(path.join(ROOT, "src"), { withFileTypes: true }).filter((one) =>
      one.isDirectory(),
    ))
      assert.match(house, new RegExp(`^[ a-z]* ${name}/ `, "m"));
  });

  it("speaks only of files and pages that are there", () => {
    const files = [...PAGE.matchAll(/`((?:src|scripts)\/[^`]+\.m?[jt]s)`/g)].map(([, file]) => file ?? "");
    const pages = [...PAGE.matchAll(/\]\(([^)#]+\.md)\)/g)].map(([, page]) => `docs/${page ?? ""}`);
    assert.ok(files.length > 5 && pages.length > 5);
    for (const file of [...files, ...pages]) assert.ok(existsSync(path.join(ROOT, file)), `${file} is not there`);
  });
});

describe("tests of the sources", () => {
  /** Ways to learn the time, the user's home or this machine's name. */
  const SURROUNDINGS = /\bDate\.now\(|\bnew Date\(\)|\bhomedir\(|\buserInfo\(|\bhostname\(|\bMath\.random\(/;
  const files = globSync(["test/unit/**/*.ts", "test/support/**/*.ts"], { cwd: ROOT });

  it("ask neither for the time nor for the machine, nor for chance", () => {
    assert.ok(files.length > 50);
    const asking = files.filter((file) => SURROUNDINGS.test(readFileSync(path.join(ROOT, file), "utf8")));
    assert.deepEqual(asking, []);
  });
});
