/** migration/only-copy: a file of before the migration that alone holds something, and which cleanup could remove it. */
import { count, size } from "../../model/amounts.ts";
import { type Fragment, placeId } from "../../model/fragment.ts";
import { type Coverage, isOnlyCopy } from "../../model/migration.ts";
import type { AgentReading, HomeReading } from "../../model/reading.ts";
import type { Session } from "../../model/session.ts";
import type { AgentSnapshot } from "../../model/snapshot.ts";
import { removalText } from "../cleanups.ts";
import { KIND_NAMES } from "../copies.ts";
import { baseName, isSaved, sessionsByFragment } from "../facts.ts";
import { spanText } from "../moments.ts";
import type { Draft, Rule } from "../rule.ts";

export const onlyCopy: Rule = ({ home }) => home.agents.flatMap((agent) => draftsOf(agent, home.reading));

function draftsOf(agent: AgentSnapshot, home: HomeReading): Draft[] {
  const only = agent.reading.coverage.filter(isOnlyCopy);
  if (only.length === 0) return [];
  const fragments = new Map(agent.reading.fragments.map((fragment) => [placeId(fragment), fragment]));
  const sessions = sessionsByFragment(agent);
  return only.flatMap((one) => {
    const fragment = fragments.get(placeId(one.fragment));
    const bytes = fragment?.bytes ?? companionBytes(agent.reading, one.fragment.path);
    if (isSaved(agent.reading, one.fragment.path, bytes)) return [];
    return draftOf(agent, one, fragment, fragment === undefined ? undefined : sessions.get(fragment), home);
  });
}

/** A copy of a transcript that is no fragment is listed among what lies beside them. */
function companionBytes({ companions }: AgentReading, path: string): number {
  return companions.find((one) => one.path === path)?.bytes ?? 0;
}

function draftOf(
  { reading }: AgentSnapshot,
  { evidence, fragment: { path }, heldBy, messagesOnlyHere, onlyHere, relation }: Coverage,
  fragment: Fragment | undefined,
  session: Session | undefined,
  home: HomeReading,
): Draft {
  const what = fragment === undefined ? "copy of a transcript" : KIND_NAMES[fragment.kind];
  const about =
    fragment === undefined ? "" : ` (${spanText(fragment.startedAt, fragment.endedAt)}, ${size(fragment.bytes)})`;
  const key = session?.key ?? null;
  const whose = key === null ? "" : ` It belongs to ${key}.`;
  const messages = messagesOnlyHere ?? 0;
  const rest = relation === "missing" ? "The database has nothing of it." : "The database holds the rest.";
  return {
    code: "migration/only-copy",
    ...(messages === 0 ? { severity: "info" } : {}),
    path,
    message:
      `Only copy: ${count(onlyHere ?? 0, "entry")} (${count(messages, "message")}) of the ${what} ${baseName(path)}${about} ` +
      `${onlyHere === 1 ? "stands" : "stand"} nowhere else in this home. ${rest}${whose} ${removalText(path, fragment?.kind ?? null, home)} ` +
      "Copy it to a safe place before anything is cleaned up.",
    evidence: [...evidence, ...(session?.keyEvidence ?? [])],
    agent: reading.name,
    ...(key === null ? {} : { sessionKey: key }),
    related: [...new Set(heldBy.map((one) => one.path))].map((held) => ({
      path: held,
      label: "holds the rest of it",
    })),
  };
}
