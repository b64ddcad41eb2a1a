/** transcript/wiped: turns were done, but nothing but a header is left of them. */
import type { Fragment } from "../../model/fragment.ts";
import type { AgentReading } from "../../model/reading.ts";
import type { StoreRow } from "../../model/store.ts";
import { copiesOf, copiesText } from "../copies.ts";
import { fileAgents, mainRow, mayBeWritten, rowEvidence, rowsByTranscript } from "../facts.ts";
import { momentText } from "../moments.ts";
import type { CheckInput, Draft, Rule } from "../rule.ts";
import { sortedFragments } from "../sorted-fragments.ts";

export const wipedTranscript: Rule = (input) =>
  fileAgents(input.home).flatMap(({ reading }) => {
    const { bare } = sortedFragments(reading);
    if (bare.length === 0) return [];
    const rows = rowsByTranscript(reading);
    return bare.flatMap((fragment) => {
      const row = mainRow(rows.get(fragment.path) ?? []);
      if (row === undefined || !hadTurns(row) || mayBeWritten(input.home, fragment.path)) return [];
      return [draftOf(reading, fragment, row, input)];
    });
  });

/** A reset clears these fields (2026.3.24, 2026.5.12): a row that has them speaks of the transcript as it should be now. */
function hadTurns(row: StoreRow): boolean {
  return row.startedAt !== null && row.endedAt !== null && row.status !== null && row.status !== "running";
}

function draftOf(agent: AgentReading, fragment: Fragment, row: StoreRow, input: CheckInput): Draft {
  const copies = row.sessionId === null ? [] : copiesOf(row.sessionId, row.key, agent, input);
  return {
    code: "transcript/wiped",
    path: fragment.path,
    range: { line: 1, offset: 0, bytes: fragment.bytes },
    message:
      `The transcript of ${row.key} holds nothing but a header, though the store knows of a turn that ended ` +
      `${momentText(row.endedAt)}: what was said is gone from it. ${copiesText(copies)} Don't send a turn to this session.`,
    evidence: [
      rowEvidence(
        agent,
        row,
        `status ${row.status}, started ${momentText(row.startedAt)}, ended ${momentText(row.endedAt)}`,
      ),
      {
        kind: "file",
        text: `${fragment.bytes} bytes, header of ${momentText(fragment.startedAt)}`,
        path: fragment.path,
        line: 1,
      },
    ],
    agent: agent.name,
    sessionKey: row.key,
    related: copies,
  };
}
