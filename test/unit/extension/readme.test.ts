// The README's table of settings says what package.json says, its pictures and links exist, and so do the commands it names.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly contributes: {
    readonly configuration: {
      readonly properties: Readonly<
        Record<string, { readonly default: unknown; readonly markdownDescription: string }>
      >;
    };
  };
}

const ROOT = path.resolve(import.meta.dirname, "../../..");
const readme = readFileSync(path.join(ROOT, "README.md"), "utf8");
const { scripts, contributes } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as Manifest;

/** `#name#` is a link in the settings editor; elsewhere it is just the name. */
const inReadme = (description: string): string => description.replaceAll(/`#([\w.]+)#`/g, "`$1`");

describe("README.md", () => {
  it("has every setting in its table, word for word", () => {
    const rows = Object.entries(contributes.configuration.properties).map(
      ([name, setting]) =>
        `| \`${name}\` | \`${JSON.stringify(setting.default)}\` | ${inReadme(setting.markdownDescription)} |`,
    );
    const table = ["| Setting | Default | What it does |", "|---|---|---|", ...rows].join("\n");
    assert.ok(readme.includes(`${table}\n`), `the table should be\n${table}`);
  });

  it("names only scripts of package.json", () => {
    for (const [, name = ""] of readme.matchAll(/npm run ([\w:]+)/g)) assert.ok(name in scripts, name);
  });

  const targets = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1] ?? "");
  for (const target of new Set(targets)) it(`links to ${target}`, () => assert.ok(existsSync(path.join(ROOT, target))));
});
