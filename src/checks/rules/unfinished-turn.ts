/** store/unfinished-turn: the last turn of a session waits for an answer that will not come any more. */
import { type Fragment, placeId } from "../../model/fragment.ts";
import type { AgentReading } from "../../model/reading.ts";
import { type StoreRow, transcriptId } from "../../model/store.ts";
import { isWithin, rowEvidence } from "../facts.ts";
import { keptWhile } from "../kept.ts";
import { momentText } from "../moments.ts";
import type { CheckInput, Draft, Rule } from "../rule.ts";
import { lastSign, SILENT_MS } from "../signs.ts";
import { sortedFragments } from "../sorted-fragments.ts";
import { writerOf } from "../writers.ts";

export const unfinishedTurn: Rule = (input) =>
  input.home.reading.agents.flatMap((agent) =>
    sortedFragments(agent).waiting.flatMap((fragment) =>
      (rowsByPlace(agent.store.rows).get(placeId(fragment)) ?? []).flatMap((row) =>
        draftsOf(agent, row, fragment, input),
      ),
    ),
  );

const rowsByPlace = keptWhile((rows: readonly StoreRow[]) => Map.groupBy(rows, transcriptId));

/** A row that says running has a finding of its own. */
function draftsOf(agent: AgentReading, row: StoreRow, fragment: Fragment, { home, now }: CheckInput): Draft[] {
  if (row.status === "running" && writerOf(home) !== "alive") return [];
  return isWithin(SILENT_MS, lastSign(row, agent), now) ? [] : [draftOf(agent, row, fragment)];
}

function draftOf(agent: AgentReading, row: StoreRow, fragment: Fragment): Draft {
  const isTool = fragment.turn === "waits-for-tool";
  const waits = isTool ? "a tool was called, and its result was never written" : "the last message was never answered";
  const means = isTool
    ? " Some providers refuse the next turn while a call has no result."
    : " Nobody is told of it; send the message again if it still matters.";
  const { path, window } = fragment;
  const place = window === undefined ? { path } : { path, event: { sessionId: window.sessionId, seq: window.toSeq } };
  return {
    code: "store/unfinished-turn",
    ...(isTool ? {} : { severity: "info" }),
    ...place,
    identity: `${agent.store.path}#${row.key}`,
    message: `The last turn of ${row.key} was not finished: ${waits} (${momentText(fragment.endedAt)}).${means}`,
    evidence: [
      { kind: "file", text: waits, ...place },
      rowEvidence(
        agent,
        row,
        `status ${row.status ?? "unknown"}${row.abortedLastRun === true ? ", the last run was aborted" : ""}`,
      ),
    ],
    agent: agent.name,
    sessionKey: row.key,
  };
}
