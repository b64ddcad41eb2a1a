/** Transcripts that are open in an editor are read whole in the background, and again when they change. */
import type { LocatedFragment } from "../../engine/lookup.ts";
import { placeOf } from "../../model/fragment.ts";
import type { EngineHost } from "../engine-host.ts";
import { transcriptAt } from "../transcript-at.ts";
import type { ShownTranscript } from "../transcript-at.ts";

/** A transcript that is written without a pause is looked at this often. */
const PAUSE_MS = 1000;
/** Outline, lenses and links of a large transcript that was just opened come first. */
const FIRST_PAUSE_MS = 500;
/** Smaller ones are read in a moment. */
const LARGE_BYTES = 8 << 20;

interface Open {
  /** What the transcript was like when it was read last; null before. */
  state: string | null;
  readonly stop: AbortController;
  isReading: boolean;
  pause: NodeJS.Timeout | undefined;
}

export class DamageOfOpenTranscripts {
  readonly #host: () => EngineHost;
  readonly #log: (line: string) => void;
  readonly #open = new Map<string, Open>();

  constructor(host: () => EngineHost, log: (line: string) => void) {
    this.#host = host;
    this.#log = log;
  }

  opened(uri: string): void {
    const known = this.#open.get(uri);
    const open: Open = known ?? { state: null, stop: new AbortController(), isReading: false, pause: undefined };
    this.#open.set(uri, open);
    const { snapshot } = this.#host();
    const bytes = snapshot === null ? 0 : (transcriptAt(snapshot, uri)?.located.entry.fragment.bytes ?? 0);
    if (known === undefined && bytes > LARGE_BYTES) this.#lookLater(uri, open, FIRST_PAUSE_MS);
    else this.#look(uri);
  }

  closed(uri: string): void {
    const open = this.#open.get(uri);
    if (open === undefined) return;
    this.#open.delete(uri);
    open.stop.abort();
    clearTimeout(open.pause);
  }

  /** There is a new snapshot: what is open may have changed. */
  changed(): void {
    for (const uri of this.#open.keys()) this.#look(uri);
  }

  close(): void {
    for (const uri of this.#open.keys()) this.closed(uri);
  }

  #look(uri: string): void {
    const open = this.#open.get(uri);
    const { snapshot } = this.#host();
    const found = snapshot === null ? undefined : transcriptAt(snapshot, uri);
    if (open === undefined || found === undefined || open.isReading || open.pause !== undefined) return;
    const state = stateOf(found.located);
    if (state === open.state) return;
    open.isReading = true;
    open.state = state;
    this.#read(found, open)
      .catch((error: unknown) => {
        if (!open.stop.signal.aborted) this.#log(`Reading ${uri} whole failed: ${String(error)}`);
      })
      .finally(() => {
        open.isReading = false;
        if (!open.stop.signal.aborted) this.#lookLater(uri, open, PAUSE_MS);
      });
  }

  #lookLater(uri: string, open: Open, pauseMs: number): void {
    open.pause = setTimeout(() => {
      open.pause = undefined;
      this.#look(uri);
    }, pauseMs);
  }

  async #read({ home, located }: ShownTranscript, { stop }: Open): Promise<void> {
    const fragments = [placeOf(located.entry.fragment)];
    await this.#host().deepCheck({ home: home.home.path, fragments, follow: true, signal: stop.signal });
  }
}

function stateOf({ entry: { fragment } }: LocatedFragment): string {
  return [fragment.bytes, fragment.modifiedAt, fragment.window?.toSeq ?? ""].join(" ");
}
