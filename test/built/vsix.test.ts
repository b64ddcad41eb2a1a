// The packed .vsix holds what it should and nothing else, and its command line and server run from it alone.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";

import { vsixFile } from "../../scripts/bundle/vsix.ts";
import { connectClient } from "../support/lsp-client.ts";
import { unzip } from "../support/unzip.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const BUNDLES = ["cli.cjs", "extension.cjs", "server.cjs"];

/** Files whose presence is decided one by one; folders below may grow. */
const EXPECTED = [
  "[Content_Types].xml",
  "extension.vsixmanifest",
  "extension/LICENSE.txt",
  "extension/changelog.md",
  "extension/dist/THIRD_PARTY_NOTICES.txt",
  ...BUNDLES.map((name) => `extension/dist/${name}`),
  "extension/dist/timeline.js",
  "extension/docs/findings.md",
  "extension/docs/interop.md",
  "extension/docs/migration.md",
  "extension/docs/repairs.md",
  "extension/docs/safety.md",
  "extension/docs/where-state-lives.md",
  "extension/package.json",
  "extension/readme.md",
];
const GROWING = [/^extension\/media\/[\w.-]+\.(?:json|png|svg|css|js)$/, /^extension\/docs\/images\/[\w-]+\.png$/];

/** Modules that a bundle asks for at run time. In quotes it is a text: of code that a library could write, and does not here. */
function required(code: string): string[] {
  return [...code.matchAll(/(?<!["'`])\brequire\(\s*["'`]([^"'`]+)["'`]\s*\)/g)].map((match) => match[1] ?? "");
}

describe("the packed extension", () => {
  let folder: string;
  let files: string[];
  const inside = (name: string): string => path.join(folder, "extension", name);
  const manifest = (): Record<string, unknown> =>
    JSON.parse(readFileSync(inside("package.json"), "utf8")) as Record<string, unknown>;

  /** From an empty folder and without a HOME of anybody: nothing but the bundle can answer. */
  const start = (bundle: string, ...args: string[]) =>
    spawn(process.execPath, [inside(`dist/${bundle}`), ...args], {
      cwd: path.join(folder, "empty"),
      env: { HOME: path.join(folder, "empty"), USERPROFILE: path.join(folder, "empty") },
    });

  async function output(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
    const child = start("cli.cjs", ...args);
    const [[code], out, err] = await Promise.all([
      once(child, "close") as Promise<[number | null]>,
      text(child.stdout),
      text(child.stderr),
    ]);
    return { code, out, err };
  }

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "vsix-"));
    files = unzip(await vsixFile(), folder);
    mkdirSync(path.join(folder, "empty"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("holds every file of the list", () => {
    assert.deepEqual(
      EXPECTED.filter((name) => !files.includes(name)),
      [],
    );
  });

  it("holds nothing that is not on the list: no source, no map, no test", () => {
    assert.deepEqual(
      files.filter((name) => !EXPECTED.includes(name) && !GROWING.some((pattern) => pattern.test(name))),
      [],
    );
  });

  it("names in its manifest only files that it holds, and nothing for developers", () => {
    const { main, bin, scripts, dependencies, devDependencies } = manifest() as {
      main: string;
      bin: Record<string, string>;
    } & Record<string, unknown>;
    assert.deepEqual([scripts, dependencies, devDependencies], [undefined, undefined, undefined]);
    for (const file of [main, ...Object.values(bin)])
      assert.ok(files.includes(path.posix.join("extension", file)), file);
  });

  for (const bundle of BUNDLES)
    it(`asks for nothing outside of Node${bundle === "extension.cjs" ? " and VS Code" : ""} in ${bundle}`, () => {
      const allowed = (name: string): boolean => isBuiltin(name) || (bundle === "extension.cjs" && name === "vscode");
      assert.deepEqual(
        required(readFileSync(inside(`dist/${bundle}`), "utf8")).filter((name) => !allowed(name)),
        [],
      );
    });

  it("contains no path of the machine that built it", () => {
    for (const bundle of BUNDLES) assert.ok(!readFileSync(inside(`dist/${bundle}`), "utf8").includes(ROOT), bundle);
  });

  it("carries the notices of the packages inside", () => {
    const notices = readFileSync(inside("dist/THIRD_PARTY_NOTICES.txt"), "utf8");
    for (const name of ["vscode-languageserver", "vscode-languageclient"]) assert.ok(notices.includes(name), name);
  });

  it("prints its version", async () => {
    assert.deepEqual(await output("--version"), { code: 0, out: `${String(manifest()["version"])}\n`, err: "" });
  });

  it("prints its help", async () => {
    const { code, out, err } = await output("--help");
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, /session-forensics/);
  });

  for (const [bundle, args] of [
    ["server.cjs", ["--stdio"]],
    ["cli.cjs", ["lsp"]],
  ] as const)
    it(`speaks the language server protocol: ${bundle} ${args.join(" ")}`, async () => {
      const child = start(bundle, ...args);
      const closed = once(child, "close");
      const client = await connectClient(child.stdout, child.stdin);
      assert.equal(typeof client.initialized.capabilities, "object");
      await client.shutdown();
      await closed;
    });
});

describe("the packages behind it", () => {
  it("has one version of the protocol: two would refuse each other's types and messages", () => {
    const lock = JSON.parse(readFileSync(path.join(ROOT, "package-lock.json"), "utf8")) as {
      packages: Record<string, { version: string }>;
    };
    for (const name of ["vscode-jsonrpc", "vscode-languageserver-protocol", "vscode-languageserver-types"]) {
      const places = Object.keys(lock.packages).filter((place) => place.endsWith(`node_modules/${name}`));
      assert.equal(places.length, 1, `${name}: ${places.join(", ")}`);
    }
  });

  it("records no address that packages were fetched from", () => {
    assert.doesNotMatch(readFileSync(path.join(ROOT, "package-lock.json"), "utf8"), /"resolved"/);
  });
});
