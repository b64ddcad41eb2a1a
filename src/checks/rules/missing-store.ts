/** store/missing: transcripts, but nothing that lists them. */
import { count } from "../../model/amounts.ts";
import { fileAgents } from "../facts.ts";
import type { Draft, Rule } from "../rule.ts";

export const missingStore: Rule = ({ home }) =>
  fileAgents(home).flatMap(({ reading }): Draft[] => {
    if (reading.store.state !== "missing" || reading.fragments.length === 0) return [];
    const live = reading.fragments.filter((one) => one.kind === "live").length;
    const archives = reading.fragments.length - live;
    return [
      {
        code: "store/missing",
        path: reading.store.path,
        message:
          `Agent ${reading.name} has ${count(live, "transcript")} and ${count(archives, "archive")}, but no sessions.json that ` +
          "lists them: OpenClaw will start every session anew. Look for the store in your backups before the next turn is sent.",
        evidence: [{ kind: "file", text: "not there", path: reading.store.path }],
        agent: reading.name,
      },
    ];
  });
