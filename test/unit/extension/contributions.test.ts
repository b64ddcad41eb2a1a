// What package.json promises to VS Code and what the code has: the same names on both sides.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";

import {
  Command,
  ContextKey,
  CONVERSATION_LANGUAGE,
  PHASES,
  REPORT_LANGUAGE,
  RowWord,
  SECTION,
  Setting,
  View,
} from "../../../src/extension/contributions.ts";

interface Menu {
  readonly command: string;
  readonly when?: string;
  readonly group?: string;
}

interface Welcome {
  readonly view: string;
  readonly contents: string;
  readonly when: string;
}

interface Manifest {
  readonly icon: string;
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly icon: string }[]>>;
    readonly viewsContainers: { readonly activitybar: readonly { readonly id: string; readonly icon: string }[] };
    readonly viewsWelcome: readonly Welcome[];
    readonly menus: Readonly<Record<string, readonly Menu[]>>;
    readonly keybindings: readonly Menu[];
    readonly configuration: { readonly properties: Readonly<Record<string, object>> };
    readonly languages: readonly { readonly id: string }[];
    readonly grammars: readonly { readonly language: string; readonly path: string }[];
  };
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
}

const ROOT = path.resolve(import.meta.dirname, "../../..");
const manifest = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as Manifest;
const { contributes } = manifest;

const sorted = (names: Iterable<string>): string[] => [...names].toSorted();
const ids = new Set<string>(Object.values(Command));
const menus = Object.values(contributes.menus).flat();
const clauses = [
  ...menus.map(({ when }) => when),
  ...contributes.keybindings.map(({ when }) => when),
  ...contributes.viewsWelcome.map(({ when }) => when),
].filter((when) => when !== undefined);

describe("package.json and the code name the same things", () => {
  it("commands", () => {
    assert.deepEqual(sorted(contributes.commands.map(({ command }) => command)), sorted(ids));
    for (const { command, category } of contributes.commands) assert.equal(category, "Session Forensics", command);
  });

  it("views, in one container", () => {
    const views = Object.values(contributes.views).flat();
    assert.deepEqual(sorted(views.map(({ id }) => id)), sorted(Object.values(View)));
    assert.deepEqual(Object.keys(contributes.views), [contributes.viewsContainers.activitybar[0]?.id]);
  });

  it("settings", () => {
    const names = Object.values(Setting).map((name) => `${SECTION}.${name}`);
    assert.deepEqual(sorted(Object.keys(contributes.configuration.properties)), sorted(names));
    for (const name of manifest.capabilities.untrustedWorkspaces.restrictedConfigurations)
      assert.ok(names.includes(name), name);
  });

  it("the languages of the readable documents", () => {
    for (const language of [REPORT_LANGUAGE, CONVERSATION_LANGUAGE]) {
      assert.ok(contributes.languages.some(({ id }) => id === language));
      assert.ok(contributes.grammars.some((grammar) => grammar.language === language));
    }
  });
});

describe("menus, keys and welcome texts", () => {
  it("run only commands that exist", () => {
    const links = contributes.viewsWelcome.flatMap(({ contents }) => [...contents.matchAll(/\(command:([\w.]+)\)/g)]);
    const named = [...menus, ...contributes.keybindings].map(({ command }) => command);
    for (const id of [...named, ...links.map((match) => match[1] ?? "")]) assert.ok(ids.has(id), id);
  });

  it("ask only for context that the code sets", () => {
    const known = new Set<string>([...Object.values(ContextKey), ...Object.values(View)]);
    for (const clause of clauses)
      for (const [name] of clause.matchAll(/sessionForensics\.\w+/g))
        assert.ok(known.has(name), `${name} in ${clause}`);
  });

  it("ask only for words that rows carry", () => {
    const words = new Set<string>(Object.values(RowWord));
    for (const clause of clauses)
      for (const match of clause.matchAll(/viewItem =~ \/\\b\(?([\w|]+)\)?\\b\//g))
        for (const word of match[1]?.split("|") ?? []) assert.ok(words.has(word), `${word} in ${clause}`);
  });

  it("offer every command in the palette, but those that need a row or a lens", () => {
    const hidden = contributes.menus["commandPalette"]?.filter(({ when }) => when === "false");
    assert.deepEqual(
      hidden?.map(({ command }) => command),
      [Command.showMore, Command.openPlace],
    );
  });

  it("greet in every phase, in every view", () => {
    for (const view of Object.values(View))
      for (const phase of PHASES) {
        const greets = contributes.viewsWelcome.some(
          (one) => one.view === view && new RegExp(`phase == ${phase}\\b`).test(one.when),
        );
        assert.ok(greets, `${view} while ${phase}`);
      }
  });
});

describe("files that package.json names", () => {
  const containers = contributes.viewsContainers.activitybar;
  const views = Object.values(contributes.views).flat();
  const files = [
    manifest.icon,
    ...[...containers, ...views].map(({ icon }) => icon),
    ...contributes.grammars.map((one) => one.path),
  ];
  for (const file of new Set(files)) it(file, () => assert.ok(existsSync(path.join(ROOT, file))));
});
