/** Findings of all homes as diagnostics, pushed whether or not their files are open. Only what changed is sent. */
import { DiagnosticSeverity } from "vscode-languageserver/node";
import type { Connection, Diagnostic } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";

import { severityRank } from "../engine/lookup.ts";
import { escaped } from "../engine/present/names.ts";
import type { Finding, Severity } from "../model/finding.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { pathFrom } from "../system/files.ts";
import { uriOf } from "./paths.ts";
import { rangeOf } from "./ranges.ts";

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
  /** The page that explains a code; null when there is none. */
  readonly pageOf: (code: string) => string | null;
  /** The line (from 1) at a byte offset of a file. */
  readonly lineAt: (path: string, offset: number) => number | null;
  readonly textOf: (uri: string) => TextDocument | undefined;
  readonly log: (line: string) => void;
}

const FILE_START = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

const uriOfFinding = (finding: Finding): string => uriOf(pathFrom(finding.home, finding.path));

function diagnosticOf(finding: Finding, document: TextDocument | undefined, options: DiagnosticsOptions): Diagnostic {
  const page = options.codeDescriptions ? options.pageOf(finding.code) : null;
  const related = options.relatedInformation ? finding.related : [];
  return {
    range: rangeOf(finding.range, document, (offset) => options.lineAt(pathFrom(finding.home, finding.path), offset)),
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
  #byUri = new Map<string, Finding[]>();

  constructor(connection: Connection, options: DiagnosticsOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  publish(snapshot: Snapshot): void {
    const all = snapshot.homes.flatMap((one) => one.findings);
    const shown = all
      .toSorted((a, b) => severityRank(a.severity) - severityRank(b.severity))
      .slice(0, MOST_DIAGNOSTICS);
    if (shown.length < all.length)
      this.#options.log(
        `${all.length - shown.length} findings are not shown as diagnostics; the Findings view has them.`,
      );
    this.#byUri = Map.groupBy(shown, uriOfFinding);
    for (const uri of this.#sent.keys()) if (!this.#byUri.has(uri)) this.#send(uri, []);
    for (const uri of this.#byUri.keys()) this.refresh(uri);
  }

  /** Sends the diagnostics of one document again, if they differ: its text may now give exact ranges. */
  refresh(uri: string): void {
    const findings = this.#byUri.get(uri);
    if (findings === undefined) return;
    const document = this.#options.textOf(uri);
    this.#send(
      uri,
      findings.map((one) => diagnosticOf(one, document, this.#options)),
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
