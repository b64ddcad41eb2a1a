/** Serves one client over stdin and stdout, until it goes. */
import { serveStdio } from "@modelcontextprotocol/server/stdio";

import { engineHost, type HostWorld } from "./engine-host.ts";
import { createMcpServer, type ServerWorld } from "./server.ts";

export interface Serving extends Omit<ServerWorld, "host"> {
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Resolves when the client has closed our input, or reads our output no more. */
export async function serveTools(given: HostWorld, { signal, ...about }: Serving): Promise<void> {
  const host = engineHost(given);
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  process.stdin.once("end", resolve).once("close", resolve);
  process.stdout.once("error", () => resolve());
  signal.addEventListener("abort", () => resolve(), { once: true });
  const handle = serveStdio(() => createMcpServer({ ...about, host }), {
    onerror: (error) => about.log(error.message),
  });
  // So that the first call finds most of the work done; what goes wrong, that call tells.
  void host.snapshot().catch(() => undefined);
  await gone;
  await handle.close();
}
