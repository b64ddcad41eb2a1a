/** What a pasted error message names: processes, files, sessions, entries. Total: a text without any names nothing. */
import { sessionPathsIn } from "../../formats/session-paths.ts";

/** What a text names, by kind; each name once, in the order of the text. */
export interface NamesInText {
  readonly pids: readonly number[];
  /** As they stand in the text; absolute or not. */
  readonly paths: readonly string[];
  /** Session ids, lower case. */
  readonly ids: readonly string[];
  readonly keys: readonly string[];
  /** Ids of tool calls. */
  readonly callIds: readonly string[];
  /** Slugs of background commands, as far as the text has them. */
  readonly slugs: readonly string[];
}

/** What is longer was not written by a program as one message. */
const MOST_CHARACTERS = 1 << 20;
const MOST_OF_A_KIND = 50;

const PID = /\bpid[=:\s]\s*(\d{1,10})\b/gi;
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;
const KEY = /\bagent:[^\s"'`,;()[\]{}\\<>]{1,400}/g;
const CALL_ID = /\b(?:toolu_[A-Za-z0-9]{8,}|call_[A-Za-z0-9_-]{3,}|fc_[A-Za-z0-9]{8,})/g;
const SLUG = /Exec (?:completed|failed|finished) \(([^\s,()=]{3,64})/g;

/** Everything that the text names, each once, in its order. */
export function namesIn(text: string): NamesInText {
  const searched = text.slice(0, MOST_CHARACTERS);
  const all = (pattern: RegExp): string[] => [...searched.matchAll(pattern)].map(([whole, part]) => part ?? whole);
  return {
    pids: distinct(all(PID)).map(Number),
    paths: distinct(sessionPathsIn(searched)),
    ids: distinct(all(UUID).map((id) => id.toLowerCase())),
    keys: distinct(all(KEY).map((key) => key.replace(/[.:]+$/, ""))),
    callIds: distinct(all(CALL_ID)),
    slugs: distinct(all(SLUG)),
  };
}

const distinct = (values: readonly string[]): string[] =>
  [...new Set(values.filter((value) => value !== ""))].slice(0, MOST_OF_A_KIND);
