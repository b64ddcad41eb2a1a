/** Serves one client over stdin and stdout, until it goes. */
import { serveStdio } from "@modelcontextprotocol/server/stdio";

import { engineHost, type HostWorld } from "./engine-host.ts";
import { createMcpServer, type ServerWorld } from "./server.ts";

/** Resolves when the client has closed our input, or reads our output no more. */
export async function serveTools(given: HostWorld, about: Omit<ServerWorld, "host">): Promise<void> {
  const host = engineHost(given);
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  process.stdin.once("end", resolve).once("close", resolve);
  process.stdout.once("error", () => resolve());
  const handle = serveStdio(() => createMcpServer({ ...about, host }), {
    onerror: (error) => about.log(error.message),
  });
  await gone;
  await handle.close();
}
