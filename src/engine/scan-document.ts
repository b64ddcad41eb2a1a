/** The snapshot as the JSON document of the contract "session-forensics/scan/1": ISO times, home-relative paths, plain evidence texts. */
import { evidenceText } from "../model/evidence.ts";
import type { Finding, Severity } from "../model/finding.ts";
import type { Fragment, FragmentKind, WindowExtent } from "../model/fragment.ts";
import type { Era, Program, Role } from "../model/home.ts";
import type { Lock, LockReason, LockVerdict } from "../model/lock.ts";
import type { Skipped } from "../model/reading.ts";
import type { Certainty, LinkedFragment, Session, SessionState } from "../model/session.ts";
import type { AgentSnapshot, HomeSnapshot, Snapshot } from "../model/snapshot.ts";
import { isoTime } from "./present/times.ts";
import { sessionTitle } from "./present/sessions.ts";

export const SCAN_SCHEMA = "session-forensics/scan/1";

export interface PreviousDocument {
  readonly path: string;
  readonly window?: WindowExtent;
  readonly certainty: Certainty;
  readonly evidence: readonly string[];
}

export interface FragmentDocument {
  readonly path: string;
  readonly window?: WindowExtent;
  readonly kind: FragmentKind;
  readonly sessionId: string | null;
  readonly fileId: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly bytes: number;
  readonly previous: PreviousDocument | null;
  readonly alternatives: readonly string[];
  readonly open: string | null;
}

export interface SessionDocument {
  readonly id: string;
  readonly key: string | null;
  readonly keyEvidence: readonly string[];
  readonly title: string;
  readonly state: SessionState;
  readonly status?: string;
  readonly updatedAt: string | null;
  readonly fragments: readonly FragmentDocument[];
}

export interface AgentDocument {
  readonly name: string;
  readonly storePath: string;
  readonly sessions?: readonly SessionDocument[];
}

export interface HomeDocument {
  readonly id: string;
  readonly program: Program;
  readonly era: Era;
  readonly path: string;
  readonly role: Role;
  readonly canonicalPath?: string;
  readonly agents: readonly AgentDocument[];
}

export interface LockDocument {
  /** Absolute path of the home that `path` and `target` are relative to. */
  readonly home: string;
  readonly path: string;
  readonly target: string;
  readonly pid: number | null;
  readonly createdAt: string | null;
  readonly ageMs: number | null;
  readonly verdict: LockVerdict;
  readonly reasons: readonly LockReason[];
  readonly holder?: { readonly command: string; readonly startedAt: string | null };
}

export interface FindingDocument {
  readonly id: string;
  readonly code: string;
  readonly severity: Severity;
  readonly home: string;
  readonly path: string;
  readonly message: string;
  readonly evidence: readonly string[];
  readonly repairs: readonly string[];
}

export interface ScanDocument {
  readonly schema: typeof SCAN_SCHEMA;
  readonly elapsedMs: number;
  readonly skipped: readonly Skipped[];
  readonly homes: readonly HomeDocument[];
  readonly locks: readonly LockDocument[];
  readonly findings?: readonly FindingDocument[];
}

/** Which parts the document has: `check` leaves out the sessions, `locks` the findings as well. */
export interface ScanDocumentParts {
  readonly sessions: boolean;
  readonly findings: boolean;
}

function fragmentDocument(fragment: Fragment, linked: LinkedFragment | null): FragmentDocument {
  const link = linked?.link ?? null;
  return {
    path: fragment.path,
    ...(fragment.window === undefined ? {} : { window: fragment.window }),
    kind: fragment.kind,
    sessionId: fragment.sessionId,
    fileId: fragment.fileId,
    startedAt: isoTime(fragment.startedAt),
    endedAt: isoTime(fragment.endedAt),
    bytes: fragment.bytes,
    previous:
      link === null
        ? null
        : {
            path: link.previous.path,
            ...(link.previous.window === undefined ? {} : { window: link.previous.window }),
            certainty: link.certainty,
            evidence: link.evidence.map(evidenceText),
          },
    alternatives: (linked?.alternatives ?? []).map((one) => one.path),
    open: linked?.open ?? null,
  };
}

/** Oldest first. A checkpoint stands right before the fragment that it is an earlier copy of, else where its time puts it. */
function fragmentDocuments(session: Session): FragmentDocument[] {
  const documents: FragmentDocument[] = [];
  let waiting = session.checkpoints.toSorted((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0));
  for (const linked of session.fragments) {
    const { fragment } = linked;
    const isBefore = (copy: Fragment): boolean =>
      (copy.sessionId !== null && copy.sessionId === fragment.sessionId) ||
      (copy.endedAt ?? Infinity) <= (fragment.startedAt ?? -Infinity);
    for (const copy of waiting) if (isBefore(copy)) documents.push(fragmentDocument(copy, null));
    waiting = waiting.filter((copy) => !isBefore(copy));
    documents.push(fragmentDocument(fragment, linked));
  }
  return [...documents, ...waiting.map((copy) => fragmentDocument(copy, null))];
}

/** One session, as in the document. */
export function sessionDocument(session: Session): SessionDocument {
  const status = session.row?.status ?? null;
  return {
    id: session.id,
    key: session.key,
    keyEvidence: session.keyEvidence.map(evidenceText),
    title: sessionTitle(session),
    state: session.state,
    ...(status === null ? {} : { status }),
    updatedAt: isoTime(session.updatedAt),
    fragments: fragmentDocuments(session),
  };
}

const agentDocument = (agent: AgentSnapshot, parts: ScanDocumentParts): AgentDocument => ({
  name: agent.reading.name,
  storePath: agent.reading.store.path,
  ...(parts.sessions ? { sessions: agent.sessions.map(sessionDocument) } : {}),
});

const homeDocument = ({ home, agents }: HomeSnapshot, parts: ScanDocumentParts): HomeDocument => ({
  id: home.id,
  program: home.program,
  era: home.era,
  path: home.path,
  role: home.role,
  ...(home.canonicalPath === undefined ? {} : { canonicalPath: home.canonicalPath }),
  agents: agents.map((agent) => agentDocument(agent, parts)),
});

/** One lock, as in the document. */
export const lockDocument = (home: string, lock: Lock): LockDocument => ({
  home,
  path: lock.path,
  target: lock.target,
  pid: lock.pid,
  createdAt: isoTime(lock.createdAt),
  ageMs: lock.ageMs,
  verdict: lock.verdict,
  reasons: lock.reasons,
  ...(lock.holder === undefined
    ? {}
    : { holder: { command: lock.holder.command, startedAt: isoTime(lock.holder.startedAt) } }),
});

/** One finding, as in the document. */
export const findingDocument = (finding: Finding): FindingDocument => ({
  id: finding.id,
  code: finding.code,
  severity: finding.severity,
  home: finding.home,
  path: finding.path,
  message: finding.message,
  evidence: finding.evidence.map(evidenceText),
  repairs: finding.repairs,
});

/** What could not be read, each place once. */
export function allSkipped(snapshot: Snapshot): Skipped[] {
  const all = [...snapshot.skipped, ...snapshot.homes.flatMap((one) => one.skipped)];
  return [...new Map(all.map(({ path, reason }) => [`${path}\n${reason}`, { path, reason }])).values()];
}

/** The whole document. */
export const scanDocument = (snapshot: Snapshot, parts: ScanDocumentParts): ScanDocument => ({
  schema: SCAN_SCHEMA,
  elapsedMs: Math.round(snapshot.elapsedMs),
  skipped: allSkipped(snapshot),
  homes: snapshot.homes.map((one) => homeDocument(one, parts)),
  locks: snapshot.homes.flatMap((one) => one.locks.map((lock) => lockDocument(one.home.path, lock))),
  ...(parts.findings ? { findings: snapshot.homes.flatMap((one) => one.findings.map(findingDocument)) } : {}),
});
