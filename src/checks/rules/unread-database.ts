/** store/database-unread: a database that nothing is known to be wrong with, but that could not be read from here. */
import { size } from "../../model/amounts.ts";
import type { DatabaseReading, DatabaseState } from "../../model/database.ts";
import type { AgentReading } from "../../model/reading.ts";
import type { Draft, Rule } from "../rule.ts";

const TEXTS: Readonly<Partial<Record<DatabaseState, string>>> = {
  "no-reader":
    "Reading it needs SQLite in the running Node: VS Code 1.101 or later, or Node 22.15 or later for the command line.",
  busy: "It was written so fast that no consistent state of it could be had; the next scan tries again.",
  "too-large-to-copy":
    "It can't be opened where it lies without a trace, and is too large for a private copy. Start the gateway that it belongs to, or make a copy of it with its -wal and -shm and scan that.",
  unreadable: "See the reason beside it: rights, a device, or an error of the disk.",
};

export const unreadDatabase: Rule = ({ home: { reading } }) =>
  reading.agents.flatMap((agent) => agent.databases.flatMap((database) => draftsOf(agent, database)));

function draftsOf(agent: AgentReading, { bytes, path, state, trouble }: DatabaseReading): Draft[] {
  const text = TEXTS[state];
  if (text === undefined) return [];
  const reasons = trouble.map(({ reason }) => ({ kind: "file", text: reason, path }) as const);
  return [
    {
      code: "store/database-unread",
      path,
      message: `The database of agent ${agent.name} (${size(bytes)}) could not be read, so nothing is said about its sessions. ${text}`,
      evidence: reasons.length > 0 ? reasons : [{ kind: "file", text: `a database of ${size(bytes)}`, path }],
      agent: agent.name,
    },
  ];
}
