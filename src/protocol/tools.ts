/** Tools for language models, as the editor hands them on. */
import type { SessionRef } from "./sessions.ts";

export interface ToolParams {
  /** As the table of tools names it. */
  readonly name: string;
  /** As the model gave it; the server checks it. */
  readonly input: unknown;
}

export interface ToolResult {
  /** JSON for the model; or, where it failed, a sentence that says what to do instead. */
  readonly text: string;
  readonly failed: boolean;
}

export interface BriefParams {
  readonly session: SessionRef;
}

/** What a fresh session must know of the work before it. */
export interface BriefAnswer {
  /** Markdown, bounded and masked. */
  readonly text: string;
  readonly truncated: boolean;
}
