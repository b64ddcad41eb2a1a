/** How a session is named so that the command line finds this very one again. */
import type { SessionHit } from "../query.ts";
import { ownCommand } from "../present/shell.ts";

/** Its key; without one the id or the path of its newest fragment. */
export function queryFor({ session }: SessionHit): string {
  const newest = session.fragments.at(-1)?.fragment;
  return session.key ?? newest?.sessionId ?? newest?.path ?? session.id;
}

/** The command that prints the history, and what stands before `cursor`. */
export function historyCommand(hit: SessionHit, cursor: string | null): string {
  const before = cursor === null ? [] : ["--before", cursor];
  return ownCommand("history", queryFor(hit), "--home", hit.home.home.path, ...before);
}
