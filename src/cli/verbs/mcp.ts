/** `mcp`: the tools for language models over stdin and stdout. */
import { resolve } from "node:path";

import { escaped } from "../../engine/present/names.ts";
import { EXIT } from "../exit.ts";
import type { Verb } from "../verb.ts";

export const mcp: Verb = {
  name: "mcp",
  usage: "[--home DIR]",
  summary: "the tools for language models, as an MCP server over stdin and stdout",
  help: `Speaks the Model Context Protocol: list_sessions, session_history (with a brief to continue earlier work), session_chain,
session_execs, session_findings and search_sessions. All of them only read; secrets in known shapes are masked. It ends
when its client closes the input. docs/language-models.md says how to register it.

  --home DIR       look in this home only; else the homes of this user are discovered
  --no-cache       keep no facts for the next run, use none of the last
  --verbose        say on stderr what is being read
`,
  options: {
    home: { type: "string" },
    cache: { type: "boolean", default: true },
    verbose: { type: "boolean" },
  },
  takes: [0, 0],
  async run(world, _positionals, { cache, home, verbose }) {
    const paths = typeof home === "string" ? [resolve(world.workingFolder, home)] : [];
    const log = (line: string): void => world.terminal.err(`${escaped(line)}\n`);
    const engine = world.createEngine({
      given: { paths, discover: paths.length === 0 },
      cache: cache !== false,
      log: verbose === true ? log : () => undefined,
    });
    await world.serveTools({ engine, now: world.now, ripgrep: world.findRipgrep }, log);
    await engine.close();
    return EXIT.done;
  },
};
