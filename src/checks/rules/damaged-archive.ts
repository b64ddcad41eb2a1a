/** store/archive-damaged: an archive that a database published is gone, or holds something else. */
import type { DatabaseReading, DatabaseTrouble, DatabaseTroubleKind } from "../../model/database.ts";
import type { AgentReading } from "../../model/reading.ts";
import type { Draft, Rule } from "../rule.ts";

const TEXTS: Readonly<Record<Exclude<DatabaseTroubleKind, "damage">, string>> = {
  "archive-lost":
    "Its file is gone, and the database does not hold its content: that conversation is lost unless a backup has the file. OpenClaw can't open it any more; put the very same file back.",
  "archive-missing": "Its file is gone; the database still holds its content, so nothing is lost yet.",
  "archive-differs":
    "Its file holds something else than the database recorded, and OpenClaw refuses to read it. Look for the file in your backups.",
};

export const damagedArchive: Rule = ({ home: { reading } }) =>
  reading.agents.flatMap((agent) =>
    agent.databases.flatMap((database) => database.trouble.flatMap((trouble) => draftsOf(agent, database, trouble))),
  );

function draftsOf(agent: AgentReading, { path }: DatabaseReading, { kind, reason, where }: DatabaseTrouble): Draft[] {
  if (kind === "damage") return [];
  return [
    {
      code: "store/archive-damaged",
      ...(kind === "archive-missing" ? { severity: "info" } : {}),
      path,
      identity: `${path}#${where ?? ""}`,
      message: `An archive of agent ${agent.name}'s database, ${where ?? "without a name"}, is not as it should be. ${TEXTS[kind]}`,
      evidence: [{ kind: "file", text: reason, path }],
      agent: agent.name,
    },
  ];
}
