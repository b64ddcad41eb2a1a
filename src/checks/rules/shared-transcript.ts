/** store/shared-transcript: two sessions name one transcript. */
import { listed } from "../../model/amounts.ts";
import type { AgentReading } from "../../model/reading.ts";
import type { StoreRow } from "../../model/store.ts";
import { fileAgents, rowEvidence, rowRange, rowsByTranscript } from "../facts.ts";
import { keptWhile } from "../kept.ts";
import type { Draft, Rule } from "../rule.ts";

export const sharedTranscript: Rule = ({ home }) =>
  fileAgents(home).flatMap(({ reading }) =>
    sharedPaths(rowsByTranscript(reading)).flatMap(([path, rows]) => {
      const first = rows[0];
      return first === undefined ? [] : [draftOf(reading, path, rows, first)];
    }),
  );

/** Transcripts whose rows stand for more than one conversation. */
const sharedPaths = keptWhile((rowsByPath: ReadonlyMap<string, readonly StoreRow[]>) =>
  [...rowsByPath].filter(([, rows]) => new Set(rows.map(conversationOf)).size > 1),
);

/**
 * What a key stands for. A cron job's row and that of its run are one conversation; so are a key with and without its
 * `agent:<name>:` (releases before 2026.2 wrote it without).
 */
function conversationOf({ key }: StoreRow): string {
  return key.replace(/^agent:[^:]+:/, "").replace(/^(cron:[^:]+):run:.+$/, "$1");
}

function draftOf(agent: AgentReading, path: string, rows: readonly StoreRow[], first: StoreRow): Draft {
  const keys = rows.map(({ key }) => key);
  return {
    code: "store/shared-transcript",
    path: agent.store.path,
    identity: path,
    ...rowRange(first),
    message:
      `${keys.length} sessions name the same transcript: ${listed(keys)}. Their conversations are mixed in one file. ` +
      "Don't go on in all of them; read what was written, then reset those that should not have it.",
    evidence: rows.map((row) => rowEvidence(agent, row, `${row.key} names ${path}`)),
    agent: agent.name,
    sessionKey: first.key,
    related: [{ path, label: "the transcript" }],
  };
}
