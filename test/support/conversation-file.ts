// A transcript of many turns as OpenClaw 2026.5 writes it, and files with one damage each.
import { Random } from "./random.ts";

/** Lines without their line ends; the first is the header. */
export type Lines = readonly string[];

/** Turns with tool calls, one compaction and a branch that was left; every entry is a child of the one before it. */
export function conversationLines(id: string, start: number, turns: number, seed = 1): string[] {
  const random = new Random(seed);
  for (let skipped = 0; skipped < 8; skipped++) random.next();
  const lines = [
    { type: "session", version: 3, id, timestamp: new Date(start).toISOString(), cwd: "/srv/workspace" } as object,
  ];
  let [number, parentId] = [0, null as string | null];
  const add = (fields: Record<string, unknown>): string => {
    number += 1;
    const own = `e${number.toString(16).padStart(7, "0")}`;
    const timestamp = new Date(start + number * 1000).toISOString();
    lines.push({ type: "message", id: own, parentId, timestamp, ...fields });
    parentId = own;
    return own;
  };
  const say = (role: string, content: readonly object[], given: object = {}): string =>
    add({ message: { role, content, timestamp: start + number * 1000, ...given } });
  add({ type: "model_change", provider: "fake", modelId: "det-1" });
  for (let turn = 0; turn < turns; turn++) {
    const words = "what about the release \u2028 of “today”? ".repeat(1 + random.below(4));
    say("user", [{ type: "text", text: `${turn}: ${words}` }]);
    if (turn % 3 === 1) {
      // Ids of calls are unique in a turn only.
      const calls = ["call_1", "call_2"].slice(0, 1 + random.below(2));
      const blocks = calls.map((call) => ({
        type: "toolCall",
        id: call,
        name: "exec",
        arguments: { command: `ls ${turn}` },
      }));
      say("assistant", blocks, { stopReason: "toolUse" });
      for (const toolCallId of calls) {
        say("toolResult", [{ type: "text", text: `{"type":"${turn}"}\tok` }], {
          toolCallId,
          toolName: "exec",
          isError: false,
        });
      }
    }
    say("assistant", [{ type: "text", text: `done with ${turn}` }], { stopReason: "stop" });
    if (turn === Math.floor(turns / 2))
      add({ type: "compaction", summary: "so far", firstKeptEntryId: parentId, tokensBefore: 9 });
  }
  return lines.map((line) => JSON.stringify(line));
}
