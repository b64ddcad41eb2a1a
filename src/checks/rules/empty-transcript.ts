/** transcript/empty: 0 bytes where a conversation should be. */
import type { Fragment } from "../../model/fragment.ts";
import type { AgentReading } from "../../model/reading.ts";
import type { StoreRow } from "../../model/store.ts";
import { copiesOf, copiesText } from "../copies.ts";
import { damagedFragments, fileAgents, mainRow, mayBeWritten, rowsByTranscript } from "../facts.ts";
import { momentText } from "../moments.ts";
import type { CheckInput, Draft, Rule } from "../rule.ts";

export const emptyTranscript: Rule = (input) =>
  fileAgents(input.home).flatMap(({ reading }) => {
    const rows = rowsByTranscript(reading);
    return damagedFragments(reading)
      .filter((fragment) => fragment.header.state === "empty" && !mayBeWritten(input.home, fragment.path))
      .map((fragment) => draftOf(reading, fragment, mainRow(rows.get(fragment.path) ?? []), input));
  });

function draftOf(agent: AgentReading, fragment: Fragment, row: StoreRow | undefined, input: CheckInput): Draft {
  const whose = row === undefined ? "This transcript" : `The transcript of ${row.key}`;
  const id = row?.sessionId ?? fragment.fileId;
  const copies = id === null ? [] : copiesOf(id, row?.key ?? null, agent, input);
  return {
    code: "transcript/empty",
    path: fragment.path,
    range: { line: 1, offset: 0, bytes: 0 },
    message: `${whose} has 0 bytes: not even a header is left. ${copiesText(copies)}`,
    evidence: [{ kind: "file", text: `0 bytes, last changed ${momentText(fragment.modifiedAt)}`, path: fragment.path }],
    agent: agent.name,
    ...(row === undefined ? {} : { sessionKey: row.key }),
    related: copies.map(({ path, label }) => ({ path, label })),
  };
}
