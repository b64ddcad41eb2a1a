/** How turns end: in an error, aborted, or not at all. */
import type { TranscriptDamage } from "../../model/damage.ts";
import { brief, damageAt, type DamageList, type EntryRecord } from "./record.ts";
import type { OpenCall } from "./tool-pairs.ts";

const MOST_WORDS = 200;

export class Turns {
  /** What stands for the end of this turn, if it ended badly. */
  #failure: TranscriptDamage | null = null;
  /** The last message, if something must still follow it. */
  #waits: TranscriptDamage | null = null;

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
      this.#waits = waitDamage(record);
    } else if (entry.role === "tool") this.#waits = waitDamage(record);
    else if (entry.role === "assistant") this.#answer(record);
  }

  /** What the end of the transcript leaves, with the calls that have no result; `isCut` when an entry breaks off there. Changes nothing. */
  end(open: readonly OpenCall[], list: DamageList, isCut = false): void {
    if (this.#failure !== null) list.add(this.#failure);
    const waiting = isCut ? null : unfinished(this.#waits, open);
    if (waiting !== null) list.add(waiting);
  }

  #answer(record: EntryRecord): void {
    const { stop, toolCalls } = record.entry;
    if (stop === "aborted") this.#abort(record);
    else if (stop === "error") this.#fail(errorDamage(record));
    else {
      // The request was tried again, with success.
      this.#failure = null;
      this.#waits = toolCalls.length > 0 ? waitDamage(record) : null;
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

function waitDamage({ entry, place }: EntryRecord): TranscriptDamage {
  return damageAt(
    place,
    {
      code: "transcript/unfinished-turn",
      message: "The last turn was not finished: this message was never answered.",
      waitsFor: "model",
    },
    entry,
  );
}

/** A call that waits stands for the turn. */
function unfinished(waits: TranscriptDamage | null, open: readonly OpenCall[]): TranscriptDamage | null {
  const call = open[0];
  if (waits === null || call === undefined) return waits;
  return {
    ...call.damage,
    code: "transcript/unfinished-turn",
    message: `The last turn was not finished: ${brief(call.name)} was called, and its result was never written.`,
    waitsFor: "tool",
  };
}
