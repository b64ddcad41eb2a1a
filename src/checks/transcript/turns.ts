/** How turns end: in an error, aborted, or not at all. */
import type { TranscriptDamage } from "../../model/damage.ts";
import type { TranscriptEntry } from "../../model/entry.ts";
import { brief, damageAt, type DamageList, type EntryRecord, type LinePlace } from "./record.ts";
import { isAside, type OpenCall } from "./tool-pairs.ts";

const MOST_WORDS = 200;

/** A message that something must follow. */
interface Waiting {
  readonly place: LinePlace;
  readonly entry: TranscriptEntry;
}

/** Takes entries in order, and tells how each turn ended. */
export class Turns {
  /** What stands for the end of this turn, if it ended badly. */
  #failure: TranscriptDamage | null = null;
  /** The last message, if something must still follow it. */
  #waits: Waiting | null = null;

  /** A line that can't be read may have been the end of the turn. */
  gap(): void {
    this.#waits = null;
  }

  take(record: EntryRecord, open: readonly OpenCall[], list: DamageList): void {
    const { entry } = record;
    if (entry.kind === "prompt-error") this.#fail(errorDamage(record));
    else if (entry.kind === "reset" || entry.kind === "compaction") {
      // A compaction may stand in the middle of a turn, and says nothing of it.
      if (entry.kind === "reset") this.#begin(open, list);
    } else if (entry.kind !== "message") return;
    else if (entry.role === "user") {
      this.#settle(list);
      this.#waits = waiting(record);
    } else if (entry.role === "tool") this.#waits = waiting(record);
    else if (entry.role === "assistant" && !(isAside(entry) && open.length > 0)) this.#answer(record);
  }

  /** What the end of the transcript leaves, with the calls that have no result; `isCut` when an entry breaks off there. Changes nothing. */
  end(open: readonly OpenCall[], list: DamageList, isCut = false): void {
    if (this.#failure !== null) list.add(this.#failure);
    if (this.#waits !== null && !isCut) list.add(unfinished(this.#waits, open));
  }

  #answer(record: EntryRecord): void {
    const { stop, toolCalls } = record.entry;
    if (stop === "aborted") this.#abort(record);
    else if (stop === "error") this.#fail(errorDamage(record));
    else {
      // The request was tried again, with success.
      this.#failure = null;
      this.#waits = toolCalls.length > 0 ? waiting(record) : null;
    }
  }

  #abort(record: EntryRecord): void {
    this.#waits = null;
    this.#failure ??= damageAt(
      record.place,
      { code: "transcript/aborted-turn", message: "This answer was broken off on request." },
      record.entry,
    );
  }

  /** Of several tries the last one counts; the entry that the program itself wrote about the prompt before any answer. */
  #fail(damage: TranscriptDamage): void {
    this.#waits = null;
    this.#failure = damage;
  }

  #settle(list: DamageList): void {
    if (this.#failure !== null) list.add(this.#failure);
    this.#failure = null;
  }

  #begin(open: readonly OpenCall[], list: DamageList): void {
    this.end(open, list);
    this.#failure = null;
    this.#waits = null;
  }
}

function errorDamage({ entry, place }: EntryRecord): TranscriptDamage {
  const said = entry.error === null ? "no reason is given" : brief(entry.error, MOST_WORDS);
  const who =
    entry.kind === "prompt-error" ? "The prompt failed" : "The model's provider gave an error instead of an answer";
  return damageAt(place, { code: "transcript/prompt-error", message: `${who}: ${said}.` }, entry);
}

const waiting = ({ entry, place }: EntryRecord): Waiting => ({ entry, place });

/** A call that waits stands for the turn. */
function unfinished({ entry, place }: Waiting, [call]: readonly OpenCall[]): TranscriptDamage {
  const code = "transcript/unfinished-turn";
  if (call === undefined) {
    const message = "The last turn was not finished: this message was never answered.";
    return damageAt(place, { code, message, waitsFor: "model" }, entry);
  }
  const { callId, name, range } = call;
  const message = `The last turn was not finished: ${brief(name)} was called, and its result was never written.`;
  return damageAt(call.place, { code, ...range, message, callId, waitsFor: "tool" }, call.entry);
}
