/** How long a person waits for the tree: the server as shipped, from its start to the first page of sessions, and to the whole. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { Refusal } from "../src/protocol/errors.ts";
import { Method, type Notices, Notice } from "../src/protocol/methods.ts";
import { connectClient, type LspClient } from "../test/support/lsp-client.ts";

const SERVER = join(import.meta.dirname, "../dist/server.cjs");
/** As many rows as the view asks for at first. */
const PAGE = 100;
/** Large homes on a busy machine take their time. */
const PATIENCE_MS = 120_000;

export interface TreeTimes {
  /** To the answered first page of an agent's sessions, of whichever snapshot comes first. */
  readonly firstRowMs: number;
  /** The same once everything is read, linked and judged. */
  readonly wholeTreeMs: number;
}

/** In an environment of its own, without kept facts, looking at this home alone. */
export async function treeTimes(home: string): Promise<TreeTimes> {
  const began = performance.now();
  const env = { PATH: process.env["PATH"] ?? "", HOME: home, USERPROFILE: home };
  const child = spawn(process.execPath, [SERVER, "--stdio"], { env });
  const ended = once(child, "close");
  try {
    const client = await connectClient(child.stdout, child.stdin, {
      folders: [pathToFileURL(home).href],
      patienceMs: PATIENCE_MS,
      initializationOptions: { settings: { discoverUserHomes: false, rescanSeconds: 0 }, memoFolder: null },
    });
    await client.until(() => client.notices.some(({ method }) => method === Notice.changed), "the first snapshot");
    await firstPage(client);
    const firstRowMs = performance.now() - began;
    await client.until(() => client.notices.some(isEndOfScan), "the end of the scan");
    await firstPage(client);
    return { firstRowMs, wholeTreeMs: performance.now() - began };
  } finally {
    child.kill();
    await ended;
  }
}

function isEndOfScan({ method, params }: LspClient["notices"][number]): boolean {
  // The method stands for the type of what comes with it.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return method === Notice.progress && !(params as Notices[typeof Notice.progress]).scanning;
}

/** Asks as the view does: when a newer snapshot has come meanwhile, again. */
async function firstPage(client: LspClient): Promise<void> {
  for (;;) {
    const { homes, revision } = await client.ask(Method.overview, {});
    const agent = homes[0]?.agents.find(({ sessions }) => sessions > 0);
    if (homes[0] === undefined || agent === undefined) throw new Error("the server shows no session");
    const params = {
      revision,
      homeId: homes[0].id,
      agent: agent.name,
      group: "keyed",
      offset: 0,
      limit: PAGE,
    } as const;
    try {
      await client.ask(Method.agentSessions, params);
      return;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === Refusal.staleRevision)) throw error;
    }
  }
}
