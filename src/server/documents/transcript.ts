/** A part of a fragment's events as JSON Lines, with the ways to the parts beside it. */
import type { TranscriptPage } from "../../agents/program.ts";
import type { LocatedFragment } from "../../engine/lookup.ts";
import { escaped } from "../../engine/present/names.ts";
import { partName, sessionLabel } from "../../engine/present/sessions.ts";
import { type Fragment, placeOf } from "../../model/fragment.ts";
import type { HomeSnapshot } from "../../model/snapshot.ts";
import type { DocumentContents } from "../../protocol/documents.ts";
import type { EngineHost } from "../engine-host.ts";
import { transcriptUri } from "../targets.ts";
import type { Part } from "./addresses.ts";
import { partBefore, readPart } from "./parts.ts";

/** Differs whenever the fragment does; told without reading it. */
export function transcriptVersion({ bytes, modifiedAt, window }: Fragment): string {
  return [window?.toSeq ?? "", bytes, modifiedAt].join(" ");
}

/** "events 501 to 1000 of 1 to 1812", "events 0 to 499 and further ones" */
function extentOf({ events, first, last, next }: TranscriptPage): string {
  const [from, to] = [events[0]?.seq, events.at(-1)?.seq];
  if (from === undefined || to === undefined) return "no events";
  const shown = from === to ? `event ${from}` : `events ${from} to ${to}`;
  if (from === first && next === null) return shown;
  return last === null ? `${shown} and further ones` : `${shown} of ${first} to ${last}`;
}

function summaryOf({ agent, entry: { fragment, session } }: LocatedFragment, page: TranscriptPage): string {
  const label = sessionLabel(session, agent.reading.name);
  return escaped([label, partName(session, fragment), extentOf(page)].join(" · "));
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
  const place = placeOf(fragment);
  const page = await readPart((request) => host.readTranscript(home.home.path, place, request), part, fragment);
  const uriOf = (other: Part): string => transcriptUri(home, located, other);
  const from = page.events[0]?.seq ?? page.first;
  const isShort = from <= page.first && page.next === null;
  return {
    version: transcriptVersion(fragment),
    text: page.events.map(({ text }) => `${text}\n`).join(""),
    summary: summaryOf(located, page),
    older: from <= page.first ? null : uriOf(partBefore(from, page.first)),
    newer: page.next === null ? null : uriOf(page.next),
    newest: isShort || part === "end" || fragment.window === undefined ? null : uriOf("end"),
    notes: notesOf(page),
  };
}
