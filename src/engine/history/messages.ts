/** An entry of a chain as a message of the history: what was said, by whom, and where it stands. */
import { asText } from "../../formats/json-values.ts";
import { entryText, type EntryKind, type Speaker, type ToolCall, type TranscriptEntry } from "../../model/entry.ts";
import type { ExecIndex } from "../exec-index.ts";
import { maskSecrets } from "../present/secrets.ts";
import { isoTime } from "../present/times.ts";
import type { ChainEntry } from "../reading/chain-reader.ts";
import { execNotes, type ExecNotes } from "./exec-notes.ts";
import { placeDocument, type PlaceDocument } from "./places.ts";

/** Entries that say something: messages, sums of what was before, what the program told the model, failures, damaged lines. */
const TELLING: ReadonlySet<EntryKind> = new Set(["message", "compaction", "context", "prompt-error", "unreadable"]);

export const isMessage = ({ kind }: TranscriptEntry): boolean => TELLING.has(kind);

/** A call of a tool in a message. */
export interface CallDocument {
  readonly id: string | null;
  readonly name: string;
  /** As the model gave them; the beginning of their JSON, as one text, where they are too long. */
  readonly arguments: unknown;
}

/** A message as `history --json` has it; what it has nothing of is absent. */
export interface HistoryMessage extends ExecNotes {
  /** The entry's own id; unique in its fragment at best. */
  readonly id: string | null;
  readonly at: string | null;
  readonly role: Speaker;
  readonly text: string;
  readonly fragment: PlaceDocument;
  /** Of the fragment read as JSON Lines, counted from 1. */
  readonly line: number;
  /** What it is when it is no ordinary message. */
  readonly kind?: Exclude<EntryKind, "message">;
  /** "program" when the agent program speaks in the user's or the model's place. */
  readonly author?: "program";
  /** Name of the tool that answers, or of the first that the model calls. */
  readonly tool?: string;
  readonly calls?: readonly CallDocument[];
  /** Of a tool's answer: the call that it answers. */
  readonly callId?: string;
  readonly isError?: boolean;
  readonly exitCode?: number;
  readonly durationMs?: number;
  readonly model?: string;
  readonly error?: string;
  /** Pictures and the like, which are not shown. */
  readonly attachments?: number;
  /** Characters that were left out because the message is too long. */
  readonly cut?: number;
  /** Something in it looked like a key or a password and was masked. */
  readonly masked?: true;
}

/** How much of a message is given, and whether secrets are. */
export interface MessageForm {
  /** Of all its texts together. */
  readonly mostCharacters: number;
  readonly showSecrets: boolean;
}

/** Gives the texts of one message their form, and remembers what that took from them. */
class TextForm {
  readonly #form: MessageForm;
  /** Characters that are left for the rest of the message. */
  #left: number;
  cut = 0;
  masked = false;

  constructor(form: MessageForm) {
    this.#form = form;
    this.#left = form.mostCharacters;
  }

  text(whole: string): string {
    const safe = this.mask(whole);
    // Half of a surrogate pair would be no character at all.
    const given = safe.length <= this.#left ? safe : safe.slice(0, this.#left).replace(/[\uD800-\uDBFF]$/, "");
    this.cut += safe.length - given.length;
    this.#left -= given.length;
    return given;
  }

  mask(whole: string): string {
    if (this.#form.showSecrets) return whole;
    const safe = maskSecrets(whole);
    this.masked ||= safe !== whole;
    return safe;
  }

  /** A value stays a value while it fits: masks hold no character that would break its JSON. */
  value(whole: unknown): unknown {
    const json = JSON.stringify(whole) ?? "null";
    const text = this.text(json);
    if (text === json) return whole;
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }
}

const callDocument = ({ arguments: given, id, name }: ToolCall, form: TextForm): CallDocument => ({
  id,
  name,
  arguments: form.value(given),
});

/** Kinds that nobody says are the system's. */
const speakerOf = ({ role }: TranscriptEntry): Speaker => role ?? "system";

function messageText(entry: TranscriptEntry): string {
  if (entry.kind === "unreadable") return `This line can't be read: ${entry.trouble ?? "unknown"}.`;
  return entryText(entry);
}

function toolParts({ toolCalls, toolResult }: TranscriptEntry, form: TextForm): Partial<HistoryMessage> {
  const tool = toolResult?.name ?? toolCalls[0]?.name ?? null;
  return {
    ...(tool === null ? {} : { tool }),
    ...(toolCalls.length === 0 ? {} : { calls: toolCalls.map((call) => callDocument(call, form)) }),
    ...(toolResult === null ? {} : resultParts(toolResult)),
  };
}

function resultParts(result: NonNullable<TranscriptEntry["toolResult"]>): Partial<HistoryMessage> {
  const { callId, durationMs, exitCode, isError } = result;
  return {
    ...(callId === null ? {} : { callId }),
    ...(isError ? { isError } : {}),
    ...(exitCode === null ? {} : { exitCode }),
    ...(durationMs === null ? {} : { durationMs }),
  };
}

/** The entry as a message, with what is known of its execs. */
export function historyMessage(place: ChainEntry, execs: ExecIndex, given: MessageForm): HistoryMessage {
  const { entry, fragment, line } = place;
  const form = new TextForm(given);
  const text = form.text(messageText(entry));
  const error = entry.error === null || entry.error === entry.text ? null : form.text(entry.error);
  const tools = toolParts(entry, form);
  const notes = execNotes(execs, { fragment: fragment.fragment, line }, (one) => form.mask(one));
  const model = asText(entry.model);
  return {
    id: entry.id,
    at: isoTime(entry.at),
    role: speakerOf(entry),
    text,
    fragment: placeDocument(fragment.fragment),
    line,
    ...(entry.kind === "message" ? {} : { kind: entry.kind }),
    ...(entry.author === "program" && entry.kind === "message" ? { author: "program" } : {}),
    ...tools,
    ...(model === null ? {} : { model }),
    ...(error === null ? {} : { error }),
    ...(entry.attachments === 0 ? {} : { attachments: entry.attachments }),
    ...notes,
    ...(form.cut === 0 ? {} : { cut: form.cut }),
    ...(form.masked ? { masked: true } : {}),
  };
}
