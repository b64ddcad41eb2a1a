/** OpenClaw: the agent program of the homes ~/.openclaw, with the names it had before (.clawdbot, .moldbot). */
import type { AgentProgram } from "../program.ts";
import { traceExecs } from "./execs.ts";
import { readHome, updateHome, watchedFolders } from "./home-reading.ts";
import { discoverHomes } from "./locate.ts";

export const openclaw: AgentProgram = {
  program: "openclaw",
  discover: discoverHomes,
  read: readHome,
  update: updateHome,
  watched: watchedFolders,
  traceExecs,
};
