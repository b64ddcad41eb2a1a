/** What a symptom is: a wording of an agent, its doctor or its log that people meet, and what it means. */
import type { Program } from "../../model/home.ts";
import type { FindingCode } from "../codes.ts";

/** One wording, in a row of the table. */
export interface Symptom {
  /** Stable; names the row in JSON documents. */
  readonly id: string;
  /** Which program says it; null where several do. */
  readonly program: Program | null;
  /** Who says it, as a sentence part: "OpenClaw's doctor". */
  readonly saidBy: string;
  /** Matches the wording anywhere in what was pasted. */
  readonly pattern: RegExp;
  /** What it means, in general. Plain sentences. */
  readonly means: string;
  /** Findings that are its cause where they stand. */
  readonly codes: readonly FindingCode[];
  /** What to do where none of these findings stands. Plain sentences. */
  readonly otherwise: string;
}
