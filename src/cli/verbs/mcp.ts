/** `mcp`: the tools for language models over stdin and stdout. */
import { resolve } from "node:path";

import { escaped } from "../../engine/present/names.ts";
import { EXIT } from "../exit.ts";
import type { Verb } from "../verb.ts";

export const mcp: Verb = {
  name: "mcp",
  usage: "[DIR…]",
  summary: "the tools for language models, as an MCP server over stdin and stdout",
  help: `Speaks the Model Context Protocol: list_sessions, session_history (with a brief to continue earlier work), session_chain,
session_execs, session_findings and search_sessions. All of them only read; secrets in known shapes are masked. It ends
when its client closes the input. docs/language-models.md says how to register it.

DIR is a home, or a folder to look for homes in. Without one, the homes of this user are looked for.

  --home DIR       the same as DIR
  --discover       look for the homes of this user also where DIR is given
  --no-cache       keep no facts for the next run, use none of the last
  --verbose        say on stderr what is being read
`,
  options: {
    home: { type: "string" },
    discover: { type: "boolean" },
    cache: { type: "boolean", default: true },
    verbose: { type: "boolean" },
  },
  takes: [0, Infinity],
  async run(world, folders, { cache, discover, home, verbose }) {
    const named = [...folders, ...(typeof home === "string" ? [home] : [])];
    // What begins with "~" is not a shell's work where an editor starts this.
    const paths = named.map((one) => (one.startsWith("~") ? one : resolve(world.workingFolder, one)));
    const log = (line: string): void => world.terminal.err(`${escaped(line)}\n`);
    const engine = world.createEngine({
      given: { paths, discover: discover === true || paths.length === 0 },
      cache: cache !== false,
      log: verbose === true ? log : () => undefined,
    });
    await world.serveTools({ engine, now: world.now, ripgrep: world.findRipgrep }, log);
    await engine.close();
    return EXIT.done;
  },
};
