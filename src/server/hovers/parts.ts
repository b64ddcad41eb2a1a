/** Lines that several hovers share. */
import { lockOfSession } from "../../engine/lookup.ts";
import type { ChainSubject } from "../../engine/present/chain-text.ts";
import { programName, roleName } from "../../engine/present/homes.ts";
import { EMPTY, evidenceLine, fileSpan, line, pageSpan, span } from "../../engine/present/lines.ts";
import type { Line } from "../../engine/present/lines.ts";
import { chainCertainty, resumeWarning } from "../../engine/present/sessions.ts";
import type { Evidence } from "../../model/evidence.ts";
import type { Finding } from "../../model/finding.ts";
import type { Lock } from "../../model/lock.ts";
import type { Session } from "../../model/session.ts";
import type { HomeSnapshot } from "../../model/snapshot.ts";
import { pathFrom } from "../../system/files.ts";
import { findingPage, homePage } from "../documentation.ts";

/** What a hover is made with, beside the facts. */
export interface HoverView {
  /** Milliseconds, UTC. */
  readonly now: number;
  /** How far the time of this machine is ahead of UTC at a moment (milliseconds UTC), in minutes. */
  readonly localOffset: (ms: number) => number;
  /** URI of the folder with the documentation, if the client said where it lies. */
  readonly documentation: string | undefined;
}

const baseName = (path: string): string => path.replace(/^.*\//, "");

/** A file of the home by its base name, linked. */
export const fileName = (home: HomeSnapshot, path: string): Line[number] =>
  fileSpan(baseName(path), { path: pathFrom(home.home.path, path) });

/** A hover is read at a glance: this much evidence, the rest in Show Chain. */
const MOST_EVIDENCE = 4;

export function evidenceLines(home: HomeSnapshot, evidence: readonly Evidence[]): Line[] {
  const shown = evidence.slice(0, MOST_EVIDENCE).map((one): Line => [span("– "), ...evidenceLine(home.home.path, one)]);
  return evidence.length > shown.length ? [...shown, line(`– and ${evidence.length - shown.length} more`)] : shown;
}

/** Why nobody should go on in the session, before all else. */
export function resumeLines(session: Session): Line[] {
  const warning = resumeWarning(session);
  return warning === null ? [] : [line(`Do not resume this session. ${warning}`, "strong")];
}

export function keyLines({ home, session }: ChainSubject): Line[] {
  if (session.key === null)
    return [line("No session key is known", "strong"), line(session.unattributed ?? "Nothing names one.")];
  return [
    [span("Session "), span(session.key, "strong"), span(` (${session.keyCertainty ?? "inferred"})`)],
    ...evidenceLines(home, session.keyEvidence),
    ...session.otherKeys.map((key) => line(`Also known as ${key}`)),
  ];
}

export function lockLines(home: HomeSnapshot, lock: Lock): Line[] {
  return [[span(`Lock ${lock.verdict}`, "strong"), span(": "), fileName(home, lock.path)], line(lock.explanation)];
}

export function sessionLockLines({ home, session }: ChainSubject): Line[] {
  const lock = lockOfSession(home, session);
  return lock === undefined ? [line("No lock lies on it.")] : lockLines(home, lock);
}

/** "Chain of 3 fragments, every link recorded" */
export function chainLine({ session }: ChainSubject): Line {
  const number = session.fragments.length;
  if (number === 0) return line("No transcript of it was found.", "strong");
  if (number === 1 && chainCertainty(session) === null) return line("Its chain is one fragment.");
  const certainty = chainCertainty(session);
  const how = certainty === "open" ? "with an open place" : `weakest link ${certainty ?? "unknown"}`;
  return line(`Its chain has ${number} ${number === 1 ? "fragment" : "fragments"}, ${how}.`);
}

export function findingLines(findings: readonly Finding[], view: HoverView): Line[] {
  return findings.map((one): Line => [
    span(`${one.severity} `, "strong"),
    pageSpan(one.code, findingPage(view.documentation, one.code)),
    span(`: ${one.message}`),
  ]);
}

/** Where this home stands, and why. */
export function homeLine({ home }: HomeSnapshot, view: HoverView): Line {
  const [reason] = home.reasons;
  const why =
    reason === undefined ? [] : [span(": "), pageSpan(reason.text, homePage(view.documentation, reason.rule))];
  const role = span(` (${programName(home)}, ${roleName(home.role)})`);
  return [fileSpan(home.path, { path: home.path }), role, ...why];
}

/** Groups of lines with an empty line between them; empty groups fall away. */
export const paragraphs = (...groups: readonly (readonly Line[])[]): Line[] =>
  groups.filter((one) => one.length > 0).flatMap((group, index) => (index === 0 ? [...group] : [EMPTY, ...group]));
