/** What is known of background execs, entry by entry: at a start where its completion came, at a completion what started it. */
import { evidenceText } from "../../model/evidence.ts";
import type { ExecOrigin, ExecPlace, ExecRecord } from "../../model/exec.ts";
import type { ExecOutcome } from "../../model/exec-trace.ts";
import type { Certainty } from "../../model/session.ts";
import type { ExecEntry, ExecIndex } from "../exec-index.ts";
import { isoTime } from "../present/times.ts";
import { placeDocument, type PlaceDocument } from "./places.ts";

/** The other end of an exec, with what says so. */
export interface ExecEndDocument {
  readonly entryId: string | null;
  readonly fragment: PlaceDocument;
  readonly line: number;
  readonly at: string | null;
  readonly certainty: Certainty;
  readonly evidence: readonly string[];
  /** Other execs that it can mean, by the entry that started each; absent when sure. */
  readonly alternatives?: readonly EntryPlaceDocument[];
}

export interface EntryPlaceDocument {
  readonly entryId: string | null;
  readonly fragment: PlaceDocument;
  readonly line: number;
}

/** Of the entry that started the exec. */
export interface OriginDocument extends ExecEndDocument {
  readonly slug: string;
  readonly command: string | null;
}

/** Of the entry that tells of its end. */
export interface DeliveryDocument extends ExecEndDocument {
  readonly outcome: ExecOutcome["outcome"];
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** What a message says of execs, as the history's JSON has it. */
export interface ExecNotes {
  /** On a completion; null when nothing that started it was found. */
  readonly origin?: OriginDocument | null;
  /** Of every completion, where one entry tells of several. */
  readonly origins?: readonly (OriginDocument | null)[];
  /** Why a completion has no origin. */
  readonly originUnknown?: string;
  /** On the result that started a background exec; null when no completion of it came. */
  readonly delivery?: DeliveryDocument | null;
  /** Why there is none: never: all was read; perhaps: one came that can mean it; unknown: not all could be read. */
  readonly undelivered?: { readonly reason: "never" | "perhaps" | "unknown"; readonly text: string };
}

const entryPlaceDocument = ({ entryId, fragment, line }: ExecPlace): EntryPlaceDocument => ({
  entryId,
  fragment: placeDocument(fragment),
  line,
});

interface Known {
  readonly certainty: Certainty;
  readonly evidence: ExecOrigin["evidence"];
  readonly alternatives: readonly ExecPlace[];
}

function endDocument(place: ExecPlace, { alternatives, certainty, evidence }: Known): ExecEndDocument {
  const { entryId, fragment, line } = entryPlaceDocument(place);
  return {
    entryId,
    fragment,
    line,
    at: isoTime(place.at),
    certainty,
    evidence: evidence.map(evidenceText),
    ...(alternatives.length === 0 ? {} : { alternatives: alternatives.map(entryPlaceDocument) }),
  };
}

function originDocument(origin: ExecOrigin | null, mask: (text: string) => string): OriginDocument | null {
  if (origin === null) return null;
  const command = origin.command === null ? null : mask(origin.command);
  return { ...endDocument(origin.start, origin), slug: origin.slug, command };
}

function deliveryDocument({ delivery }: ExecRecord): DeliveryDocument | null {
  if (delivery === null) return null;
  const { exitCode, outcome, signal } = delivery;
  return { ...endDocument(delivery.place, delivery), outcome, exitCode, signal };
}

/** Of the exec that the entry started. */
function startNotes(execs: ExecIndex, entry: ExecEntry): ExecNotes {
  const [exec] = execs.startedAt(entry);
  if (exec === undefined) return {};
  const { undelivered } = exec;
  return {
    delivery: deliveryDocument(exec),
    ...(undelivered === null ? {} : { undelivered: { reason: undelivered.reason, text: undelivered.text } }),
  };
}

/** Of the completions that the entry tells of. */
function noticeNotes(execs: ExecIndex, entry: ExecEntry, mask: (text: string) => string): ExecNotes {
  const notices = execs.toldAt(entry);
  if (notices.length === 0) return {};
  const origins = notices.map(({ origin }) => originDocument(origin, mask));
  const origin = origins.find((one) => one !== null) ?? null;
  const reason = notices.find(({ open }) => open !== null)?.open ?? null;
  return {
    origin,
    ...(origins.length === 1 ? {} : { origins }),
    ...(origin !== null || reason === null ? {} : { originUnknown: reason }),
  };
}

/** The notes of one entry; `mask` is put over foreign texts. */
export function execNotes(execs: ExecIndex, entry: ExecEntry, mask: (text: string) => string): ExecNotes {
  return { ...startNotes(execs, entry), ...noticeNotes(execs, entry, mask) };
}
