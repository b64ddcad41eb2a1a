/** All tools for language models, in the order in which a model should meet them. */
import { listSessions } from "./list-sessions.ts";
import { searchSessions } from "./search-sessions.ts";
import { sessionChain } from "./session-chain.ts";
import { sessionExecs } from "./session-execs.ts";
import { sessionFindings } from "./session-findings.ts";
import { sessionHistory } from "./session-history.ts";
import type { Tool } from "./tool.ts";

export const TOOLS: readonly Tool[] = [
  listSessions,
  sessionHistory,
  sessionChain,
  sessionExecs,
  sessionFindings,
  searchSessions,
];

export const toolNamed = (name: string): Tool | undefined => TOOLS.find((one) => one.name === name);
