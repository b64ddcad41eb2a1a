/** What is kept of each line of a document: what it says, with long texts cut, and where it stands. */
import { toolCallText } from "../../engine/present/tool-text.ts";
import type { TranscriptEntry } from "../../model/entry.ts";

/** An entry without its long texts: of a document of many megabytes all of them are kept. */
export interface LineEntry extends Omit<TranscriptEntry, "toolCalls"> {
  /** Line of the document, from 0. */
  readonly line: number;
  readonly toolCalls: readonly BriefCall[];
}

export interface BriefCall {
  readonly id: string | null;
  readonly name: string;
  /** The call in one text, such as "exec: npm test"; cut. */
  readonly text: string;
}

/** Longer texts are cut: outlines show less. In UTF-16 units. */
const LONGEST = 200;

/** A slice would keep the whole text alive; this is a copy. */
const cut = (text: string): string =>
  text.length <= LONGEST ? text : Buffer.from(text.slice(0, LONGEST)).toString("utf8");

export function lineEntry(line: number, entry: TranscriptEntry): LineEntry {
  return {
    ...entry,
    line,
    text: cut(entry.text),
    notices: entry.notices.map(cut),
    thinking: "",
    error: entry.error === null ? null : cut(entry.error),
    toolCalls: entry.toolCalls.map((call) => ({ id: call.id, name: call.name, text: cut(toolCallText(call)) })),
  };
}
