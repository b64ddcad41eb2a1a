/** store/database-corrupt: a database that is damaged, empty, not one of OpenClaw's, or without a part of itself. */
import { size } from "../../model/amounts.ts";
import type { DatabaseReading, DatabaseState } from "../../model/database.ts";
import type { AgentReading } from "../../model/reading.ts";
import { BEFORE_RECOVERY, RECOVER_CORRUPT } from "../recovery.ts";
import type { Draft, Rule } from "../rule.ts";

/** What the state means for the sessions, and what to do. */
const TEXTS: Readonly<Partial<Record<DatabaseState, readonly [means: string, advice: string]>>> = {
  corrupt: [
    "is damaged: SQLite can't make sense of a part of it. What could still be read is shown; the rest of its sessions may be missing here",
    RECOVER_CORRUPT,
  ],
  "wal-missing": [
    "lacks its write-ahead log (-wal), or has one that does not belong to it: the newest commits stood in that log",
    "Look for the log where the database was copied from, and bring both back together. Don't start the gateway before: it would go on without these commits.",
  ],
  empty: [
    "holds nothing at all",
    `OpenClaw makes a new one at its next start. ${BEFORE_RECOVERY} Look for the database in your backups; the transcripts that are left as files are not affected.`,
  ],
  foreign: [
    "is none of OpenClaw's: something else stands under its name",
    "Find out who put it there, and look for the database in your backups. Don't start the gateway before.",
  ],
  encrypted: [
    "is encrypted, or overwritten with something that is no database",
    "OpenClaw itself never encrypts it. Look for the database in your backups before the gateway is started.",
  ],
};

export const corruptDatabase: Rule = ({ home: { reading } }) =>
  reading.agents.flatMap((agent) => agent.databases.flatMap((database) => draftsOf(agent, database)));

function draftsOf(agent: AgentReading, { bytes, path, state, trouble }: DatabaseReading): Draft[] {
  const texts = TEXTS[state];
  if (texts === undefined) return [];
  const [means, advice] = texts;
  const damage = trouble.filter(({ kind }) => kind === "damage");
  return [
    {
      code: "store/database-corrupt",
      path,
      message: `The database of agent ${agent.name} (${size(bytes)}) ${means}. ${advice}`,
      evidence: [
        { kind: "file", text: `${size(bytes)}, ${state}`, path },
        ...damage.map(
          ({ reason, where }) =>
            ({ kind: "file", text: where === null ? reason : `${where}: ${reason}`, path }) as const,
        ),
      ],
      agent: agent.name,
    },
  ];
}
