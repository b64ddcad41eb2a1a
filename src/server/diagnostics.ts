/** Findings of all homes as diagnostics, pushed whether or not their files are open. Only what changed is sent. */
import { DiagnosticSeverity } from "vscode-languageserver/node";
import type { Connection, Diagnostic, Range } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";

import { severityRank } from "../engine/lookup.ts";
import { escaped } from "../engine/present/names.ts";
import type { Finding, Severity } from "../model/finding.ts";
import type { HomeSnapshot, Snapshot } from "../model/snapshot.ts";
import type { ByteRange } from "../model/damage.ts";
import { duration } from "../model/amounts.ts";
import { FileError, pathFrom, readStretch } from "../system/files.ts";
import { rangeInFile, rangeInPart } from "./damage/ranges.ts";
import { damageShownIn } from "./damage/shown-damage.ts";
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
  /** Open documents whose text is known. */
  readonly texts: () => Iterable<TextDocument>;
  /** Milliseconds, UTC. */
  readonly now: () => number;
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

/** An event is a whole line of its document, unless its damage says more. */
function rangeIn({ finding, target: { line, uri } }: Placed, options: DiagnosticsOptions): Range {
  const document = options.textOf(uri);
  const { damage } = finding;
  const path = pathFrom(finding.home, finding.path);
  if (damage !== undefined && uri === uriOf(path) && damage.line !== null)
    return rangeInFile(damage, document, (range) => bytesAt(path, range));
  if (damage !== undefined && document !== undefined && line !== null) return rangeInPart(damage, document, line - 1);
  if (finding.event !== undefined && line !== null)
    return rangeOf({ line, offset: 0, bytes: 0 }, undefined, () => line);
  return rangeOf(finding.range, document, (offset) => options.lineAt(path, offset));
}

function bytesAt(path: string, { bytes, offset }: ByteRange): Buffer | null {
  try {
    return readStretch(path, offset, bytes);
  } catch (error) {
    if (error instanceof FileError) return null;
    throw error;
  }
}

/** A finding says the same as long as nothing changes; how long ago something was is said where it is shown. */
function messageOf({ damage, message }: Finding, { now }: DiagnosticsOptions): string {
  const age = damage?.waitsFor === undefined || damage.at === null ? null : now() - damage.at;
  return escaped(age === null || age < 0 ? message : `${message} (${duration(age)} ago)`);
}

function diagnosticOf(placed: Placed, options: DiagnosticsOptions): Diagnostic {
  return diagnosticAt(placed.finding, rangeIn(placed, options), options);
}

function diagnosticAt(finding: Finding, range: Range, options: DiagnosticsOptions): Diagnostic {
  const page = options.codeDescriptions ? options.pageOf(finding.code) : null;
  const related = options.relatedInformation ? finding.related : [];
  return {
    range,
    severity: SEVERITIES[finding.severity],
    code: finding.code,
    ...(page === null ? {} : { codeDescription: { href: page } }),
    source: SOURCE,
    message: messageOf(finding, options),
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
  #snapshot: Snapshot | null = null;

  constructor(connection: Connection, options: DiagnosticsOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  publish(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
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
    const open = [...this.#options.texts()].map(({ uri }) => uri);
    for (const uri of new Set([...this.#sent.keys(), ...this.#byUri.keys(), ...open])) this.refresh(uri);
  }

  /** Sends the diagnostics of one document again, if they differ: its text may now give exact ranges. */
  refresh(uri: string): void {
    const findings = this.#byUri.get(uri) ?? [];
    const own = findings.map((one) => diagnosticOf(one, this.#options));
    this.#send(uri, [...own, ...this.#shownBeside(uri, findings)]);
  }

  /** Damage that belongs to another document, and shows in this one as well: parts of one transcript overlap. */
  #shownBeside(uri: string, own: readonly Placed[]): Diagnostic[] {
    const document = this.#options.textOf(uri);
    if (document === undefined || this.#snapshot === null) return [];
    const told = new Set(own.map(({ finding }) => finding.id));
    return damageShownIn(this.#snapshot, document)
      .filter(({ finding }) => !told.has(finding.id))
      .map(({ finding, range }) => diagnosticAt(finding, range, this.#options));
  }

  #send(uri: string, diagnostics: Diagnostic[]): void {
    const text = JSON.stringify(diagnostics);
    if ((this.#sent.get(uri) ?? "[]") === text) return;
    if (diagnostics.length === 0) this.#sent.delete(uri);
    else this.#sent.set(uri, text);
    void this.#connection.sendDiagnostics({ uri, diagnostics });
  }
}
