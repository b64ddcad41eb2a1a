import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";

import { isListening, listenerOf } from "../../../src/system/listeners.ts";
import { temporaryTree } from "../../support/homes.ts";

test("a port that somebody listens on is told from one that nobody does", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  assert.equal(await isListening(address.port), true);
  await new Promise((resolve) => server.close(resolve));
  assert.equal(await isListening(address.port), false);
});

test("the process that listens is found by its socket", (context) => {
  const line = (port: string, state: string, inode: number): string =>
    `   0: 0100007F:${port} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0\n`;
  const proc = temporaryTree(context, {
    net: { tcp: `  sl  local_address\n${line("4965", "01", 1)}${line("4965", "0A", 777)}${line("0016", "0A", 2)}` },
    "12": { fd: {} },
    "34": { fd: {} },
    self: "",
  });
  mkdirSync(join(proc, "56"));
  writeFileSync(join(proc, "12/fd/0"), "");
  symlinkSync("socket:[1]", join(proc, "12/fd/1"));
  symlinkSync("socket:[777]", join(proc, "34/fd/3"));
  assert.equal(listenerOf(18_789, proc), 34);
  assert.equal(listenerOf(22, proc), null);
  assert.equal(listenerOf(80, proc), null);
  assert.equal(listenerOf(18_789, join(proc, "nothing")), null);
});
