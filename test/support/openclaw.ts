/** Small OpenClaw homes for tests, as trees to write. */
import { header, json, lines, message, type TreeNode } from "./homes.ts";

export type Tree = { readonly [name: string]: TreeNode };

/** An id with the shape of a UUID for each small number. */
export function sessionId(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;
}

/** A transcript with one question and its answer. */
export function transcript(id: string, time = "2026-11-21T00:00:00.000Z", question = "How are the disks?"): string {
  const at = Date.parse(time);
  return lines(
    header(id, time),
    message("user", question, new Date(at + 1000).toISOString()),
    message("assistant", "Fine.", new Date(at + 2000).toISOString()),
  );
}

/** A row of `sessions.json`. */
export function row(id: string, given: Record<string, unknown> = {}): Record<string, unknown> {
  return { sessionId: id, updatedAt: Date.parse("2026-11-21T00:00:02.000Z"), status: "done", ...given };
}

/** A home with one agent, whose sessions folder holds a store of these rows, and these files. */
export function homeTree(rows: Record<string, unknown> = {}, sessions: Tree = {}, rest: Tree = {}): Tree {
  return {
    "openclaw.json": "{}",
    agents: { main: { sessions: { "sessions.json": json(rows), ...sessions } } },
    ...rest,
  };
}

/** A home with one session in it. */
export function plainHome(): Tree {
  const id = sessionId(1);
  return homeTree({ "agent:main:main": row(id) }, { [`${id}.jsonl`]: transcript(id) });
}
