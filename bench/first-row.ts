/** How long a person waits for the first rows of the tree: the server as shipped, from its start to the first page of sessions. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { Method, Notice } from "../src/protocol/methods.ts";
import { connectClient } from "../test/support/lsp-client.ts";

const SERVER = join(import.meta.dirname, "../dist/server.cjs");
/** As many rows as the view asks for at first. */
const PAGE = 100;

/** In an environment of its own, without kept facts, looking at this home alone. */
export async function firstRowMs(home: string): Promise<number> {
  const began = performance.now();
  const env = { PATH: process.env["PATH"] ?? "", HOME: home, USERPROFILE: home };
  const child = spawn(process.execPath, [SERVER, "--stdio"], { env });
  const ended = once(child, "close");
  try {
    const client = await connectClient(child.stdout, child.stdin, {
      folders: [pathToFileURL(home).href],
      initializationOptions: { settings: { discoverUserHomes: false, rescanSeconds: 0 }, memoFolder: null },
    });
    await client.until(() => client.notices.some(({ method }) => method === Notice.changed), "the first scan");
    const { homes, revision } = await client.ask(Method.overview, {});
    const agent = homes[0]?.agents[0]?.name;
    if (homes[0] === undefined || agent === undefined) throw new Error("the server shows no agent");
    const params = { revision, homeId: homes[0].id, agent, group: "keyed", offset: 0, limit: PAGE } as const;
    await client.ask(Method.agentSessions, params);
    return performance.now() - began;
  } finally {
    child.kill();
    await ended;
  }
}
