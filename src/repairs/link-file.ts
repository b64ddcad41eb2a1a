/** Links that a person sets, as files of `.session-forensics/links`: each a pointer of a fragment to the one before it. */
import { createHash } from "node:crypto";

import type { AssignedLink, NamedFragment } from "../model/assigned-link.ts";
import { meantFragment } from "../model/assigned-link.ts";
import type { Fragment } from "../model/fragment.ts";
import { LINKS_FOLDER } from "../model/kept-files.ts";
import type { AgentSnapshot } from "../model/snapshot.ts";

const SCHEMA = "session-forensics/link/1";

/** What a person says of a fragment. */
export type Statement = Pick<AssignedLink, "agent" | "fragment" | "previous" | "key" | "archiveReason"> & {
  readonly by: string;
  /** Milliseconds, UTC. */
  readonly at: number;
};

/** The link as text. */
export function linkText({ agent, fragment, previous, key, archiveReason, by, at }: Statement): string {
  const link = {
    schema: SCHEMA,
    agent,
    sessionId: fragment.sessionId,
    path: fragment.path,
    ...(fragment.window === undefined ? {} : { window: fragment.window }),
    previousSessionId: previous?.sessionId ?? null,
    previousPath: previous?.path ?? null,
    ...(previous?.window === undefined ? {} : { previousWindow: previous.window }),
    resetFromSessionId: archiveReason === "reset" ? (previous?.sessionId ?? null) : null,
    logicalSessionKey: key,
    archiveReason,
    assignedBy: by,
    assignedAt: new Date(at).toISOString(),
  };
  return `${JSON.stringify(link, null, 2)}\n`;
}

export function nameOf({ sessionId, path, window }: Fragment): NamedFragment {
  if (window === undefined) return { sessionId, path };
  return { sessionId, path, window: { sessionId: window.sessionId, fromSeq: window.fromSeq } };
}

/** The link that stands for a fragment now. */
export function linkFor({ reading }: AgentSnapshot, fragment: Fragment): AssignedLink | undefined {
  return (reading.assignedLinks ?? []).find((link) => meantFragment(link.fragment, reading.fragments) === fragment);
}

/** Home-relative path of a new link. */
export function linkPath(agent: string, { sessionId, path, window }: NamedFragment): string {
  const identity = JSON.stringify([agent, sessionId ?? path, window ?? null]);
  return `${LINKS_FOLDER}/${createHash("sha256").update(identity).digest("hex").slice(0, 16)}.json`;
}
