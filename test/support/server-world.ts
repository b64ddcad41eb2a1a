// The language server in a world of a test's own: a fake engine behind it, a plain client before it.
import { PassThrough } from "node:stream";

import {
  createConnection,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";

import type { Engine } from "../../src/engine/engine.ts";
import type { RepairDesk } from "../../src/engine/repair-desk.ts";
import type { EngineRequest } from "../../src/server/ports.ts";
import { startServer } from "../../src/server/server.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import type { WatchOptions } from "../../src/system/watcher.ts";
import { fakeEngine } from "./fake-engine.ts";
import { IDLE_DESK } from "./idle-desk.ts";
import type { FakeEngine } from "./fake-engine.ts";
import { connectClient } from "./lsp-client.ts";
import type { ClientOptions, LspClient } from "./lsp-client.ts";
import { NOW } from "./snapshots.ts";

export interface FakeWatch {
  folders: readonly string[];
  readonly options: WatchOptions;
  readonly tell: (paths: string[]) => void;
  closed: boolean;
}

export interface ServerWorld {
  readonly client: LspClient;
  readonly engine: FakeEngine;
  readonly request: EngineRequest;
  readonly watches: readonly FakeWatch[];
  close(): Promise<void>;
}

export async function serverWorld(
  snapshot: Snapshot,
  options: ClientOptions = {},
  desk: Partial<RepairDesk> = {},
): Promise<ServerWorld> {
  const engine = fakeEngine(snapshot);
  return { ...(await served(engine, options, desk)), engine };
}

/** The same with any engine behind it. */
export async function served(
  engine: Engine,
  options: ClientOptions = {},
  desk: Partial<RepairDesk> = {},
): Promise<Omit<ServerWorld, "engine">> {
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  const connection = createConnection(
    ProposedFeatures.all,
    new StreamMessageReader(toServer),
    new StreamMessageWriter(toClient),
  );
  const watches: FakeWatch[] = [];
  const requests: EngineRequest[] = [];
  startServer(connection, {
    createEngine: (request) => {
      requests.push(request);
      return engine;
    },
    watchFolders: (folders, tell, watchOptions) => {
      const watch: FakeWatch = { folders, options: watchOptions, tell, closed: false };
      watches.push(watch);
      return {
        ready: Promise.resolve(),
        setFolders: (next) => {
          watch.folders = next;
        },
        close: () => {
          watch.closed = true;
          return Promise.resolve();
        },
      };
    },
    createRepairDesk: () => ({ ...IDLE_DESK, ...desk }),
    findRipgrep: () => Promise.resolve(null),
    judgeLocksEachMs: 100,
    now: () => NOW,
    localOffset: () => 60,
    userHome: "/home/ann",
    env: { HOME: "/home/ann", OPENCLAW_PROFILE: "night" },
    memoFolder: "/home/ann/.cache/session-forensics",
    version: "1.2.3",
    documentation: undefined,
  });
  const client = await connectClient(toClient, toServer, options);
  const [request] = requests;
  if (request === undefined) throw new Error("the server made no engine");
  return {
    client,
    request,
    watches,
    async close() {
      await client.request("shutdown", null);
      client.dispose();
      connection.dispose();
    },
  };
}
