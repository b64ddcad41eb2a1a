/** store/stuck-running, for a row of a database: the session is said to be running, and no gateway runs it. */
import type { Evidence } from "../../model/evidence.ts";
import { keptAlong } from "../../model/lineage.ts";
import { type AgentReading, usesDatabase } from "../../model/reading.ts";
import type { StoreRow } from "../../model/store.ts";
import { isWithin, rowEvidence } from "../facts.ts";
import { momentText } from "../moments.ts";
import type { CheckedHome, CheckInput, Draft, Rule } from "../rule.ts";
import { lastSign, SILENT_MS } from "../signs.ts";
import { gatewayLocks, writerOf } from "../writers.ts";

export const stuckInDatabase: Rule = (input) => {
  // In a backup every run has stopped at the moment of the copy.
  if (input.home.reading.home.role === "backup" || writerOf(input.home) === "alive") return [];
  return input.home.reading.agents
    .filter(usesDatabase)
    .flatMap((agent) => [...runningRows(agent.store.rows)].flatMap((row) => draftsOf(agent, row, input)));
};

const runningRows = keptAlong(
  (rows: readonly StoreRow[]) => new Set(rows.filter(isRunning)),
  (running, changes) => {
    for (const { removed } of changes) for (const row of removed) running.delete(row);
    for (const { added } of changes) for (const row of added) if (isRunning(row)) running.add(row);
    return running;
  },
);

function isRunning({ status }: StoreRow): boolean {
  return status === "running";
}

function draftsOf(agent: AgentReading, row: StoreRow, { home, now }: CheckInput): Draft[] {
  const last = lastSign(row, agent);
  if (isWithin(SILENT_MS, last, now)) return [];
  const isKnown = writerOf(home) === "none";
  const since = last === null ? "" : `, and nothing was written since ${momentText(last)}`;
  const holder = isKnown
    ? `no gateway holds this home${since}: the run died`
    : `whether its gateway lives can't be told from here${since}`;
  return [
    {
      code: "store/stuck-running",
      ...(isKnown ? {} : { severity: "info" }),
      path: agent.store.path,
      message:
        `The database says that ${row.key} is running, but ${holder}. Clients go on showing it as busy. Start the gateway: ` +
        "since 2026.9 it looks for such sessions when it starts, and goes on with a turn where it can. Don't change the database by hand.",
      evidence: [
        rowEvidence(
          agent,
          row,
          `status running${row.startedAt === null ? "" : `, started ${momentText(row.startedAt)}`}`,
        ),
        ...claimEvidence(agent, row),
        ...lockEvidence(home),
      ],
      agent: agent.name,
      sessionKey: row.key,
    },
  ];
}

/** The run that last said it would write to the transcript. */
function claimEvidence(agent: AgentReading, row: StoreRow): Evidence[] {
  const run = row.record?.activeRunId ?? null;
  return run === null ? [] : [rowEvidence(agent, row, `run ${run} claims to be writing to it`)];
}

function lockEvidence(home: CheckedHome): Evidence[] {
  const locks = gatewayLocks(home);
  if (locks.length === 0) return [{ kind: "file", text: "no lock of a gateway stands in this home" }];
  return locks.map(({ explanation, path }) => ({ kind: "file", text: explanation, path }));
}
