/** store/schema-unknown: a database of a schema that this reader does not know, or that OpenClaw has yet to bring up to date. */
import type { DatabaseReading } from "../../model/database.ts";
import type { AgentReading } from "../../model/reading.ts";
import { MIGRATE_SCHEMA } from "../recovery.ts";
import type { Draft, Rule } from "../rule.ts";

export const unknownSchema: Rule = ({ home: { reading } }) =>
  reading.agents.flatMap((agent) =>
    agent.databases
      .filter(({ state }) => state === "newer-schema" || state === "older-schema")
      .map((database) => draftOf(agent, database)),
  );

function draftOf(
  agent: AgentReading,
  { appVersion, knownSchemaVersion, path, schemaVersion, state }: DatabaseReading,
): Draft {
  const version = schemaVersion === null ? "an unnamed version" : `version ${schemaVersion}`;
  const release = appVersion === null ? "" : `, written by OpenClaw ${appVersion}`;
  const newer =
    `It is read as far as its tables and columns are known, which may not be all; sessions may be missing here. Nothing is ` +
    "wrong with the database itself.";
  const older = `A table that sessions are read from is not in it yet, so none are shown. ${MIGRATE_SCHEMA}`;
  return {
    code: "store/schema-unknown",
    path,
    message:
      `The database of agent ${agent.name} has a schema of ${version}${release}; known here is version ${knownSchemaVersion}. ` +
      (state === "newer-schema" ? newer : older),
    evidence: [{ kind: "file", text: `schema ${version}`, path }],
    agent: agent.name,
  };
}
