/** `explain --json`: an explained error message as one document. */
import { placeId } from "../../model/fragment.ts";
import { isoTime } from "../present/times.ts";
import { type FindingDocument, findingDocument, type LockDocument, lockDocument } from "../scan-document.ts";
import type { Explanation } from "./explain.ts";

export const EXPLAIN_SCHEMA = "session-forensics/explain/1";

export interface ExplainDocument {
  readonly schema: typeof EXPLAIN_SCHEMA;
  readonly symptoms: readonly { readonly id: string; readonly saidBy: string; readonly means: string }[];
  /** Whether what the message tells of stands now; null where that can't be told. */
  readonly isSo: boolean | null;
  /** Whether the findings are limited to what the message names. */
  readonly located: boolean;
  readonly sessions: readonly {
    readonly home: string;
    readonly agent: string;
    readonly id: string;
    readonly key: string | null;
    readonly namedBy: string;
    /** Path of the message that is another here; absent where it is the same. */
    readonly movedFrom?: string;
  }[];
  /** Locks that it names; `lock` is null where none is there any more. */
  readonly locks: readonly { readonly path: string; readonly lock: LockDocument | null }[];
  readonly findings: readonly FindingDocument[];
  readonly lines: readonly {
    readonly home: string;
    readonly fragment: string;
    readonly line: number | null;
    readonly text: string;
  }[];
  readonly logged: readonly {
    readonly at: string | null;
    readonly kind: string;
    readonly log: string;
    readonly line: number;
    readonly message: string;
  }[];
  readonly unknown: readonly string[];
  readonly advice: string | null;
}

/** The explanation as its document. */
export function explainDocument(explanation: Explanation): ExplainDocument {
  const { lines, locks, logged, quoted, sessions, suspects, symptoms } = explanation;
  return {
    schema: EXPLAIN_SCHEMA,
    symptoms: symptoms.map(({ id, means, saidBy }) => ({ id, saidBy, means })),
    isSo: explanation.isSo,
    located: explanation.isLocated,
    sessions: sessions.map(({ by, hit: { agent, home, session }, movedFrom }) => ({
      home: home.home.path,
      agent: agent.reading.name,
      id: session.id,
      key: session.key,
      namedBy: by,
      ...(movedFrom === null ? {} : { movedFrom }),
    })),
    locks: locks.map(({ home, lock, path }) => ({
      path,
      lock: home === null || lock === null ? null : lockDocument(home.home.path, lock),
    })),
    findings: suspects.map(({ finding }) => findingDocument(finding)),
    lines: [
      ...lines.map(({ fragment, hit, line, name }) => ({
        home: hit.home.home.path,
        fragment: placeId(fragment),
        line,
        text: name,
      })),
      ...quoted.map(({ hit, line: { fragment, line, snippet } }) => ({
        home: hit.home.home.path,
        fragment: placeId(fragment),
        line,
        text: snippet.text,
      })),
    ],
    logged: logged.map(({ at, kind, line, log, message }) => ({ at: isoTime(at), kind, log, line, message })),
    unknown: explanation.unknown,
    advice: symptoms[0]?.otherwise ?? null,
  };
}
