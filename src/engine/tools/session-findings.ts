/** `session_findings`: what is wrong with sessions, with the evidence and what can be done. */
import * as v from "valibot";

import { findingKind } from "../../checks/codes.ts";
import type { Finding } from "../../model/finding.ts";
import type { HomeSnapshot } from "../../model/snapshot.ts";
import { findingsOfSession, severityRank } from "../lookup.ts";
import { findingDocument } from "../scan-document.ts";
import { ownCommand } from "../present/shell.ts";
import { bytesOf, fitting, MOST_BYTES } from "./bounded.ts";
import { homeInput, limitInput, sessionInput } from "./inputs.ts";
import { sessionChosen, withHome } from "./session-choice.ts";
import { defineTool, type ToolAnswer } from "./tool.ts";
import { quotedShort, UNTRUSTED_NOTE } from "./untrusted.ts";

const input = v.strictObject({
  session: v.optional(sessionInput),
  home: homeInput,
  severity: v.optional(
    v.pipe(
      v.picklist(["error", "warning", "info"]),
      v.description("The lowest severity to list: error, warning or info (all). warning without it."),
    ),
    "warning",
  ),
  limit: limitInput(20, 100, "How many findings, the worst first"),
});

interface Found {
  readonly home: HomeSnapshot;
  readonly finding: Finding;
}

function findingAnswer({ finding, home }: Found): ToolAnswer {
  const { evidence, message, ...about } = findingDocument(finding);
  const advice = findingKind(finding.code)?.advice;
  const repair = ownCommand("plan", finding.id, "--home", home.home.path);
  return {
    ...about,
    message: quotedShort(message, 600),
    evidence: evidence.slice(0, 6).map((one) => quotedShort(one, 300)),
    ...(finding.sessionKey === undefined ? {} : { sessionKey: finding.sessionKey }),
    ...(advice === undefined ? {} : { advice }),
    ...(finding.repairs.length === 0 ? {} : { aPersonCanSeeTheRepairBy: repair }),
  };
}

const worstFirst = (a: Found, b: Found): number => severityRank(a.finding.severity) - severityRank(b.finding.severity);

export const sessionFindings = defineTool({
  name: "session_findings",
  title: "Findings about Sessions",
  description: `Lists what is wrong or at risk in the session state of AI agents on this machine: stale locks, lost or orphaned transcripts, torn files, shadow stores, unfinished turns, archives about to be deleted. Each finding has its evidence and advice. Name a session to see its own findings only. It repairs nothing: where a repair exists, the answer names the command by which a person can see the plan. Read-only.`,
  input,
  async answer(host, { home, limit, session, severity }) {
    const snapshot = withHome(await host.snapshot(), home);
    const chosen = session === undefined ? undefined : sessionChosen(snapshot, { session });
    const all: Found[] =
      chosen === undefined
        ? snapshot.homes.flatMap((one) => one.findings.map((finding) => ({ home: one, finding })))
        : findingsOfSession(chosen.home, chosen.session).map((finding) => ({ home: chosen.home, finding }));
    const wanted = all
      .filter(({ finding }) => severityRank(finding.severity) <= severityRank(severity))
      .toSorted(worstFirst);
    const head = { note: UNTRUSTED_NOTE, total: wanted.length, checked: snapshot.checked };
    const findings = fitting(wanted.slice(0, limit).map(findingAnswer), MOST_BYTES - bytesOf(head));
    return {
      ...head,
      findings,
      truncated: findings.length < wanted.length,
      sources: { homes: snapshot.homes.map((one) => one.home.path).slice(0, 20) },
    };
  },
});
