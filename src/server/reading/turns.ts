/** The turns of a transcript: what a user said, or the program in the user's place, and all that followed. */
import type { BriefCall, LineEntry } from "./line-entry.ts";

/** A stretch of lines without their blank ones. The first part of a transcript belongs to no turn: `opening` is null there. */
export interface Turn {
  /** The message that began it. */
  readonly opening: LineEntry | null;
  /** All lines of it, that message included. */
  readonly lines: readonly LineEntry[];
}

const beginsTurn = ({ kind, role }: LineEntry): boolean => (kind === "message" && role === "user") || kind === "reset";

/** A reset ends a turn; what follows it before the next message belongs to none. */
export function turnsOf(lines: readonly LineEntry[]): Turn[] {
  const turns: { opening: LineEntry | null; lines: LineEntry[] }[] = [];
  for (const line of lines) {
    const current = turns.at(-1);
    if (current === undefined || beginsTurn(line))
      turns.push({ opening: line.kind === "message" && line.role === "user" ? line : null, lines: [line] });
    else current.lines.push(line);
  }
  return turns;
}

/** A call of a tool, and what it answered in the same turn. */
export interface ToolStep {
  readonly call: BriefCall;
  /** The message that holds the call. */
  readonly caller: LineEntry;
  readonly result: LineEntry | null;
}

/** Ids of calls are used again in later turns by some providers, so a result answers a call of its own turn only. */
export function toolSteps({ lines }: Turn): ToolStep[] {
  const results = Map.groupBy(
    lines.filter(({ toolResult }) => (toolResult?.callId ?? null) !== null),
    ({ toolResult }) => toolResult?.callId,
  );
  return lines.flatMap((caller) =>
    caller.toolCalls.map((call) => {
      const answers = call.id === null ? [] : (results.get(call.id) ?? []);
      const result = answers.find(({ line }) => line > caller.line) ?? null;
      if (result !== null) answers.splice(answers.indexOf(result), 1);
      return { call, caller, result };
    }),
  );
}
