/** store/stuck-running: the row says running, but nothing runs it. */
import type { AgentReading } from "../../model/reading.ts";
import type { AgentSnapshot } from "../../model/snapshot.ts";
import type { StoreRow } from "../../model/store.ts";
import {
  fileAgents,
  isWithin,
  lockOn,
  mainRow,
  mayBeWritten,
  rowEvidence,
  rowRange,
  rowsByTranscript,
} from "../facts.ts";
import { momentText } from "../moments.ts";
import { keptWhile } from "../kept.ts";
import type { CheckedHome, CheckInput, Draft, Rule } from "../rule.ts";
import { lastSign, SILENT_MS } from "../signs.ts";

export const stuckRunning: Rule = (input) => {
  // In a backup every run has stopped at the moment of the copy.
  if (input.home.reading.home.role === "backup") return [];
  return fileAgents(input.home).flatMap((agent) => draftsOf(agent, input));
};

function draftsOf({ reading }: AgentSnapshot, { home, now }: CheckInput): Draft[] {
  return runningPaths(rowsByTranscript(reading)).flatMap(([path, rows]) => {
    const row = mainRow(rows);
    if (row === undefined || mayBeWritten(home, path)) return [];
    const last = lastSign(row, reading);
    return isWithin(SILENT_MS, last, now) ? [] : [draftOf(reading, row, last, home)];
  });
}

/** Transcripts that rows call running, with those rows. */
const runningPaths = keptWhile((rowsByPath: ReadonlyMap<string, readonly StoreRow[]>) =>
  [...rowsByPath].flatMap(([path, rows]): [string, StoreRow[]][] => {
    const running = rows.filter(isRunning);
    return running.length === 0 ? [] : [[path, running]];
  }),
);

function isRunning({ status }: StoreRow): boolean {
  return status === "running";
}

function draftOf(agent: AgentReading, row: StoreRow, last: number | null, home: CheckedHome): Draft {
  const lock = row.transcriptPath === null ? undefined : lockOn(home, row.transcriptPath);
  const holder = lock === undefined ? "no lock stands on its transcript" : "nobody holds the lock on its transcript";
  const since = last === null ? "" : ` and nothing was written since ${momentText(last)}`;
  return {
    code: "store/stuck-running",
    path: agent.store.path,
    ...rowRange(row),
    message:
      `The store says that ${row.key} is running, but ${holder}${since}: the run died. ` +
      "Clients go on showing it as busy. Restart the gateway to have it settled; don't edit the store while a gateway runs.",
    evidence: [
      rowEvidence(agent, row, `status running, started ${momentText(row.startedAt)}, without an end`),
      ...(row.transcriptPath === null ? [] : [{ kind: "file", text: holder, path: row.transcriptPath } as const]),
    ],
    agent: agent.name,
    sessionKey: row.key,
    related: row.transcriptPath === null ? [] : [{ path: row.transcriptPath, label: "its transcript" }],
  };
}
