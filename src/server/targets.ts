/** What opens when someone follows a name: the file itself, or a document made of what lies inside of it. */
import { entriesAt, locateById, locateEvent, locateFragment, windowCount } from "../engine/lookup.ts";
import type { LocatedFragment } from "../engine/lookup.ts";
import type { FileReference } from "../engine/present/lines.ts";
import { shortExtent } from "../engine/present/places.ts";
import { fragmentLabel, isNow, sessionLabel } from "../engine/present/sessions.ts";
import type { Finding } from "../model/finding.ts";
import { size } from "../model/amounts.ts";
import { type Fragment, type FragmentPlace, placeId } from "../model/fragment.ts";
import type { Session } from "../model/session.ts";
import type { AgentSnapshot, HomeSnapshot, Snapshot } from "../model/snapshot.ts";
import type { FileTarget } from "../protocol/items.ts";
import { pathFrom } from "../system/files.ts";
import { addressUri, blockOf } from "./documents/addresses.ts";
import type { Part } from "./documents/addresses.ts";
import { isLong } from "./documents/parts.ts";
import { homeOfPath } from "./home-places.ts";
import { fileTarget } from "./paths.ts";

/** A file that is opened, and where. */
export interface Target extends FileTarget {
  /** Counted from 1; null for its start. */
  readonly line: number | null;
}

/** Whether it can't be opened as the text file that it lies in. */
export const needsDocument = ({ archive, path, window }: Fragment): boolean =>
  window !== undefined || archive !== undefined || path.endsWith(".zst");

/** An editor colours no larger file, and tells extensions nothing of files of more than 50 MB. */
const LARGEST_IN_EDITOR = 20_000_000;

/** Whether it is a file that opens better in parts. */
export const isTooLarge = (fragment: Fragment): boolean =>
  !needsDocument(fragment) && fragment.bytes > LARGEST_IN_EDITOR;

/** "incident, events 8-14", "incident, newest events": what stays the same while a window grows. */
function titleOf({ agent, entry: { fragment, session } }: LocatedFragment, part: Part): string {
  const label = sessionLabel(session, agent.reading.name);
  const { archive, kind, window } = fragment;
  const count = windowCount(session, fragment);
  const mayGrow = archive === undefined && kind === "window" && count?.number === count?.of;
  if (window !== undefined && mayGrow) {
    const from = part === "start" ? window.fromSeq : part;
    return `${label}, ${from === "end" ? "newest events" : `events from ${from}`}`;
  }
  if (part === "whole") return `${label}, all events`;
  const whole = `${label}, ${window === undefined ? fragmentLabel(session, fragment) : shortExtent(window)}`;
  const block = blockOf(part);
  if (block !== null) return `${whole}, from ${size(block)}`;
  return part === "start" ? whole : `${whole}, ${part === "end" ? "newest" : `from ${part}`}`;
}

/** Thousands of rows and findings name their documents anew with each revision, and few of them differ. */
const URIS = new WeakMap<Session, Map<string, string>>();

/** The document of a fragment, or of a part of it. */
export function transcriptUri(home: HomeSnapshot, located: LocatedFragment, part: Part): string {
  const { fragment, session } = located.entry;
  const known = URIS.get(session) ?? new Map<string, string>();
  URIS.set(session, known);
  const key = `${placeId(fragment)}\n${part}`;
  const uri = known.get(key) ?? madeUri(home, located, part);
  known.set(key, uri);
  return uri;
}

function madeUri(home: HomeSnapshot, located: LocatedFragment, part: Part): string {
  const { fragment } = located.entry;
  const file = pathFrom(home.home.path, fragment.path);
  return addressUri(
    { what: "transcript", home: home.home.path, file, fragment: placeId(fragment), part },
    titleOf(located, part),
  );
}

/** Where a fragment opens: as the file that it is, or in parts where it is none, or too large. */
export function fragmentTarget(home: HomeSnapshot, located: LocatedFragment): FileTarget {
  const { fragment } = located.entry;
  if (needsDocument(fragment) || isTooLarge(fragment)) return partsTarget(home, located);
  return fileTarget(pathFrom(home.home.path, fragment.path));
}

/** The document of a fragment in parts: its beginning, unless it is long and still grows; then what happened last is looked for. */
export function partsTarget(home: HomeSnapshot, located: LocatedFragment): FileTarget {
  const { fragment, session } = located.entry;
  const part = isLong(fragment) && isNow(session, fragment) ? "end" : "start";
  return { path: pathFrom(home.home.path, fragment.path), uri: transcriptUri(home, located, part) };
}

/** Where the whole of a transcript opens, by its id and home-relative path: to be compared with another whole. */
export function wholeTarget(
  home: HomeSnapshot,
  agent: AgentSnapshot,
  path: string,
  sessionId: string | null,
): FileTarget {
  const entry = entriesAt(agent, path).find(({ fragment }) => sessionId === null || fragment.sessionId === sessionId);
  const file = pathFrom(home.home.path, path);
  if (entry === undefined || !needsDocument(entry.fragment)) return fileTarget(file);
  return {
    path: file,
    uri: transcriptUri(home, { agent, entry }, entry.fragment.window === undefined ? "start" : "whole"),
  };
}

/** The same for the place of a fragment. */
export function placeTarget(home: HomeSnapshot, place: FragmentPlace): FileTarget {
  const located = locateById(home, placeId(place));
  return located === undefined ? homeFileTarget(home, place.path) : fragmentTarget(home, located);
}

/** The rows of a store as a document, in an order of their own: so that it can be compared, whatever it lies in. */
export function storeTarget({ home }: HomeSnapshot, { reading }: Pick<AgentSnapshot, "reading">): FileTarget {
  const file = pathFrom(home.path, reading.store.path);
  return { path: file, uri: addressUri({ what: "store", home: home.path, file }, `Store of ${reading.name}`) };
}

/** A file of the home, by its home-relative path. */
export function homeFileTarget(home: HomeSnapshot, relative: string): FileTarget {
  const agent = home.agents.find(({ reading: { store } }) => store.kind === "database" && store.path === relative);
  if (agent !== undefined) return storeTarget(home, agent);
  const located = relative.endsWith(".zst") ? locateFragment(home, relative) : undefined;
  return located === undefined ? fileTarget(pathFrom(home.home.path, relative)) : fragmentTarget(home, located);
}

/** An event shows in the whole of its window; in a long one the document begins with it. */
export function eventTarget(home: HomeSnapshot, located: LocatedFragment, seq: number): Target {
  const { fragment } = located.entry;
  const path = pathFrom(home.home.path, fragment.path);
  if (isLong(fragment)) return { path, uri: transcriptUri(home, located, seq), line: 1 };
  return { path, uri: transcriptUri(home, located, "start"), line: seq - (fragment.window?.fromSeq ?? 0) + 1 };
}

/** Where a line of a fragment opens, by its number as an event: in the file itself, where that opens as a text. */
export function lineTarget(home: HomeSnapshot, located: LocatedFragment, seq: number): Target {
  const { fragment } = located.entry;
  if (needsDocument(fragment) || isTooLarge(fragment)) return eventTarget(home, located, seq);
  return { ...fileTarget(pathFrom(home.home.path, fragment.path)), line: seq + 1 };
}

/** What a finding is about: an event, a line, a file. */
export function findingTarget(home: HomeSnapshot, { damage, event, path, range }: Finding): Target {
  const located = event === undefined ? undefined : locateEvent(home, path, event);
  if (located !== undefined && event !== undefined) return eventTarget(home, located, event.seq);
  const holder = damage === undefined || !path.endsWith(".zst") ? undefined : locateLine(home, path, damage.seq);
  if (holder !== undefined && damage !== undefined) return lineTarget(home, holder, damage.seq);
  return { ...homeFileTarget(home, path), line: range?.line ?? null };
}

/** The fragment of an archive that a line (from 0) of it lies in. */
function locateLine(home: HomeSnapshot, path: string, line: number): LocatedFragment | undefined {
  for (const agent of home.agents) {
    const entry = entriesAt(agent, path).findLast(({ fragment: { window } }) => (window?.fromSeq ?? 0) <= line);
    if (entry !== undefined) return { agent, entry };
  }
  return undefined;
}

/** What a reference means. */
export function referenceTarget(snapshot: Snapshot, { path, line: number, part, event }: FileReference): Target {
  const line = number ?? null;
  const inside = homeOfPath(snapshot, path);
  if (inside === null) return { path, uri: fileTarget(path).uri, line };
  const { home, path: relative } = inside;
  if (event !== undefined) {
    const located = locateEvent(home, relative, event);
    if (located !== undefined) return eventTarget(home, located, event.seq);
  }
  const located = part === undefined ? undefined : locateById(home, placeId({ path: relative, ...part }));
  const target = located === undefined ? homeFileTarget(home, relative) : fragmentTarget(home, located);
  return { ...target, line };
}
