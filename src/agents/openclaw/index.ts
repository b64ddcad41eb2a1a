/** OpenClaw: the agent program of the homes ~/.openclaw, with the names it had before (.clawdbot, .moldbot). */
import { join } from "node:path";

import { realPath } from "../../system/files.ts";
import type { AgentProgram } from "../program.ts";
import { readEntry } from "./entry-reading.ts";
import { environmentFor } from "./environment.ts";
import { traceExecs } from "./execs.ts";
import { gatewayEvents } from "./gateway-log/index.ts";
import { glanceAtHome } from "./glance.ts";
import { readHome, updateHome, watchedFolders } from "./home-reading.ts";
import { enclosureOf, homeAround } from "./home-signs.ts";
import { discoverHomes } from "./locate.ts";
import { readTranscript, unpacked } from "./transcript-pages.ts";

export const openclaw: AgentProgram = {
  program: "openclaw",
  discover: discoverHomes,
  glance: glanceAtHome,
  read: readHome,
  update: updateHome,
  watched: watchedFolders,
  isolatedIn,
  homeAround,
  environmentFor,
  traceExecs,
  readTranscript,
  unpacked,
  readEntry,
  gatewayEvents,
};

/** Below an agent's folder, or the home itself: then `.openclaw` in it is a shadow or a nested store. */
function isolatedIn(userHome: string): string | null {
  return enclosureOf(join(realPath(userHome) ?? userHome, ".openclaw"))?.home ?? null;
}
