/**
 * Tool calls and their results, paired as OpenClaw pairs them before it sends a conversation: from one answer with calls to the
 * next one, in order. Ids are unique in such a span only (2026.5, session-transcript-repair).
 */
import type { ByteRange, TranscriptDamage } from "../../model/damage.ts";
import type { TranscriptEntry } from "../../model/entry.ts";
import { brief, damageAt, type DamageList, type EntryRecord, type LinePlace, valueRange } from "./record.ts";

/** A call that has no result yet: most get one, so what would be said of it is put together only where none comes. */
export interface OpenCall {
  readonly callId: string;
  readonly name: string;
  readonly place: LinePlace;
  readonly entry: TranscriptEntry;
  /** Its id in the line. */
  readonly range: ByteRange;
}

/** No model asks for more at once; more are not followed. */
const MOST_CALLS = 256;

/** Takes entries in order, and tells what has no counterpart as soon as that is sure. */
export class ToolPairs {
  #open: OpenCall[] = [];
  /** Ids of this span that have their result. */
  #answered = new Set<string>();
  /** An entry of this span may be lost: then nothing is known of the others. */
  #isUncertain = false;
  /** The conversation went on behind the calls. */
  #wentOn = false;

  /** Calls of the turn that is going on. */
  get open(): readonly OpenCall[] {
    return this.#wentOn ? [] : this.#open;
  }

  gap(): void {
    this.#isUncertain = true;
  }

  take(record: EntryRecord, list: DamageList): void {
    const { entry } = record;
    if (entry.kind === "reset") this.#begin([]);
    else if (entry.toolResult !== null) this.#answer(record, list);
    else if (entry.toolCalls.length > 0) {
      this.end(list);
      // OpenClaw leaves an answer that broke off out of what it sends.
      const isDropped = entry.stop === "error" || entry.stop === "aborted" || entry.toolCalls.length > MOST_CALLS;
      this.#begin(isDropped ? [] : callsIn(record), isDropped);
    } else if (entry.kind === "message" && !isAside(entry)) this.#wentOn = true;
  }

  /** Calls that the conversation left behind. */
  end(list: DamageList): void {
    if (this.#isUncertain || !this.#wentOn) return;
    for (const call of this.#open) list.add(callDamage(call));
  }

  #begin(open: OpenCall[], isDropped = false): void {
    this.#open = open;
    this.#answered = new Set();
    this.#isUncertain = isDropped;
    this.#wentOn = false;
  }

  #answer(record: EntryRecord, list: DamageList): void {
    const callId = record.entry.toolResult?.callId ?? null;
    const at = this.#open.findIndex((call) => call.callId === callId);
    if (at !== -1) {
      this.#answered.add(this.#open[at]!.callId);
      this.#open.splice(at, 1);
    } else if (callId !== null && !this.#isUncertain)
      list.add(resultDamage(record, callId, this.#answered.has(callId)));
  }
}

/** What the program says in the model's place, such as a copy of what was sent elsewhere, may stand in the middle of a turn. */
export function isAside({ author, role }: TranscriptEntry): boolean {
  return role === "assistant" && author === "program";
}

function callsIn(record: EntryRecord): OpenCall[] {
  const { entry, place } = record;
  return entry.toolCalls.flatMap(({ id, name }) =>
    id === null ? [] : [{ callId: id, name, place, entry, range: valueRange(record, "id", id) }],
  );
}

function callDamage({ callId, entry, name, place, range }: OpenCall): TranscriptDamage {
  const message = `The call of ${brief(name)} (${brief(callId)}) has no result, and the conversation went on.`;
  return damageAt(place, { code: "transcript/call-without-result", ...range, message, callId }, entry);
}

function resultDamage(record: EntryRecord, callId: string, isSecond: boolean): TranscriptDamage {
  const why = isSecond ? "has its result already" : "is none of the calls before it";
  const draft = {
    code: "transcript/result-without-call",
    ...valueRange(record, "toolCallId", callId),
    message: `This result answers ${brief(callId)}, which ${why}.`,
    callId,
  } as const;
  return damageAt(record.place, draft, record.entry);
}
