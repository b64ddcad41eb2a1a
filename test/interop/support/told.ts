// What OpenClaw's own commands say of the sessions of a home, in a form that can be compared.
import { openclaw } from "./openclaw.ts";
import type { OpenClawWorld } from "./world.ts";

/** A session as `openclaw sessions --all-agents --json` lists it. */
export interface ListedSession {
  readonly key: string;
  readonly sessionId: string;
  readonly agentId: string;
  readonly abortedLastRun?: boolean;
}

export async function listedSessions(world: OpenClawWorld): Promise<readonly ListedSession[]> {
  const text = await openclaw(world, "sessions", "--all-agents", "--json", "--limit", "all");
  return (JSON.parse(text) as { readonly sessions: readonly ListedSession[] }).sessions;
}

/** The sections in which doctor speaks of sessions; the others are about tools, services and skills of the machine. */
const SECTIONS = ["State integrity", "Session locks", "Session transcripts"] as const;

/** Doctor's complaints, one line each. It says them in boxes of wrapped lines and has no JSON; nothing is repaired. */
export async function complaints(world: OpenClawWorld): Promise<readonly string[]> {
  return complaintsIn(await openclaw(world, "doctor", "--non-interactive"));
}

export function complaintsIn(output: string): string[] {
  const found: string[] = [];
  let section = "";
  for (const line of output.split("\n")) {
    const title = /^◇\s+(.+?) ─+╮$/.exec(line)?.[1];
    if (title !== undefined) section = title;
    const words = /^│(.*?)│?$/.exec(line)?.[1]?.trim() ?? "";
    if (!SECTIONS.some((one) => one === section) || words === "") continue;
    if (words.startsWith("- ") || found.length === 0) found.push(`${section}: ${words.replace(/^- /, "")}`);
    else found.push(`${found.pop() ?? ""} ${words}`);
  }
  return found;
}

/** Complaints without what differs from one minute to the next: ages, and times in names. */
function lasting(complaint: string): string {
  return complaint.replaceAll(/age=\S+/g, "age").replaceAll(/\s+/g, "");
}

/** What is complained of now and was not before. */
export function newComplaints(before: readonly string[], now: readonly string[]): string[] {
  const known = new Set(before.map(lasting));
  return now.filter((one) => !known.has(lasting(one)));
}
