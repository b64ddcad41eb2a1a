/** Hover on an entry of sessions.json: its session, its chain, whether its transcript is there, and its lock. */
import type { Position } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";

import { findingsOfSession, locateById, sessionByKey } from "../../engine/lookup.ts";
import type { ChainSubject } from "../../engine/present/chain-text.ts";
import { fileSpan, line, span } from "../../engine/present/lines.ts";
import type { Line } from "../../engine/present/lines.ts";
import { placeName } from "../../engine/present/places.ts";
import { momentAgo } from "../../engine/present/times.ts";
import { scanObject } from "../../formats/json-object.ts";
import { placeId } from "../../model/fragment.ts";
import { type StoreRow, transcriptOf } from "../../model/store.ts";
import { pathFrom } from "../../system/files.ts";
import { chainLine, findingLines, homeLine, keyLines, paragraphs, resumeLines, sessionLockLines } from "./parts.ts";
import type { HoverView } from "./parts.ts";

/** The session key whose row holds this place of a store's text; null outside of every row. Broken texts are read as far as they go. */
export function keyAt(document: TextDocument, position: Position): string | null {
  const text = document.getText();
  const offset = Buffer.byteLength(text.slice(0, document.offsetAt(position)));
  for (const one of scanObject(Buffer.from(text))) {
    if (one.what === "damage" || one.offset + one.length < offset) continue;
    return one.line - 1 <= position.line ? one.key : null;
  }
  return null;
}

/** The row at a line (from 0), where the text itself is not at hand: the last that begins at or before it. */
export const rowAtLine = (rows: readonly StoreRow[], index: number): StoreRow | undefined =>
  rows.filter(({ line: at }) => at !== null && at - 1 <= index).toSorted((a, b) => (b.line ?? 0) - (a.line ?? 0))[0];

function transcriptLines({ home }: ChainSubject, row: StoreRow): Line[] {
  const place = transcriptOf(row);
  if (place === null) return [line("It names no transcript: normal until the first turn.")];
  const entry = locateById(home, placeId(place))?.entry;
  const name = placeName(home.home.path, place);
  const foreign: Line[] =
    row.transcriptBy === "foreign" && row.sessionFile !== null
      ? [
          [
            span("Its sessionFile leads out of this store: "),
            fileSpan(row.sessionFile, { path: pathFrom(home.home.path, row.sessionFile) }),
          ],
        ]
      : [];
  if (entry === undefined) return [[span("Its transcript is missing: ", "strong"), name], ...foreign];
  const header = entry.fragment.sessionId;
  const differs =
    header !== null && row.sessionId !== null && header !== row.sessionId
      ? [line(`The header there names another id: ${header}`)]
      : [];
  return [[span("Its transcript is there: "), name], ...foreign, ...differs];
}

function statusLines(row: StoreRow): Line[] {
  if (row.status === null) return [];
  return [line(`Status: ${row.status}${row.abortedLastRun === true ? ", last run aborted" : ""}`)];
}

const updatedLines = ({ updatedAt }: StoreRow, { now }: HoverView): Line[] =>
  updatedAt === null ? [] : [line(`Updated ${momentAgo(updatedAt, now)}`)];

/** Undefined when the scan knows no such row. */
export function rowHover(subject: Omit<ChainSubject, "session">, key: string, view: HoverView): Line[] | undefined {
  const { home, agent } = subject;
  const session = sessionByKey(agent, key);
  const row = agent.reading.store.rows.find((one) => one.key === key);
  if (session === undefined || row === undefined) return undefined;
  const whole = { ...subject, session };
  return paragraphs(
    resumeLines(session),
    keyLines(whole),
    [...statusLines(row), ...updatedLines(row, view)],
    [...transcriptLines(whole, row), chainLine(whole)],
    sessionLockLines(whole),
    [homeLine(home, view)],
    findingLines(findingsOfSession(home, session), view),
  );
}
