/** A part of a fragment's events as JSON Lines, with the ways to the parts beside it. */
import type { TranscriptPage } from "../../agents/program.ts";
import type { LocatedFragment } from "../../engine/lookup.ts";
import { isPlainFile } from "../../agents/transcripts.ts";
import { escaped } from "../../engine/present/names.ts";
import { partName, sessionLabel } from "../../engine/present/sessions.ts";
import { count } from "../../model/amounts.ts";
import { type Fragment, placeOf } from "../../model/fragment.ts";
import type { HomeSnapshot } from "../../model/snapshot.ts";
import type { DocumentContents } from "../../protocol/documents.ts";
import type { EngineHost } from "../engine-host.ts";
import { transcriptUri } from "../targets.ts";
import type { Part } from "./addresses.ts";
import { blockDocument } from "./blocks.ts";
import { oneLine, partBefore, readPart, readWhole } from "./parts.ts";
import type { ReadEvents } from "./parts.ts";

/** Differs whenever what is shown does; told without reading it. */
export function transcriptVersion(located: LocatedFragment, part: Part): string {
  const shown = part === "whole" ? windowsBeside(located) : [located.entry.fragment];
  return shown.map(({ bytes, modifiedAt, window }) => [window?.toSeq ?? "", bytes, modifiedAt].join(" ")).join(";");
}

/** "events 501 to 1000 of 1 to 1812", "events 0 to 499 and further ones" */
function extentOf({ events, first, last, next }: TranscriptPage): string {
  const [from, to] = [events[0]?.seq, events.at(-1)?.seq];
  if (from === undefined || to === undefined) return "no events";
  const shown = from === to ? `event ${from}` : `events ${from} to ${to}`;
  if (from === first && next === null) return shown;
  return last === null ? `${shown} and further ones` : `${shown} of ${first} to ${last}`;
}

function summaryOf({ agent, entry: { session } }: LocatedFragment, what: string, page: TranscriptPage): string {
  return escaped([sessionLabel(session, agent.reading.name), what, extentOf(page)].join(" · "));
}

function notesOf({ events }: TranscriptPage): DocumentContents["notes"] {
  return events.flatMap(({ seq, trouble }, line) =>
    trouble === undefined ? [] : [{ line, text: escaped(`Event ${seq} can't be shown: ${trouble}`) }],
  );
}

/** Rejects with FileError when the fragment can't be read any more. */
export async function transcriptDocument(
  host: EngineHost,
  home: HomeSnapshot,
  located: LocatedFragment,
  part: Part,
): Promise<DocumentContents> {
  const { fragment } = located.entry;
  if (isPlainFile(fragment) && typeof part === "string" && part !== "whole")
    return { ...blockDocument(host.transcripts, home, located, part), version: transcriptVersion(located, part) };
  const reading =
    (one: Fragment): ReadEvents =>
    (request) =>
      host.readTranscript(home.home.path, placeOf(one), request);
  if (part === "whole") return wholeDocument(located, reading);
  const page = await readPart(reading(fragment), part, fragment);
  const uriOf = (other: Part): string => transcriptUri(home, located, other);
  const from = page.events[0]?.seq ?? page.first;
  const isShort = from <= page.first && page.next === null;
  return {
    ...contentsOf(page),
    version: transcriptVersion(located, part),
    summary: summaryOf(located, partName(located.entry.session, fragment), page),
    older: from <= page.first ? null : uriOf(partBefore(from, page.first)),
    newer: page.next === null ? null : uriOf(page.next),
    newest: isShort || part === "end" || fragment.window === undefined ? null : uriOf("end"),
  };
}

function contentsOf(page: TranscriptPage): Pick<DocumentContents, "notes" | "text"> {
  return { text: page.events.map(({ text }) => `${oneLine(text)}\n`).join(""), notes: notesOf(page) };
}

/** All windows of the session id, to be compared with all of another. */
async function wholeDocument(
  located: LocatedFragment,
  reading: (fragment: Fragment) => ReadEvents,
): Promise<DocumentContents> {
  const windows = windowsBeside(located);
  const page = await readWhole(windows.map(reading));
  return {
    ...contentsOf(page),
    version: transcriptVersion(located, "whole"),
    summary: summaryOf(located, count(windows.length, "window"), page),
    older: null,
    newer: null,
    newest: null,
  };
}

/** The windows of the same session id in the same place, oldest first. */
function windowsBeside({ entry: { fragment, session } }: LocatedFragment): Fragment[] {
  const { archive, path, window } = fragment;
  return session.fragments
    .map((linked) => linked.fragment)
    .filter((one) => one.path === path && one.archive === archive && one.window?.sessionId === window?.sessionId)
    .toSorted((a, b) => (a.window?.fromSeq ?? 0) - (b.window?.fromSeq ?? 0));
}
