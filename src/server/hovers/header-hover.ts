/** Hover on a transcript's first line: session and key, place in the chain, what comes before and after, and how sure that is. */
import { findingsOfFragment } from "../../engine/lookup.ts";
import type { FragmentEntry } from "../../engine/lookup.ts";
import { size } from "../../model/amounts.ts";
import { line, span } from "../../engine/present/lines.ts";
import type { Line } from "../../engine/present/lines.ts";
import { extentText, placeName } from "../../engine/present/places.ts";
import { coverageOf, coverageText } from "../../engine/present/coverage.ts";
import { copyNote, partName } from "../../engine/present/sessions.ts";
import { momentRange } from "../../engine/present/times.ts";
import type { Fragment } from "../../model/fragment.ts";
import { isOnlyCopy } from "../../model/migration.ts";
import type { AgentSnapshot, HomeSnapshot } from "../../model/snapshot.ts";
import { evidenceLines, findingLines, homeLine, keyLines, paragraphs, resumeLines, sessionLockLines } from "./parts.ts";
import type { HoverView } from "./parts.ts";

function placeLine({ session, fragment, position }: FragmentEntry): Line {
  if (position === undefined) return line(sentence(copyNote(fragment)));
  const extent = fragment.window === undefined ? [] : [extentText(fragment.window)];
  const parts = [
    `Fragment ${position + 1} of ${session.fragments.length}`,
    partName(session, fragment),
    ...extent,
    size(fragment.bytes),
  ];
  return line(parts.join(", "));
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** What the database beside it holds of the file. */
function coverageLines(agent: AgentSnapshot, fragment: Fragment): Line[] {
  const coverage = coverageOf(agent.reading, fragment);
  return coverage === undefined ? [] : [line(coverageText(coverage), isOnlyCopy(coverage) ? "strong" : "plain")];
}

function previousLines(home: HomeSnapshot, { linked }: FragmentEntry): Line[] {
  if (linked === undefined) return [];
  const { link, open, alternatives } = linked;
  const others = alternatives.map((one): Line => [span("– could also continue "), placeName(home.home.path, one)]);
  if (link === null)
    return [line(open === null ? "No fragment comes before it." : `Before it: open. ${open}`), ...others];
  return [
    [span("Continues "), placeName(home.home.path, link.previous), span(": "), span(link.certainty, "strong")],
    ...evidenceLines(home, link.evidence),
    ...others,
  ];
}

function nextLines(home: HomeSnapshot, { session, position }: FragmentEntry): Line[] {
  const next = position === undefined ? undefined : session.fragments[position + 1];
  if (next === undefined) return [];
  const certainty = next.link === null ? "open" : next.link.certainty;
  return [[span("Continued by "), placeName(home.home.path, next.fragment), span(": "), span(certainty, "strong")]];
}

function damageLines(fragment: Fragment): Line[] {
  const { header, tail } = fragment;
  return [
    ...(header.state === "bad" ? [line(`This header can't be read: ${header.reason}`, "strong")] : []),
    ...(header.state === "empty" ? [line("The file is empty.", "strong")] : []),
    ...(tail.state === "torn" ? [line(`The end of the file is torn at byte ${tail.offset}: ${tail.reason}`)] : []),
    ...(fragment.fileId !== null && fragment.sessionId !== null && fragment.fileId !== fragment.sessionId
      ? [line(`The file is named after ${fragment.fileId}: the name was reused, the id in this line counts.`)]
      : []),
  ];
}

export function headerHover(home: HomeSnapshot, agent: AgentSnapshot, entry: FragmentEntry, view: HoverView): Line[] {
  const { fragment, session } = entry;
  const subject = { home, agent, session };
  const lock = fragment.kind === "live" ? sessionLockLines(subject) : [];
  return paragraphs(
    session.fragments.at(-1)?.fragment === fragment ? resumeLines(session) : [],
    keyLines(subject),
    [
      placeLine(entry),
      line(momentRange(fragment.startedAt, fragment.endedAt)),
      ...coverageLines(agent, fragment),
      ...damageLines(fragment),
    ],
    previousLines(home, entry),
    nextLines(home, entry),
    lock,
    [homeLine(home, view)],
    findingLines(findingsOfFragment(home, fragment), view),
  );
}
