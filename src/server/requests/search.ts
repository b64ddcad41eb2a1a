/** Answers `search`; what is found is told in notifications while the search runs. */
import { LSPErrorCodes, ResponseError } from "vscode-languageserver/node";
import type { Connection } from "vscode-languageserver/node";

import { plainText } from "../../engine/present/lines.ts";
import { endLines } from "../../engine/present/search-text.ts";
import type { SessionHit } from "../../engine/query.ts";
import { type SearchEvent, searchSessions, troubleWithText } from "../../engine/search/search.ts";
import type { SearchEnd } from "../../model/search.ts";
import { Method, Notice } from "../../protocol/methods.ts";
import type { FoundSession, SearchAnswer, SearchFound, SearchParams, UnsearchedItem } from "../../protocol/search.ts";
import { wholeSnapshot } from "../answers.ts";
import type { EngineHost } from "../engine-host.ts";
import { foundLine, foundName, foundSession, PlacesInParts, unsearchedItem } from "../items/search-items.ts";
import { signalOf } from "../reading/answering.ts";
import { answer } from "./register.ts";

/** What the handler works with. */
export interface SearchContext {
  readonly host: EngineHost;
  /** Absolute path of a ripgrep; null where there is none. */
  readonly ripgrep: () => Promise<string | null>;
}

/** Resolves when the client has taken it. */
export type TellFound = (found: SearchFound) => Promise<void>;

/** The most lines that a search finds. */
const MOST_HITS = 100_000;
/** More than that is told at once. */
const HITS_AT_ONCE = 200;
/** What was found shows no later than this. */
const TELL_EACH_MS = 80;

/** Collects what is found until it is worth telling. */
class Telling {
  readonly #searchId: string;
  readonly #userHome: string;
  readonly #tell: TellFound;
  readonly #parts = new PlacesInParts();
  #session: SessionHit | null = null;
  #sessions: FoundSession[] = [];
  #unsearched: UnsearchedItem[] = [];
  #progress: SearchFound["progress"] = { bytes: 0, ofBytes: 0 };
  #hits = 0;
  #toldAt = performance.now();

  constructor(searchId: string, userHome: string, tell: TellFound) {
    this.#searchId = searchId;
    this.#userHome = userHome;
    this.#tell = tell;
  }

  take(event: SearchEvent): void {
    if (event.what === "session") {
      this.#session = event.session;
      this.#sessions.push(foundSession(event.session, this.#userHome));
    } else if (event.what === "unsearched") this.#unsearched.push(unsearchedItem(event.unsearched));
    else if (event.what === "progress") this.#progress = event.progress;
    else if (event.what === "end") this.#progress = event.end.searched;
    else if (this.#session !== null) this.#add(this.#session, event);
  }

  #add(session: SessionHit, event: Extract<SearchEvent, { what: "name" | "hit" }>): void {
    const last = this.#sessions.pop() ?? foundSession(session, this.#userHome);
    this.#hits += 1;
    this.#sessions.push(
      event.what === "name"
        ? { ...last, names: [...last.names, foundName(event.name)] }
        : { ...last, hits: [...last.hits, foundLine(session, event.hit, this.#parts)] },
    );
  }

  async tellIfDue(): Promise<void> {
    if (this.#hits >= HITS_AT_ONCE || performance.now() - this.#toldAt >= TELL_EACH_MS) await this.tellAll();
  }

  async tellAll(): Promise<void> {
    const [sessions, unsearched] = [this.#sessions, this.#unsearched];
    this.#toldAt = performance.now();
    this.#sessions = [];
    this.#unsearched = [];
    this.#hits = 0;
    await this.#tell({ searchId: this.#searchId, sessions, unsearched, progress: this.#progress });
  }
}

function answerOf(text: string, { hits, sessionsWithHits, truncated, ...end }: SearchEnd): SearchAnswer {
  const lines = [...endLines(text, { hits, sessionsWithHits, truncated, ...end })];
  return { hits, sessions: sessionsWithHits, truncated, summary: plainText(lines) };
}

export async function search(
  { host, ripgrep }: SearchContext,
  params: SearchParams,
  signal: AbortSignal,
  tell: TellFound,
): Promise<SearchAnswer> {
  const { homeId, limit, searchId, session: ref, text } = params;
  const trouble = troubleWithText(text);
  if (trouble !== null) throw new ResponseError(LSPErrorCodes.RequestFailed, trouble);
  const accepts = ({ agent, home, session }: SessionHit): boolean =>
    (homeId === undefined || home.home.id === homeId) &&
    (ref === undefined ||
      (home.home.id === ref.homeId && agent.reading.name === ref.agent && session.id === ref.sessionId));
  const request = { text, accepts, limit: Math.min(limit, MOST_HITS), ripgrep: await ripgrep(), signal };
  const telling = new Telling(searchId, host.userHome, tell);
  for await (const event of searchSessions(host, await wholeSnapshot(host), request)) {
    telling.take(event);
    if (event.what === "end") {
      await telling.tellAll();
      return answerOf(text, event.end);
    }
    await telling.tellIfDue();
  }
  throw new Error("The search ended without an end.");
}

export function registerSearch(connection: Connection, context: () => SearchContext): void {
  answer(connection, Method.search, (params, token) =>
    search(context(), params, signalOf(token), (found) => connection.sendNotification(Notice.searchFound, found)),
  );
}
