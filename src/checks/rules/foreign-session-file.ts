/** store/foreign-session-file: the row's transcript lies in another place. */
import type { AgentReading } from "../../model/reading.ts";
import type { StoreRow } from "../../model/store.ts";
import { fileAgents, isBelow, rowEvidence, rowRange } from "../facts.ts";
import type { CheckInput, Draft, Rule } from "../rule.ts";

export const foreignSessionFile: Rule = (input) =>
  fileAgents(input.home).flatMap(({ reading }) =>
    reading.store.rows.filter((row) => row.transcriptBy === "foreign").map((row) => draftOf(reading, row, input)),
  );

function draftOf(agent: AgentReading, row: StoreRow, { home, others }: CheckInput): Draft {
  const written = row.sessionFile ?? "";
  // A shadow lies inside its canonical home: the innermost home is meant.
  const [owner] = [home, ...others]
    .filter(({ reading }) => isBelow(reading.home.path, written))
    .toSorted((a, b) => b.reading.home.path.length - a.reading.home.path.length);
  const where =
    owner === undefined
      ? "outside this store"
      : owner === home
        ? "in another folder of this home"
        : `in the ${owner.reading.home.role} home ${owner.reading.home.path}`;
  const own = ownTranscripts(agent, row);
  const here = own.length === 0 ? "" : " A transcript of the same session stands in this store as well.";
  return {
    code: "store/foreign-session-file",
    path: agent.store.path,
    ...rowRange(row),
    message:
      `The row of ${row.key} names a transcript ${where}: ${written}. OpenClaw refuses such a path, or writes where nobody ` +
      `looks.${here} Find out which one is right before the next turn is sent.`,
    evidence: [rowEvidence(agent, row, `sessionFile is ${written}`)],
    agent: agent.name,
    sessionKey: row.key,
    related: own.map((path) => ({ path, label: "a transcript of the same session in this store" })),
  };
}

/** Live transcripts of this store that the row would mean if its path were right: by session id or by file name. */
export function ownTranscripts(agent: AgentReading, row: StoreRow): string[] {
  const name = (row.sessionFile ?? "").split(/[\\/]/).at(-1);
  return agent.fragments
    .filter((one) => one.kind === "live")
    .filter((one) => (one.sessionId !== null && one.sessionId === row.sessionId) || one.path.endsWith(`/${name}`))
    .map((one) => one.path);
}
