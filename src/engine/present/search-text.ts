/** What a search finds as lines of a terminal, event by event, so that they can be shown while it runs. */
import { count, size } from "../../model/amounts.ts";
import { type FragmentPlace, placeId } from "../../model/fragment.ts";
import type { HitPart, NameHit, SearchEnd, SearchHit, Snippet } from "../../model/search.ts";
import { locateById } from "../lookup.ts";
import type { SessionHit } from "../query.ts";
import type { SearchEvent } from "../search/search.ts";
import { homePath } from "./homes.ts";
import { EMPTY, indented, type Line, line, nameSpan, type Span, span } from "./lines.ts";
import { placeSpan } from "./places.ts";
import { fragmentLabel, sessionLabel } from "./sessions.ts";
import { moment } from "./times.ts";

const PARTS: Readonly<Record<HitPart, string>> = {
  text: "",
  notice: "notice",
  thinking: "thinking",
  "tool-call": "tool call",
  "tool-result": "tool result",
  error: "error",
  summary: "summary of a compaction",
  context: "hidden context",
  wrapper: "around the message",
  raw: "unreadable line",
};

const NAMES: Readonly<Record<NameHit["part"], string>> = { key: "key", id: "id", label: "label" };

/** "user", "assistant, thinking", "tool result" */
export function hitSource({ part, role }: Pick<SearchHit, "part" | "role">): string {
  const said = PARTS[part];
  if (part === "text") return role ?? "message";
  return role === null || role === "tool" || part === "context" ? said : `${role}, ${said}`;
}

export const nameSource = (part: NameHit["part"]): string => NAMES[part];

/** The snippet, its matches marked. */
function snippetSpans({ matches, text }: Snippet): Span[] {
  const spans: Span[] = [];
  let at = 0;
  for (const { end, start } of matches) {
    spans.push(span(text.slice(at, start)), span(text.slice(start, end), "warning"));
    at = end;
  }
  return [...spans, span(text.slice(at))].filter((one) => one.text !== "");
}

/** Knows which session and which fragment were told last. */
export class SearchText {
  readonly #query: string;
  readonly #userHome: string;
  #session: SessionHit | null = null;
  #fragment: string | null = null;

  constructor(query: string, userHome: string) {
    this.#query = query;
    this.#userHome = userHome;
  }

  /** What is to be shown of the event; nothing for how far the search has come. */
  *lines(event: SearchEvent): Generator<Line> {
    switch (event.what) {
      case "session":
        yield* this.#sessionLines(event.session);
        break;
      case "name":
        yield indented([span(`${nameSource(event.name.part)}  `, "dim"), ...snippetSpans(event.name.snippet)]);
        break;
      case "hit":
        yield* this.#hitLines(event.hit);
        break;
      case "unsearched": {
        const { home, path, reason } = event.unsearched;
        yield [span("Not searched: ", "warning"), placeSpan(home, { path }), span(`  ${reason}`, "warning")];
        break;
      }
      case "end":
        if (this.#session !== null) yield EMPTY;
        yield* endLines(this.#query, event.end);
        break;
      case "progress":
        break;
    }
  }

  *#sessionLines(hit: SessionHit): Generator<Line> {
    if (this.#session !== null) yield EMPTY;
    this.#session = hit;
    this.#fragment = null;
    const { agent, home, session } = hit;
    const place = `  agent ${agent.reading.name} of ${homePath(home.home.path, this.#userHome)}`;
    yield [nameSpan(sessionLabel(session, agent.reading.name), "strong"), span(place, "dim")];
  }

  *#hitLines({ at, fragment, line: number, part, role, seq, snippet }: SearchHit): Generator<Line> {
    const id = placeId(fragment);
    if (this.#fragment !== id) yield indented(this.#fragmentLine(fragment));
    this.#fragment = id;
    const place = number === null ? `event ${seq}` : String(number);
    const when = at === null ? "" : `${moment(at)}  `;
    yield indented(
      [span(`${place}: `, "good"), span(`${when}${hitSource({ part, role })}  `, "dim"), ...snippetSpans(snippet)],
      2,
    );
  }

  #fragmentLine(place: FragmentPlace): Line {
    if (this.#session === null) return EMPTY;
    const { home, session } = this.#session;
    const fragment = locateById(home, placeId(place))?.entry.fragment;
    const label = fragment === undefined ? "" : `${fragmentLabel(session, fragment)}  `;
    return [span(label), { ...placeSpan(home.home.path, place), tone: "dim" }];
  }
}

/** How the search ended, in a sentence or two. */
export function* endLines(query: string, end: SearchEnd): Generator<Line> {
  const { hits, repeated, searched, sessionsWithHits, truncated } = end;
  const { bytes, fragments, sessions } = searched;
  const where = `${count(sessions, "session")} with ${count(fragments, "fragment")} (${size(bytes)})`;
  if (sessionsWithHits === 0) {
    yield line(`Nothing found: "${query}" stands nowhere in ${where}.`);
    return;
  }
  const lines = `${count(hits, "line")} in ${count(sessionsWithHits, "session")}`;
  if (truncated) yield line(`The first ${lines}: there may be more, as the search ended at its limit.`, "warning");
  else yield line(`${lines}; ${where} searched.`, "dim");
  if (repeated > 0)
    yield line(`${count(repeated, "line")} of checkpoints say the same again and are not shown.`, "dim");
}
