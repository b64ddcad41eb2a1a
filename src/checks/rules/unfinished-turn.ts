/** store/unfinished-turn: the last turn of a session waits for an answer that will not come any more. */
import type { AgentReading } from "../../model/reading.ts";
import { isWithin, rowEvidence } from "../facts.ts";
import { momentText } from "../moments.ts";
import { openTurns, type OpenTurn } from "../open-turns.ts";
import type { CheckInput, Draft, Rule } from "../rule.ts";
import { SILENT_MS } from "../signs.ts";
import { writerOf } from "../writers.ts";

export const unfinishedTurn: Rule = (input) =>
  input.home.reading.agents.flatMap((agent) => unfinishedTurns(agent, input).map((turn) => keptDraft(agent, turn)));

/** The open turns of an agent's rows that will not go on any more. */
export function unfinishedTurns(agent: AgentReading, { home, now }: Pick<CheckInput, "home" | "now">): OpenTurn[] {
  const isAlive = writerOf(home) === "alive";
  const turns: OpenTurn[] = [];
  for (const turn of openTurns(agent)) {
    // A row that says running has a finding of its own.
    if (turn.row.status === "running" && !isAlive) continue;
    if (!isWithin(SILENT_MS, turn.lastSign, now)) turns.push(turn);
  }
  return turns;
}

/** Thousands of turns may be open: what is said of one stays the same until it changes. */
const DRAFTS = new WeakMap<OpenTurn, { readonly storePath: string; readonly agent: string; readonly draft: Draft }>();

function keptDraft(agent: AgentReading, turn: OpenTurn): Draft {
  const known = DRAFTS.get(turn);
  if (known?.storePath === agent.store.path && known.agent === agent.name) return known.draft;
  const draft = draftOf(agent, turn);
  DRAFTS.set(turn, { storePath: agent.store.path, agent: agent.name, draft });
  return draft;
}

function draftOf(agent: AgentReading, { fragment, row }: OpenTurn): Draft {
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
