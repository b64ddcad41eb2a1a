/** The newest search of this window: what it was asked, what it has found so far, and how it stands. */
import * as vscode from "vscode";

import { Method } from "../../protocol/methods.ts";
import type { FoundLine, FoundSession, FoundText, SearchFound, UnsearchedItem } from "../../protocol/search.ts";
import type { SessionRef } from "../../protocol/sessions.ts";
import type { ServerLink } from "../client/server-link.ts";

/** Where to search; everywhere without it. */
export interface SearchScope {
  readonly homeId?: string;
  readonly session?: SessionRef;
  /** How the view names it. */
  readonly label: string;
}

export interface SearchQuestion {
  readonly text: string;
  readonly scope: SearchScope | undefined;
}

/** A session with what was found in it so far. */
export interface GatheredSession {
  readonly id: string;
  readonly session: FoundSession;
  readonly names: FoundText[];
  readonly hits: FoundLine[];
}

export type SearchState =
  | { readonly is: "none" }
  /** `percent` of all bytes. */
  | { readonly is: "running"; readonly percent: number }
  | { readonly is: "ended"; readonly summary: string; readonly truncated: boolean }
  | { readonly is: "stopped" }
  | { readonly is: "failed"; readonly reason: string };

/** As many rows as a person may ever scroll through. */
const MOST_LINES = 10_000;

export class SearchResults implements vscode.Disposable {
  readonly #link: ServerLink;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  #question: SearchQuestion | undefined;
  #state: SearchState = { is: "none" };
  #sessions = new Map<string, GatheredSession>();
  #unsearched: UnsearchedItem[] = [];
  #lines = 0;
  #running: { readonly searchId: string; readonly cancelling: vscode.CancellationTokenSource } | undefined;
  #count = 0;

  readonly onDidChange = this.#changed.event;

  constructor(link: ServerLink) {
    this.#link = link;
    this.#subscription = link.onSearchFound((found) => this.#take(found));
  }

  get question(): SearchQuestion | undefined {
    return this.#question;
  }

  get state(): SearchState {
    return this.#state;
  }

  /** In the order of the search. */
  get sessions(): readonly GatheredSession[] {
    return [...this.#sessions.values()];
  }

  get unsearched(): readonly UnsearchedItem[] {
    return this.#unsearched;
  }

  get lines(): number {
    return this.#lines;
  }

  /** Searches anew; a search that still runs is given up. Resolves when the search has ended, and never rejects. */
  async start(question: SearchQuestion): Promise<void> {
    this.clear();
    const mine = { searchId: String(++this.#count), cancelling: new vscode.CancellationTokenSource() };
    this.#running = mine;
    this.#question = question;
    this.#setState({ is: "running", percent: 0 });
    const { scope, text } = question;
    const where = {
      ...(scope?.homeId === undefined ? {} : { homeId: scope.homeId }),
      ...(scope?.session === undefined ? {} : { session: scope.session }),
    };
    try {
      const params = { searchId: mine.searchId, text, limit: MOST_LINES, ...where };
      const { summary, truncated } = await this.#link.request(Method.search, params, mine.cancelling.token);
      this.#end(mine, { is: "ended", summary, truncated });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#end(mine, mine.cancelling.token.isCancellationRequested ? { is: "stopped" } : { is: "failed", reason });
    } finally {
      mine.cancelling.dispose();
    }
  }

  /** Ends the search that runs; what it has found stays. */
  stop(): void {
    this.#running?.cancelling.cancel();
  }

  /** Forgets the search and all that it found. */
  clear(): void {
    this.stop();
    this.#running = undefined;
    this.#question = undefined;
    this.#sessions = new Map();
    this.#unsearched = [];
    this.#lines = 0;
    this.#setState({ is: "none" });
  }

  dispose(): void {
    this.stop();
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  #end(search: object, state: SearchState): void {
    if (this.#running !== search) return;
    this.#running = undefined;
    this.#setState(state);
  }

  #setState(state: SearchState): void {
    this.#state = state;
    this.#changed.fire();
  }

  #take({ progress, searchId, sessions, unsearched }: SearchFound): void {
    if (this.#running?.searchId !== searchId) return;
    for (const one of sessions) this.#gather(one);
    this.#unsearched.push(...unsearched);
    const { bytes, ofBytes } = progress;
    this.#setState({ is: "running", percent: ofBytes === 0 ? 0 : Math.min(99, Math.floor((100 * bytes) / ofBytes)) });
  }

  #gather(found: FoundSession): void {
    const { agent, homeId, sessionId } = found.ref;
    const id = `${homeId}/${agent}/${sessionId}`;
    const gathered = this.#sessions.get(id) ?? { id, session: found, names: [], hits: [] };
    this.#sessions.set(id, gathered);
    gathered.names.push(...found.names);
    gathered.hits.push(...found.hits);
    this.#lines += found.hits.length;
  }
}
