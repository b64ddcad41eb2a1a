// The language server over a copy of a home of a real release, before a plain client.
import type { TestContext } from "node:test";
import { pathToFileURL } from "node:url";

import { Method } from "../../src/protocol/methods.ts";
import { engineOn } from "./engines.ts";
import { fixtureHome } from "./homes.ts";
import type { ClientOptions } from "./lsp-client.ts";
import { TREE, worldOf } from "./reading-client.ts";
import type { ReadingWorld } from "./reading-client.ts";
import { served } from "./server-world.ts";

type FixtureName = Parameters<typeof fixtureHome>[1];

/** `home`: a fixture, or the absolute path of a home that the test made. */
export async function readingWorld(
  context: TestContext,
  given: FixtureName | { readonly home: string },
  options: ClientOptions = {},
): Promise<ReadingWorld> {
  const home = typeof given === "string" ? fixtureHome(context, given) : given.home;
  const world = await served(engineOn([home]), {
    folders: [pathToFileURL(home).href],
    capabilities: TREE,
    settings: { discoverUserHomes: false },
    initializationOptions: {},
    ...options,
  });
  const { client } = world;
  context.after(() => world.close());
  await client.ask(Method.refresh, {});
  return worldOf(client, home);
}
