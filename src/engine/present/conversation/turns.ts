/** The entries of a chain as they are read: what a tool answered stands with the call, and steps of one turn follow each other. */
import type { ToolCall } from "../../../model/entry.ts";
import type { ChainEntry } from "../../reading/chain-reader.ts";

/** A call of a tool and what came of it. */
export interface ToolWork {
  readonly call: ToolCall;
  /** Null where none was found. */
  readonly answer: ChainEntry | null;
}

export interface Passage {
  readonly entry: ChainEntry;
  readonly works: readonly ToolWork[];
  /** The model that speaks, or speaks from now on, where that is another than before in the fragment; null where it is none. */
  readonly model: string | null;
  /** A step of the turn before it, with no words of its own: it needs no heading. */
  readonly continues: boolean;
}

interface OpenWork {
  readonly call: ToolCall;
  answer: ChainEntry | null;
}

const isPerson = ({ entry }: ChainEntry): boolean => entry.role === "user" && entry.author === "person";

/** Kinds that a reader of the conversation has no use for: a fragment's boundary says what its header does. */
const UNREAD_KINDS = new Set<string>(["header", "other", "setting"]);

/** Whether a conversation shows it. */
export const isShown = ({ kind }: Pick<ChainEntry["entry"], "kind">): boolean => !UNREAD_KINDS.has(kind);

/**
 * Calls and answers are paired inside of a turn: ids of calls are used again, by providers that count them from the start in
 * each turn.
 */
export function passagesOf(entries: readonly ChainEntry[]): Passage[] {
  const passages: Passage[] = [];
  let open = new Map<string, OpenWork>();
  let previous: ChainEntry | null = null;
  let model: string | null = null;
  for (const one of entries) {
    if (isPerson(one) || previous?.fragment !== one.fragment) open = new Map();
    const changed: string | null = isModel(one) && one.entry.model !== model ? one.entry.model : null;
    // What a fragment begins with is told by its first answer.
    const isNews = one.entry.kind !== "model" || (changed !== null && model !== null);
    model = changed ?? model;
    if (!isNews) continue;
    const call = openCall(open, one);
    if (call !== undefined) call.answer = one;
    else {
      const works = one.entry.toolCalls.map((made): OpenWork => ({ call: made, answer: null }));
      for (const work of works) if (work.call.id !== null) open.set(work.call.id, work);
      passages.push({ entry: one, works, model: changed, continues: isStep(previous, one) });
    }
    previous = one;
  }
  return passages;
}

/** Notices in the name of a model name none. */
const isModel = ({ entry }: ChainEntry): boolean =>
  entry.model !== null && entry.model !== "" && (entry.kind === "model" || entry.author === "model");

function openCall(open: ReadonlyMap<string, OpenWork>, { entry }: ChainEntry): OpenWork | undefined {
  const call = open.get(entry.toolResult?.callId ?? "");
  return call?.answer === null ? call : undefined;
}

function isStep(previous: ChainEntry | null, { entry, fragment }: ChainEntry): boolean {
  if (previous === null || previous.fragment !== fragment || entry.role !== "assistant") return false;
  const isSilent = entry.text.trim() === "" && entry.error === null && entry.toolCalls.length > 0;
  return isSilent && (previous.entry.role === "assistant" || previous.entry.role === "tool");
}
