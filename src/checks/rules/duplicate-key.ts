/** store/duplicate-key: rows of a store that count no more, because their key occurs again further down. */
import type { Evidence } from "../../model/evidence.ts";
import { count, listed } from "../../model/amounts.ts";
import type { AgentReading } from "../../model/reading.ts";
import type { DuplicateRow } from "../../model/store.ts";
import { fileAgents } from "../facts.ts";
import type { Draft, Rule } from "../rule.ts";

const MOST_NAMED = 3;
const MOST_EVIDENCE = 20;

export const duplicateKey: Rule = ({ home }) =>
  fileAgents(home).flatMap(({ reading }) => {
    const [first, ...others] = reading.store.duplicates ?? [];
    return first === undefined ? [] : [draftOf(reading, first, [first, ...others])];
  });

function draftOf(agent: AgentReading, first: DuplicateRow, duplicates: readonly DuplicateRow[]): Draft {
  const { store } = agent;
  const keys = [...new Set(duplicates.map(({ key }) => key))];
  const counting = new Map(store.rows.map((row) => [row.key, row]));
  const usedAt = counting.get(first.key)?.line;
  const used =
    keys.length > 1
      ? "OpenClaw uses the last row of each"
      : `OpenClaw uses the last one${typeof usedAt === "number" ? `, in line ${usedAt}` : ""}`;
  return {
    code: "store/duplicate-key",
    path: store.path,
    range: { line: first.line, offset: first.offset, bytes: first.length },
    message:
      `${count(duplicates.length, "row")} of the store of agent ${agent.name} can't be reached: ${named(keys)} ` +
      `${keys.length === 1 ? "occurs" : "occur"} again further down. ${used}, and drops the others when it next writes the store.`,
    evidence: duplicates
      .slice(0, MOST_EVIDENCE)
      .flatMap((row) => evidenceOf(store.path, row, counting.get(row.key) ?? null)),
    agent: agent.name,
    ...(keys.length === 1 ? { sessionKey: first.key } : {}),
  };
}

/** The row that is passed over, and the one that counts. */
function evidenceOf(
  path: string,
  { key, sessionId, line }: DuplicateRow,
  used: { readonly sessionId: string | null; readonly line: number | null } | null,
): Evidence[] {
  const passed = { kind: "store-row", text: `${key} is passed over here: ${idText(sessionId)}`, path, line } as const;
  if (used === null || used.line === null) return [passed];
  return [
    passed,
    { kind: "store-row", text: `${key} is used from here: ${idText(used.sessionId)}`, path, line: used.line },
  ];
}

function idText(sessionId: string | null): string {
  return sessionId === null ? "no session id" : `session id ${sessionId}`;
}

function named(keys: readonly string[]): string {
  const more = keys.length - MOST_NAMED;
  return listed(more > 0 ? [...keys.slice(0, MOST_NAMED), `${more} more`] : keys);
}
