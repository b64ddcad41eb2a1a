/** Candidate lines of windows in databases, read ahead in the order of the search: a database is opened for many windows at once. */
import { isInTables, readEventStretch, type StretchPlace } from "../../agents/transcripts.ts";
import type { SearchedText } from "../../formats/searched-text.ts";
import type { HomeIdentity } from "../../model/home.ts";
import type { Fragment, WindowExtent } from "../../model/fragment.ts";
import type { SessionHit } from "../query.ts";
import type { Breathe, CandidateLine } from "./fragment-lines.ts";
import type { SearchedFragment } from "./search-order.ts";

/** Read in one go, in which nothing else of this process runs. */
const STRETCH_BYTES = 2 << 20;

export class WindowsAhead {
  readonly #databases = new Map<string, Database>();
  readonly #searched: SearchedText;
  readonly #breathe: Breathe;

  constructor(searched: SearchedText, breathe: Breathe) {
    this.#searched = searched;
    this.#breathe = breathe;
  }

  /** A session whose windows will be asked for, after those of the sessions before it. */
  expect({ home: { home }, session }: SessionHit): void {
    for (const { fragment } of session.fragments) {
      if (fragment.window === undefined || !isInTables(fragment)) continue;
      const key = keyOf(home, fragment);
      const database = this.#databases.get(key) ?? new Database(home, fragment.path, this.#searched);
      this.#databases.set(key, database);
      database.expect(fragment.window);
    }
  }

  /** Null for what is no window in the tables of a database that was expected. */
  linesOf({ fragment, hit }: SearchedFragment): AsyncGenerator<CandidateLine> | null {
    if (fragment.window === undefined || !isInTables(fragment)) return null;
    const database = this.#databases.get(keyOf(hit.home.home, fragment));
    return database?.linesOf(fragment.window, this.#breathe) ?? null;
  }
}

const keyOf = (home: HomeIdentity, { path }: Fragment): string => `${home.path}\n${path}`;

class Database {
  readonly #home: HomeIdentity;
  readonly #path: string;
  readonly #searched: SearchedText;
  readonly #windows: WindowExtent[] = [];
  readonly #indexes = new Map<WindowExtent, number>();
  /** Candidates that were read and not asked for yet, by the index of their window. */
  readonly #ahead = new Map<number, CandidateLine[]>();
  /** Everything before it was read. */
  #readTo: StretchPlace = { index: 0, seq: 0 };

  constructor(home: HomeIdentity, path: string, searched: SearchedText) {
    this.#home = home;
    this.#path = path;
    this.#searched = searched;
  }

  expect(window: WindowExtent): void {
    this.#indexes.set(window, this.#windows.length);
    this.#windows.push(window);
  }

  /** Rejects with FileError where the window can't be read; those after it can be asked for all the same. */
  async *linesOf(window: WindowExtent, breathe: Breathe): AsyncGenerator<CandidateLine> {
    const index = this.#indexes.get(window) ?? -1;
    // A window before it was given up.
    if (this.#readTo.index < index) this.#readTo = { index, seq: 0 };
    for (;;) {
      await breathe();
      yield* this.#ahead.get(index) ?? [];
      this.#ahead.delete(index);
      if (this.#readTo.index > index) return;
      await this.#readOn();
    }
  }

  async #readOn(): Promise<void> {
    const request = {
      from: this.#readTo,
      mostBytes: STRETCH_BYTES,
      accepts: (text: string) => this.#searched.mayStandIn(text),
    };
    const { events, next } = await readEventStretch(this.#home, this.#path, this.#windows, request);
    for (const { index, seq, text } of events) {
      const lines = this.#ahead.get(index);
      if (lines === undefined) this.#ahead.set(index, [{ seq, offset: null, text }]);
      else lines.push({ seq, offset: null, text });
    }
    this.#readTo = next ?? { index: this.#windows.length, seq: 0 };
  }
}
