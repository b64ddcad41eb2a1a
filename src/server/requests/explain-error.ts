/** Answers `explainError`: what a pasted message means here and now, as a readable text, and the places it leads to. */
import type { Connection } from "vscode-languageserver/node";

import { explain, type Explanation } from "../../engine/explain/explain.ts";
import { explanationText } from "../../engine/present/explanation-text.ts";
import type { FileReference } from "../../engine/present/lines.ts";
import { escaped } from "../../engine/present/names.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import type { ExplainedPlace, ExplainErrorAnswer } from "../../protocol/explaining.ts";
import { Method } from "../../protocol/methods.ts";
import { pathFrom } from "../../system/files.ts";
import { wholeSnapshot } from "../answers.ts";
import { textAnswer } from "../documents/text-answer.ts";
import type { EngineHost } from "../engine-host.ts";
import { signalOf } from "../reading/answering.ts";
import { referenceTarget } from "../targets.ts";
import { answer } from "./register.ts";

async function explainedError(host: EngineHost, text: string, signal?: AbortSignal): Promise<ExplainErrorAnswer> {
  const snapshot = await wholeSnapshot(host);
  const request = { text, ...(signal === undefined ? {} : { signal }) };
  const explanation = await explain(host, snapshot, request);
  return {
    document: textAnswer(snapshot, "Explained error", explanationText(explanation, host.now)),
    summary: summaryOf(explanation),
    places: placesOf(snapshot, explanation),
    repair: repairOf(explanation),
  };
}

function repairOf({ suspects }: Explanation): ExplainErrorAnswer["repair"] {
  const [first] = suspects.flatMap(({ finding }) =>
    finding.repairs.map((repair) => ({ findingId: finding.id, repair })),
  );
  return first ?? null;
}

function summaryOf({ isSo, locks, sessions, symptoms }: Explanation): string {
  const session = sessions[0]?.hit.session.key;
  const about = session === undefined || session === null ? "" : ` (${escaped(session)})`;
  if (symptoms.length === 0) return `This wording is not known here${about}.`;
  if (isSo === null) return `Whether it is so now can't be told from here${about}.`;
  if (!isSo) return `It is not so any more${about}.`;
  const lock = locks.find((one) => one.lock !== null)?.lock;
  return `It is so now${about}${lock === undefined || lock === null ? "" : `: the lock is ${lock.verdict}`}.`;
}

function placesOf(snapshot: Snapshot, { lines, locks, sessions, suspects }: Explanation): ExplainedPlace[] {
  const place = (label: string, file: FileReference): ExplainedPlace => {
    const { line, uri } = referenceTarget(snapshot, file);
    return { label, uri, line };
  };
  const of = [
    ...locks.filter(({ lock }) => lock !== null).map(({ path }) => place("Lock", { path })),
    ...lines.map(({ fragment, hit, line }) => {
      const { path, ...part } = fragment;
      const isWhole = part.window === undefined && part.archive === undefined;
      return place(`Line ${line}`, { path: pathFrom(hit.home.home.path, path), line, ...(isWhole ? {} : { part }) });
    }),
    ...suspects.map(({ finding, home }) =>
      place("Finding", {
        path: pathFrom(home.home.path, finding.path),
        ...(finding.range?.line ? { line: finding.range.line } : {}),
        ...(finding.event === undefined ? {} : { event: finding.event }),
      }),
    ),
    ...sessions.flatMap(({ hit }) => {
      const newestFragment = hit.session.fragments.at(-1)?.fragment;
      if (newestFragment === undefined) return [];
      const { archive, path, window } = newestFragment;
      const part = { ...(window === undefined ? {} : { window }), ...(archive === undefined ? {} : { archive }) };
      return [place("Transcript", { path: pathFrom(hit.home.home.path, path), part })];
    }),
  ];
  return of.filter((one, index) => of.findIndex(({ uri }) => uri === one.uri) === index);
}

export function registerExplainError(connection: Connection, host: () => EngineHost): void {
  answer(connection, Method.explainError, ({ text }, token) => explainedError(host(), text, signalOf(token)));
}
