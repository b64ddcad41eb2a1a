// The extension under test, as other extensions get it, and waiting for what it shows.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import * as vscode from "vscode";

import type { ExtensionApi } from "../../../src/extension/extension.ts";

const STEP_MS = 100;
/** Far more than it takes; a loaded machine has its moments. */
const PATIENCE_MS = 30_000;

export async function activated(): Promise<ExtensionApi> {
  const extension = vscode.extensions.getExtension<ExtensionApi>("session-forensics.session-forensics");
  assert.ok(extension, "the extension is not installed here");
  return extension.activate();
}

/** The first value that is not undefined; fails with `what` when none comes. */
export async function eventually<Value>(
  what: string,
  look: () => Promise<Value | undefined> | Value | undefined,
  patienceMs = PATIENCE_MS,
): Promise<Value> {
  const deadline = Date.now() + patienceMs;
  do {
    const value = await look();
    if (value !== undefined) return value;
    await sleep(STEP_MS);
  } while (Date.now() < deadline);
  throw new assert.AssertionError({ message: `did not happen within ${patienceMs / 1000} s: ${what}` });
}

/** What a row shows, for reading failures. */
export async function shown<Node>(provider: vscode.TreeDataProvider<Node>, node: Node): Promise<string> {
  const item = await provider.getTreeItem(node);
  const label = typeof item.label === "string" ? item.label : (item.label?.label ?? "");
  return `${label} ${String(item.description ?? "")}`.trim();
}

/** The node whose row begins with each label in turn, going down; undefined as long as one is missing. */
export async function nodeAt<Node>(
  provider: vscode.TreeDataProvider<Node>,
  labels: readonly string[],
): Promise<Node | undefined> {
  let node: Node | undefined;
  for (const label of labels) {
    const children: readonly Node[] = (await provider.getChildren(node)) ?? [];
    const texts = await Promise.all(children.map((child) => shown(provider, child)));
    const index = texts.findIndex((text) => text.startsWith(label));
    if (index < 0) return undefined;
    node = children[index];
  }
  return node;
}

export const nodeEventually = <Node>(
  provider: vscode.TreeDataProvider<Node>,
  labels: readonly string[],
): Promise<Node> => eventually(`a row ${labels.join(" > ")}`, () => nodeAt(provider, labels));

export async function labelsBelow<Node>(provider: vscode.TreeDataProvider<Node>, node?: Node): Promise<string[]> {
  const children = (await provider.getChildren(node)) ?? [];
  return Promise.all(children.map((child) => shown(provider, child)));
}

/** What the editor in front holds. */
export const activeText = (): string | undefined => vscode.window.activeTextEditor?.document.getText();
