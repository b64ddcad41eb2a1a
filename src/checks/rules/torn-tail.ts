/** transcript/torn-tail: the last line is not whole, and nobody is writing it. */
import { count } from "../../model/amounts.ts";
import { type Fragment, placeId, type TailState } from "../../model/fragment.ts";
import type { AgentReading } from "../../model/reading.ts";
import type { StoreRow } from "../../model/store.ts";
import { damagedFragments, fileAgents, isWithin, mainRow, mayBeWritten, rowsByTranscript } from "../facts.ts";
import { momentText } from "../moments.ts";
import type { CheckInput, Draft, Rule } from "../rule.ts";

/** A line that was begun this shortly ago may be finished in a moment. */
const WRITING_MS = 5_000;
/** How old the last whole entry of a transcript in use may be. */
const IN_USE_MS = 60_000;

type Torn = Extract<TailState, { state: "torn" }>;

export const tornTail: Rule = (input) =>
  fileAgents(input.home).flatMap((agent) =>
    damagedFragments(agent.reading).flatMap((fragment) => {
      const { tail } = fragment;
      // A whole read tells it more exactly.
      if (tail.state !== "torn" || input.home.damage?.has(placeId(fragment)) === true) return [];
      const row = mainRow(rowsByTranscript(agent.reading).get(fragment.path) ?? []);
      return isBeingWritten(fragment, row, input) ? [] : [tornTailDraft(agent.reading, fragment, tail, row)];
    }),
  );

/** Whether its last line may be finished in a moment. Somebody may hold its lock; or it was touched just now, and what it says or its row says is about now as well. */
export function isBeingWritten(fragment: Fragment, row: StoreRow | undefined, { home, now }: CheckInput): boolean {
  if (fragment.kind !== "live") return false;
  if (mayBeWritten(home, fragment.path)) return true;
  const inUse = row?.status === "running" || isWithin(IN_USE_MS, fragment.endedAt, now);
  return inUse && isWithin(WRITING_MS, fragment.modifiedAt, now);
}

/** What is said of a torn end, however it was found. */
export function tornTailDraft(
  agent: AgentReading,
  fragment: Fragment,
  tail: Pick<Torn, "bytes" | "offset" | "reason">,
  row: StoreRow | undefined,
  line: number | null = null,
): Draft {
  const whose = row === undefined ? "This transcript" : `The transcript of ${row.key}`;
  const last = fragment.endedAt === null ? "" : ` The last whole entry is of ${momentText(fragment.endedAt)}.`;
  const advice =
    fragment.kind === "live"
      ? "A further turn would go on behind it on the same line: look at it before the session is used again."
      : "It is an archive, so nothing will be added to it.";
  return {
    code: "transcript/torn-tail",
    path: fragment.path,
    range: { line, offset: tail.offset, bytes: tail.bytes },
    message:
      `${whose} breaks off (${tail.reason}; ${count(tail.bytes, "byte")}). ` +
      `Everything before that can be read.${last} ${advice}`,
    evidence: [
      {
        kind: "file",
        text: `from byte ${tail.offset} on, ${count(tail.bytes, "byte")} of ${fragment.bytes} are no whole line`,
        path: fragment.path,
        ...(line === null ? {} : { line }),
      },
    ],
    agent: agent.name,
    ...(row === undefined ? {} : { sessionKey: row.key }),
  };
}
