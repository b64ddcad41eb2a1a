/** chain/unlinked-archive: a conversation put away by a reset, of which nothing says whose it was. */
import { size } from "../../model/amounts.ts";
import type { AgentReading } from "../../model/reading.ts";
import type { Session } from "../../model/session.ts";
import type { AgentSnapshot } from "../../model/snapshot.ts";
import { liveTranscripts, storeIsWhole } from "../facts.ts";
import { momentText } from "../moments.ts";
import type { Draft, Rule } from "../rule.ts";

export const unlinkedArchive: Rule = ({ home }) =>
  home.agents.flatMap((agent) => {
    if (!storeIsWhole(agent.reading)) return [];
    const unlinked = agent.sessions.filter(endsInUnlinkedArchive);
    if (unlinked.length === 0) return [];
    const restored = parentsIn(agent.reading);
    return unlinked.filter((session) => !isRestored(session, restored)).map((session) => draftOf(agent, session));
  });

/** Names of the files that transcripts in use were made of. */
function parentsIn(agent: AgentReading): ReadonlySet<string> {
  return new Set(
    liveTranscripts(agent).flatMap(({ parentSession }) => (parentSession === null ? [] : [nameIn(parentSession)])),
  );
}

/** A session that OpenClaw knows goes on from it. */
function isRestored({ fragments }: Session, parents: ReadonlySet<string>): boolean {
  return fragments.some(({ fragment }) => parents.has(nameIn(fragment.path)));
}

function nameIn(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

/**
 * The newest fragment is a reset archive: what ends in a `.deleted` archive was removed on purpose, and what ends in a live
 * transcript is an orphan. Archives with nothing but a header hold no conversation, and those with a damaged header have a
 * finding of their own.
 */
function endsInUnlinkedArchive(session: Session): boolean {
  if (session.key !== null || session.fragments.at(-1)?.fragment.kind !== "reset") return false;
  return session.fragments.some(({ fragment }) => fragment.header.state === "ok" && fragment.start !== "header-only");
}

function draftOf(agent: AgentSnapshot, session: Session): Draft {
  const fragments = session.fragments.map(({ fragment }) => fragment);
  const newest = fragments.at(-1);
  const bytes = size(fragments.reduce((sum, one) => sum + one.bytes, 0));
  const title = session.title === "" ? "" : ` (“${session.title}”)`;
  const parts = fragments.length === 1 ? "" : ` It has ${fragments.length} parts.`;
  const open = session.unattributed === null ? "" : ` ${sentence(session.unattributed)}`;
  return {
    code: "chain/unlinked-archive",
    path: newest?.path ?? agent.reading.sessionsPath,
    message:
      `A conversation${title} of ${momentText(fragments[0]?.startedAt ?? null)}, ${bytes}, was put away by a reset, and nothing ` +
      `says which session it belongs to.${parts}${open} Nobody who opens a session will find it.`,
    evidence: [
      ...fragments.map(
        (one) => ({ kind: "file", text: `put away ${momentText(one.archivedAt)}`, path: one.path }) as const,
      ),
      ...session.keyEvidence,
    ],
    agent: agent.reading.name,
    related: fragments.slice(0, -1).map((one) => ({ path: one.path, label: "an earlier part" })),
  };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}
