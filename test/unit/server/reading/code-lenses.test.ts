import assert from "node:assert/strict";
import { test } from "node:test";

import type { CodeLens } from "vscode-languageserver/node";

import { serverWorld } from "../../../support/server-world.ts";
import { aFragment, anArchive, anUnattributed, aSnapshot } from "../../../support/snapshots.ts";

const uriOf = (place: string): string => `file:///home/ann/.openclaw/${place}`;

test("lenses lead to the end of what came before, and say where that is open", async (context) => {
  const world = await serverWorld(aSnapshot(), { initializationOptions: {} });
  context.after(() => world.close());
  const { client } = world;
  await client.until(() => client.notices.some((one) => one.method === "sessionForensics/changed"), "a scan");
  const lenses = async (place: string): Promise<unknown[]> => {
    const uri = uriOf(place);
    await client.open(uri, '{"type":"session","id":"x"}\n');
    const all = (await client.request("textDocument/codeLens", { textDocument: { uri } })) as CodeLens[];
    return all.map(({ command }) => [command?.title, command?.command, command?.arguments]);
  };
  const [live, archive] = [aFragment().path, anArchive().path];
  const chain = (place: string, number: string): unknown[] => [
    `Whole chain: ${number}`,
    "sessionForensics.openChain",
    [{ uri: uriOf(place), line: null }],
  ];
  assert.deepEqual(await lenses(live), [
    [
      "↑ Previous fragment: reset 2026-11-21 00:16Z · link recorded",
      "sessionForensics.openPlace",
      [{ uri: uriOf(archive), line: "end" }],
    ],
    chain(live, "2 fragments"),
    [undefined, undefined, undefined],
  ]);
  assert.deepEqual((await lenses(archive)).at(-1), [
    "↓ Next fragment: now · link recorded",
    "sessionForensics.openPlace",
    [{ uri: uriOf(live), line: null }],
  ]);
  const lost = anUnattributed().id;
  assert.deepEqual(await lenses(lost), [
    ["Previous fragment: open", "sessionForensics.showChain", [{ uri: uriOf(lost), line: null }]],
    chain(lost, "1 fragment"),
  ]);
});
