/** Files, sessions and fragments that a line names, as far as they are really there, inside of a home or of the workspace. */
import type { Location } from "vscode-languageserver/node";

import { agentByName, sessionByKey } from "../../engine/lookup.ts";
import type { LocatedFragment } from "../../engine/lookup.ts";
import { placeId } from "../../model/fragment.ts";
import type { AgentSnapshot, HomeSnapshot } from "../../model/snapshot.ts";
import { FileError, isInside, realPath, statThroughLinks } from "../../system/files.ts";
import { newest } from "../answers.ts";
import { homeOfPath } from "../home-places.ts";
import { uriOf } from "../paths.ts";
import { fragmentTarget, homeFileTarget, isTooLarge, needsDocument } from "../targets.ts";
import { lineLocation } from "./locations.ts";
import type { Reading, ReadingContext } from "./reading.ts";

/** A stretch of a line, in UTF-16 units, and what it names. */
export interface NamedPlace {
  readonly start: number;
  readonly end: number;
  readonly location: Location;
}

/** What stands further behind in a line is not looked at. */
const LONGEST_LOOK = 64 << 10;

/** A whole string that begins like a path: it may hold blanks. */
const STRING = /(?<=")\/[^"\\\n]{1,1000}(?=")/g;
/** A path without blanks anywhere in a text. */
const PATH = /(?<![\w.~/\\-])(?:\/[\w.@%+~#=,-]+)+\/?/g;
const LINE_NUMBER = /^:(\d{1,7})/;
const SESSION_ID = /(?<![\w-])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![\w-])/g;
const SESSION_KEY = /(?<![\w:])agent:([\w.-]+):[\w.:@+/-]+/g;
/** Where a path leads into the sessions of a home that was moved, whatever it was called. */
const MOVED = /\/(agents\/[^/]+\/.+)$/;

/** Whose the document is. */
type Whose = Pick<Reading, "home" | "located">;

/** Finds what lines of one document name. What it looked up once it does not look up again. */
export class NamedPlaces {
  readonly #context: ReadingContext;
  readonly #reading: Whose;
  readonly #files = new Map<string, string | null>();

  constructor(context: ReadingContext, reading: Whose) {
    this.#context = context;
    this.#reading = reading;
  }

  /** In order, none over another. */
  in(line: string): NamedPlace[] {
    const text = line.slice(0, LONGEST_LOOK);
    const found = [...this.#paths(text), ...this.#sessions(text)].toSorted((a, b) => a.start - b.start);
    let last = 0;
    return found.filter(({ end, start }) => {
      const isFree = start >= last;
      if (isFree) last = end;
      return isFree;
    });
  }

  *#paths(text: string): Generator<NamedPlace> {
    for (const { 0: match, index: start } of [...text.matchAll(STRING), ...text.matchAll(PATH)]) {
      const path = [match, match.replace(/[.,]+$/, "")].find((one) => this.#uriOf(one) !== null);
      const uri = path === undefined ? null : this.#uriOf(path);
      if (path === undefined || uri === null) continue;
      const [suffix = "", number] = LINE_NUMBER.exec(text.slice(start + path.length, start + path.length + 9)) ?? [];
      const end = start + path.length + suffix.length;
      yield { start, end, location: lineLocation(uri, number === undefined ? 0 : Math.max(0, Number(number) - 1)) };
    }
  }

  *#sessions(text: string): Generator<NamedPlace> {
    const { home } = this.#reading;
    if (home === null) return;
    for (const { 0: id, index } of text.matchAll(SESSION_ID)) yield* this.#fragment(fragmentNamed(home, id), index, id);
    for (const { 0: key, 1: name = "", index } of text.matchAll(SESSION_KEY)) {
      const agent = agentByName(home, name);
      const session = agent === undefined ? undefined : sessionByKey(agent, key);
      const linked = session?.fragments.at(-1);
      if (agent === undefined || session === undefined || linked === undefined) continue;
      yield* this.#fragment({ agent, entry: { session, fragment: linked.fragment, linked } }, index, key);
    }
  }

  /** A transcript that names itself needs no link. */
  *#fragment(located: LocatedFragment | undefined, start: number, name: string): Generator<NamedPlace> {
    const { home } = this.#reading;
    if (home === null || located === undefined) return;
    const own = this.#reading.located?.entry.fragment;
    if (own !== undefined && placeId(own) === placeId(located.entry.fragment)) return;
    const uri = this.#fragmentUri(home, located);
    if (uri !== null) yield { start, end: start + name.length, location: lineLocation(uri, 0) };
  }

  #fragmentUri(home: HomeSnapshot, located: LocatedFragment): string | null {
    const { fragment } = located.entry;
    const target = fragmentTarget(home, located);
    if (this.#context.ownDocuments || (!needsDocument(fragment) && !isTooLarge(fragment))) return target.uri;
    return needsDocument(fragment) ? null : uriOf(target.path);
  }

  /** What a path opens; null when nothing is there that may be opened. */
  #uriOf(path: string): string | null {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    const uri = this.#found(path) ?? this.#moved(path);
    this.#files.set(path, uri);
    return uri;
  }

  #moved(path: string): string | null {
    const [, inside] = MOVED.exec(path) ?? [];
    const { home } = this.#reading;
    return inside === undefined || home === null ? null : this.#found(`${home.home.path}/${inside}`);
  }

  #found(path: string): string | null {
    const { host, ownDocuments } = this.#context;
    const snapshot = newest(host);
    const roots = [...snapshot.homes.map(({ home }) => home.path), ...host.workspaceFolders];
    const real = roots.some((root) => isInside(root, path)) ? realPath(path) : undefined;
    if (real === undefined || !roots.some((root) => isInside(realPath(root) ?? root, real)) || !isFile(real))
      return null;
    const inside = homeOfPath(snapshot, path);
    return inside === null || !ownDocuments ? uriOf(path) : homeFileTarget(inside.home, inside.path).uri;
  }
}

function isFile(path: string): boolean {
  try {
    return statThroughLinks(path)?.kind === "file";
  } catch (error) {
    if (error instanceof FileError) return false;
    throw error;
  }
}

/** Of each agent the newest fragment with each id, of its header or its file name. */
const BY_ID = new WeakMap<AgentSnapshot, ReadonlyMap<string, LocatedFragment>>();

function fragmentsById(agent: AgentSnapshot): ReadonlyMap<string, LocatedFragment> {
  const known = BY_ID.get(agent);
  if (known !== undefined) return known;
  const all = agent.sessions.flatMap((session) =>
    session.fragments.map((linked, position) => ({
      agent,
      entry: { session, fragment: linked.fragment, linked, position },
    })),
  );
  const byFile = all.flatMap((one) =>
    one.entry.fragment.fileId === null ? [] : [[one.entry.fragment.fileId, one] as const],
  );
  const byHeader = all.flatMap((one) =>
    one.entry.fragment.sessionId === null ? [] : [[one.entry.fragment.sessionId, one] as const],
  );
  const byId = new Map([...byFile, ...byHeader]);
  BY_ID.set(agent, byId);
  return byId;
}

function fragmentNamed({ agents }: HomeSnapshot, id: string): LocatedFragment | undefined {
  for (const agent of agents) {
    const found = fragmentsById(agent).get(id);
    if (found !== undefined) return found;
  }
  return undefined;
}
