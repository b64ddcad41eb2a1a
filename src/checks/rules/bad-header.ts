/** transcript/bad-header: line 1 does not say which session it is. */
import type { Fragment, HeaderState } from "../../model/fragment.ts";
import type { AgentReading } from "../../model/reading.ts";
import type { StoreRow } from "../../model/store.ts";
import { damagedFragments, fileAgents, mainRow, rowsByTranscript } from "../facts.ts";
import type { Draft, Rule } from "../rule.ts";

type Bad = Extract<HeaderState, { state: "bad" }>;

export const badHeader: Rule = ({ home }) =>
  fileAgents(home).flatMap(({ reading }) => {
    const rows = rowsByTranscript(reading);
    return damagedFragments(reading).flatMap((fragment) => {
      const { header } = fragment;
      if (header.state !== "bad") return [];
      return [draftOf(reading, fragment, header, mainRow(rows.get(fragment.path) ?? []))];
    });
  });

function draftOf(agent: AgentReading, fragment: Fragment, header: Bad, row: StoreRow | undefined): Draft {
  const whose = row === undefined ? "this transcript" : `the transcript of ${row.key}`;
  const live = fragment.kind === "live";
  const advice = live
    ? "Don't send a turn to this session: OpenClaw may replace the whole file by a fresh header. Copy the file first."
    : "The rest of it can be read.";
  return {
    code: "transcript/bad-header",
    ...(live ? {} : { severity: "warning" }),
    path: fragment.path,
    range: { line: 1, offset: header.offset, bytes: 1 },
    message: `The header of ${whose} can't be read: ${header.reason}. ${advice}`,
    evidence: [{ kind: "file", text: `${header.reason}, at byte ${header.offset}`, path: fragment.path, line: 1 }],
    agent: agent.name,
    ...(row === undefined ? {} : { sessionKey: row.key }),
  };
}
