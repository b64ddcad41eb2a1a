/** Finds the session that a model names, or tells it what the name can mean. */
import { isAbsolute, join } from "node:path";

import type { Snapshot } from "../../model/snapshot.ts";
import { isInside, realPath } from "../../system/files.ts";
import { queryFor } from "../history/naming.ts";
import { standingOf } from "../history/standing.ts";
import { findSessions, likeliestHit, type SessionHit } from "../query.ts";
import { quotedShort } from "./untrusted.ts";
import { ToolRefusal } from "./tool.ts";

export interface SessionName {
  readonly session: string;
  readonly home?: string | undefined;
}

const MOST_CANDIDATES = 10;

/** The snapshot with the named home alone. Throws ToolRefusal where there is none such. */
export function withHome(snapshot: Snapshot, home: string | undefined): Snapshot {
  if (home === undefined) return snapshot;
  const homes = snapshot.homes.filter((one) => one.home.path === home || one.home.id === home);
  if (homes.length > 0) return { ...snapshot, homes };
  const known = snapshot.homes.map((one) => one.home.path).join(", ");
  throw new ToolRefusal(`There is no home ${quotedShort(home)}. Known homes: ${known === "" ? "none" : known}.`);
}

function candidateText(hit: SessionHit): string {
  const newest = hit.session.fragments.at(-1)?.fragment;
  return `session ${JSON.stringify(newest?.sessionId ?? queryFor(hit))} in home ${hit.home.home.path} (${hit.home.home.role}, key ${hit.session.key ?? "unknown"})`;
}

/** Paths lead to sessions only inside of homes that are known; nothing is read for it. */
function pathsOf(snapshot: Snapshot, name: string): string[] {
  if (!isAbsolute(name)) return [];
  const isInHome = (path: string): boolean => snapshot.homes.some(({ home }) => isInside(home.path, path));
  return [...new Set([name, realPath(name) ?? name])].filter(isInHome);
}

/** The one session that is meant. Throws ToolRefusal, with what to call or to name instead. */
export function sessionChosen(whole: Snapshot, { home, session: name }: SessionName): SessionHit {
  const snapshot = withHome(whole, home);
  const hits = findSessions(snapshot, name, pathsOf(snapshot, name));
  const [first] = hits;
  if (first === undefined)
    throw new ToolRefusal(
      `No session goes by ${JSON.stringify(quotedShort(name))}. Call list_sessions to see what there is, or search_sessions to find one by what was said in it.`,
    );
  const chosen = hits.length === 1 ? first : likeliestHit(hits);
  if (chosen !== undefined) return chosen;
  const candidates = hits.slice(0, MOST_CANDIDATES).map(candidateText).join("; ");
  throw new ToolRefusal(
    `${JSON.stringify(quotedShort(name))} can mean ${hits.length} sessions. Call again with one of these: ${candidates}.`,
  );
}

/** Absolute paths of what the session may continue, where nothing decides that; each names a session in the next call. */
export function mayContinue({ home, session }: SessionHit): string[] {
  return standingOf(session)
    .mayContinue.slice(0, MOST_CANDIDATES)
    .map(({ path }) => join(home.home.path, path));
}

/** How a model names this very session in its next call. */
export function nameOf(hit: SessionHit): { readonly session: string; readonly home: string } {
  return { session: queryFor(hit), home: hit.home.home.path };
}
