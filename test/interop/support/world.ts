// A world for the real OpenClaw: HOME, temporary folder, configuration and ports of its own, nothing of this machine's user.
import { once } from "node:events";
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { startModel, type StandInModel } from "./stand-in-model.ts";

export interface OpenClawWorld {
  /** Folder of everything below. */
  readonly root: string;
  /** OpenClaw's state directory. */
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  readonly port: number;
  readonly model: StandInModel;
  /** Sets the agents' folders of the home aside, with their times; the result puts them back as often as called. */
  readonly keepAgents: () => Promise<() => Promise<void>>;
  readonly close: () => Promise<void>;
}

export const AGENTS = ["main", "ops"] as const;
export type AgentName = (typeof AGENTS)[number];

export const sessionsOf = (world: OpenClawWorld, agent: AgentName = "main"): string =>
  path.join(world.home, "agents", agent, "sessions");

/** A port that nobody listens on now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port could be had");
  return address.port;
}

function configuration(modelUrl: string, port: number, root: string): object {
  const cost = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  const model = {
    id: "det-1",
    name: "Deterministic",
    reasoning: false,
    input: ["text"],
    cost,
    contextWindow: 128_000,
    maxTokens: 4096,
  };
  return {
    gateway: { mode: "local", port, bind: "loopback", auth: { mode: "token", token: "of-a-test" } },
    models: {
      providers: { fake: { baseUrl: modelUrl, apiKey: "unused", api: "openai-completions", models: [model] } },
    },
    agents: {
      defaults: { model: { primary: "fake/det-1" }, workspace: path.join(root, "workspace"), skipBootstrap: true },
      list: AGENTS.map((id) => (id === "main" ? { id, default: true } : { id })),
    },
    // Neither a look for newer releases nor a browser, and no log outside of the world.
    update: { checkOnStart: false },
    browser: { enabled: false },
    logging: { file: path.join(root, "gateway.log") },
  };
}

/** The folder is removed again by `close`. */
export async function makeWorld(): Promise<OpenClawWorld> {
  const root = await realpath(await mkdtemp(path.join(tmpdir(), "sf-interop-")));
  const [userHome, temporary, kept] = ["home", "tmp", "kept"].map((name) => path.join(root, name)) as [
    string,
    string,
    string,
  ];
  const home = path.join(userHome, ".openclaw");
  const model = await startModel();
  const port = await freePort();
  for (const folder of [userHome, temporary, path.join(root, "workspace"), home]) await mkdir(folder, { mode: 0o700 });
  const config = path.join(home, "openclaw.json");
  await writeFile(config, JSON.stringify(configuration(model.url, port, root), null, 2), { mode: 0o600 });
  const agents = path.join(home, "agents");
  const copy = (from: string, to: string): Promise<void> =>
    cp(from, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  return {
    root,
    home,
    port,
    model,
    env: { HOME: userHome, TMPDIR: temporary, PATH: path.dirname(process.execPath), NO_COLOR: "1", TZ: "UTC" },
    keepAgents: async () => {
      await rm(kept, { recursive: true, force: true });
      await copy(agents, kept);
      return async () => {
        await rm(agents, { recursive: true, force: true });
        await copy(kept, agents);
      };
    },
    close: async () => {
      await model.close();
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
