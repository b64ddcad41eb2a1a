// The language server as shipped, over one home, with nothing of this user's.
import type { TestContext } from "node:test";
import { pathToFileURL } from "node:url";

import { Method } from "../../src/protocol/methods.ts";
import { emptyHome, exitOf, ownEnvironment, SERVER, spawnBundle } from "./bundles.ts";
import { type ClientOptions, connectClient, type LspClient } from "./lsp-client.ts";

/** A client of it, once the home (absolute path) was read whole; what is told before may be a first look. */
export async function shippedServer(
  context: Pick<TestContext, "after">,
  home: string,
  options: ClientOptions = {},
): Promise<LspClient> {
  const child = spawnBundle(SERVER, ["--stdio"], ownEnvironment(emptyHome(context)));
  const exited = exitOf(child);
  context.after(async () => {
    child.kill();
    await exited;
  });
  const settings = { discoverUserHomes: false, rescanSeconds: 0 };
  const client = await connectClient(child.stdout, child.stdin, {
    folders: [pathToFileURL(home).href],
    initializationOptions: { settings, memoFolder: null },
    ...options,
  });
  await client.ask(Method.refresh, {});
  return client;
}
