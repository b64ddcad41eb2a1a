/** Readable text as lines of spans: a terminal colours them, an editor links them, and nobody prints a raw foreign name. */
import { type Evidence, evidencePlace, type EventPlace } from "../../model/evidence.ts";
import type { FragmentPlace } from "../../model/fragment.ts";
import type { Certainty } from "../../model/session.ts";
import { pathFrom } from "../../system/files.ts";
import { escaped } from "./names.ts";

export type Tone = "plain" | "strong" | "dim" | "good" | "warning" | "bad";

/** How sure a link or a match is, at a glance. */
export const CERTAINTY_TONES: Readonly<Record<Certainty, Tone>> = {
  recorded: "good",
  derived: "good",
  assigned: "good",
  inferred: "warning",
};

/** A file that a span names, or what it means inside of one. */
export interface FileReference {
  /** Absolute. */
  readonly path: string;
  /** Counted from 1. */
  readonly line?: number;
  /** The fragment that is meant, where several lie in the file. */
  readonly part?: Omit<FragmentPlace, "path">;
  /** The event that is meant, where the file is a database. */
  readonly event?: EventPlace;
}

/** A stretch of one line. Made only by `span` and `fileSpan`, so its text is already escaped. */
export interface Span {
  readonly text: string;
  readonly tone: Tone;
  readonly file?: FileReference;
  /** URI of a page that explains it. */
  readonly page?: string;
  /** It names something: where room is short, its middle may go. */
  readonly isName?: true;
}

export type Line = readonly Span[];

export const span = (text: string, tone: Tone = "plain"): Span => ({ text: escaped(text), tone });

export const fileSpan = (text: string, file: FileReference, tone: Tone = "plain"): Span => ({
  text: escaped(text),
  tone,
  file,
  isName: true,
});

export const nameSpan = (text: string, tone: Tone = "plain"): Span => ({ text: escaped(text), tone, isName: true });

/** Links to a page where there is one. */
export const pageSpan = (text: string, page: string | null, tone: Tone = "plain"): Span => ({
  text: escaped(text),
  tone,
  ...(page === null ? {} : { page }),
});

export const line = (text: string, tone: Tone = "plain"): Line => [span(text, tone)];

export const EMPTY: Line = [];

/** The line with `depth` levels of two blanks before it. */
export const indented = (content: Line, depth = 1): Line =>
  content.length === 0 ? content : [span("  ".repeat(depth)), ...content];

export const plainText = (lines: readonly Line[]): string =>
  lines.map((one) => one.map((part) => part.text).join("")).join("\n");

/** One fact with the place where it can be looked up. */
export function evidenceLine(home: string, evidence: Evidence): Line {
  const { text, path, event } = evidence;
  if (path === undefined) return line(text);
  const file = {
    path: pathFrom(home, path),
    ...(evidence.line === undefined ? {} : { line: evidence.line }),
    ...(event === undefined ? {} : { event }),
  };
  return [span(`${text} `), span("(", "dim"), fileSpan(evidencePlace(evidence), file, "dim"), span(")", "dim")];
}
