/** Findings of all homes as diagnostics, pushed whether or not their files are open. Only what changed is sent. */
import { DiagnosticSeverity } from "vscode-languageserver/node";
import type { Connection, Diagnostic, Range } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";

import { severityRank } from "../engine/lookup.ts";
import { escaped } from "../engine/present/names.ts";
import type { Finding, Severity } from "../model/finding.ts";
import type { HomeSnapshot, Snapshot } from "../model/snapshot.ts";
import { pathFrom } from "../system/files.ts";
import { uriOf } from "./paths.ts";
import { rangeOf } from "./ranges.ts";
import { findingTarget } from "./targets.ts";
import type { Target } from "./targets.ts";

export const SOURCE = "Session Forensics";

/** Clients slow down with more; the Findings view and the command line have all of them. */
export const MOST_DIAGNOSTICS = 2000;

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};

export interface DiagnosticsOptions {
  /** What is known of the client: it shows links behind codes, and related places. */
  readonly codeDescriptions: boolean;
  readonly relatedInformation: boolean;
  /** It opens documents of the scheme `DOCUMENT_SCHEME`. */
  readonly documents: boolean;
  /** The page that explains a code; null when there is none. */
  readonly pageOf: (code: string) => string | null;
  /** The line (from 1) at a byte offset of a file. */
  readonly lineAt: (path: string, offset: number) => number | null;
  readonly textOf: (uri: string) => TextDocument | undefined;
  readonly log: (line: string) => void;
}

const FILE_START = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** A finding, and where it shows. */
interface Placed {
  readonly finding: Finding;
  readonly target: Pick<Target, "line" | "uri">;
}

/** Where it shows: for clients that know no documents of ours, at the file that the trouble lies in. */
function targetOf(home: HomeSnapshot, finding: Finding, { documents }: DiagnosticsOptions): Placed["target"] {
  if (documents) return findingTarget(home, finding);
  return { uri: uriOf(pathFrom(finding.home, finding.path)), line: null };
}

/** An event is a whole line of its document. */
function rangeIn({ finding, target: { line, uri } }: Placed, options: DiagnosticsOptions): Range {
  const document = options.textOf(uri);
  if (finding.event !== undefined && line !== null)
    return rangeOf({ line, offset: 0, bytes: 0 }, undefined, () => line);
  return rangeOf(finding.range, document, (offset) => options.lineAt(pathFrom(finding.home, finding.path), offset));
}

function diagnosticOf(placed: Placed, options: DiagnosticsOptions): Diagnostic {
  const { finding } = placed;
  const page = options.codeDescriptions ? options.pageOf(finding.code) : null;
  const related = options.relatedInformation ? finding.related : [];
  return {
    range: rangeIn(placed, options),
    severity: SEVERITIES[finding.severity],
    code: finding.code,
    ...(page === null ? {} : { codeDescription: { href: page } }),
    source: SOURCE,
    message: escaped(finding.message),
    ...(related.length === 0
      ? {}
      : {
          relatedInformation: related.map(({ path, label }) => ({
            location: { uri: uriOf(pathFrom(finding.home, path)), range: FILE_START },
            message: escaped(label),
          })),
        }),
    data: { findingId: finding.id },
  };
}

export class DiagnosticsPublisher {
  readonly #connection: Connection;
  readonly #options: DiagnosticsOptions;
  /** What the client has: JSON of the diagnostics by URI. */
  readonly #sent = new Map<string, string>();
  #byUri = new Map<string, Placed[]>();

  constructor(connection: Connection, options: DiagnosticsOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  publish(snapshot: Snapshot): void {
    const all = snapshot.homes.flatMap((home) => home.findings.map((finding) => ({ home, finding })));
    const shown = all
      .toSorted((a, b) => severityRank(a.finding.severity) - severityRank(b.finding.severity))
      .slice(0, MOST_DIAGNOSTICS)
      .map(({ home, finding }) => ({ finding, target: targetOf(home, finding, this.#options) }));
    if (shown.length < all.length)
      this.#options.log(
        `${all.length - shown.length} findings are not shown as diagnostics; the Findings view has them.`,
      );
    this.#byUri = Map.groupBy(shown, (one) => one.target.uri);
    for (const uri of this.#sent.keys()) if (!this.#byUri.has(uri)) this.#send(uri, []);
    for (const uri of this.#byUri.keys()) this.refresh(uri);
  }

  /** Sends the diagnostics of one document again, if they differ: its text may now give exact ranges. */
  refresh(uri: string): void {
    const findings = this.#byUri.get(uri);
    if (findings === undefined) return;
    this.#send(
      uri,
      findings.map((one) => diagnosticOf(one, this.#options)),
    );
  }

  #send(uri: string, diagnostics: Diagnostic[]): void {
    const text = JSON.stringify(diagnostics);
    if (this.#sent.get(uri) === text) return;
    if (diagnostics.length === 0) this.#sent.delete(uri);
    else this.#sent.set(uri, text);
    void this.#connection.sendDiagnostics({ uri, diagnostics });
  }
}
