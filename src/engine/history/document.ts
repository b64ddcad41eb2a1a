/** One page of a session's history as the JSON document of the contract "session-forensics/history/1". */
import { evidenceText } from "../../model/evidence.ts";
import type { ExecProvenance } from "../../model/exec.ts";
import type { TranscriptEntry } from "../../model/entry.ts";
import type { FragmentKind } from "../../model/fragment.ts";
import type { Certainty, LinkedFragment } from "../../model/session.ts";
import { FileError } from "../../system/files.ts";
import type { Engine } from "../engine.ts";
import { execIndex } from "../exec-index.ts";
import { isoTime } from "../present/times.ts";
import type { SessionHit } from "../query.ts";
import {
  type ChainPage,
  type ChainRequest,
  readChain,
  type TranscriptSource,
  type UnreadFragment,
} from "../reading/chain-reader.ts";
import { type ChainCursor, cursorAt, encodeCursor } from "../reading/cursor.ts";
import { type HistoryMessage, historyMessage, isMessage, type MessageForm } from "./messages.ts";
import { placeDocument, type PlaceDocument } from "./places.ts";
import { type ChainStanding, endedByReset, isPutAway, standingOf } from "./standing.ts";
import { historyWarnings } from "./warnings.ts";

const HISTORY_SCHEMA = "session-forensics/history/1";

/** Whoever gives transcripts and what is known of execs: an engine, or a host of one. */
export type HistorySource = TranscriptSource & Pick<Engine, "execs">;

/** Which page of a history, and in what form. */
export interface HistoryRequest extends MessageForm {
  /** Messages of the page. */
  readonly limit: number;
  readonly before?: ChainCursor;
  /** False leaves out what was put away: resets, deletions, former windows. */
  readonly archived: boolean;
  /** Milliseconds, UTC. */
  readonly now: number;
  readonly signal?: AbortSignal;
}

/** A fragment before the newest, and what ties the next one to it. */
export interface PreviousFragmentDocument extends PlaceDocument {
  readonly kind: FragmentKind;
  readonly sessionId: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly archivedAt: string | null;
  readonly bytes: number;
  /** How sure it is that the fragment after it continues it; null for the newest where nothing continues it. */
  readonly continuedWith: Certainty | null;
}

/** What the newest fragment continues, and how sure that is. */
export interface ContinuationDocument extends PlaceDocument {
  readonly certainty: Certainty;
  readonly evidence: readonly string[];
}

/** One page, with what is known of the whole chain. */
export interface HistoryDocument {
  readonly schema: typeof HISTORY_SCHEMA;
  /** Absolute; paths in the document are relative to it. */
  readonly home: string;
  readonly agent: string;
  readonly sessionKey: string | null;
  /** Id of what the session goes on in; null where nothing states one. */
  readonly sessionId: string | null;
  /** Oldest first. */
  readonly messages: readonly HistoryMessage[];
  /** Everything before the newest fragment, oldest first. */
  readonly previousFragments: readonly PreviousFragmentDocument[];
  /** Those that a reset ended. */
  readonly resetArchives: readonly PreviousFragmentDocument[];
  /** The fragment directly before the newest. */
  readonly continuationOf: ContinuationDocument | null;
  /** Whether there are messages in what was put away, also where this answer leaves them out. */
  readonly archivedMessagesAvailable: boolean;
  /** Something of the chain is not in this answer: older messages, archives that were left out, ends of long texts. */
  readonly truncated: boolean;
  /** Gives the page before this one. */
  readonly nextCursor: string | null;
  readonly warnings: readonly string[];
}

/** A page of the chain, with what its messages need. */
export interface HistoryPage {
  readonly chain: ChainPage;
  readonly standing: ChainStanding;
  readonly document: HistoryDocument;
}

const NO_PAGE: ChainPage = { entries: [], older: null, unread: [] };

/** The chain without what was put away, as one page. */
function pageOf(source: TranscriptSource, hit: SessionHit, request: HistoryRequest): Promise<ChainPage> {
  const newest = hit.session.fragments.at(-1)?.fragment;
  if (!request.archived && (newest === undefined || isPutAway(newest))) return Promise.resolve(NO_PAGE);
  return readChain(source, hit, {
    most: request.limit,
    accepts: isMessage,
    archived: request.archived,
    ...(request.before === undefined ? {} : { before: request.before }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  });
}

/** Whether a person or a model says something in it; what the program alone wrote down is nothing that was lost. */
const isConversation = (entry: TranscriptEntry): boolean => entry.kind === "message" || entry.kind === "compaction";

/** Whether messages were put away; looked for from the newest archive on, so mostly at the end of one fragment. */
export async function archivedMessages(
  source: TranscriptSource,
  hit: SessionHit,
  signal?: AbortSignal,
): Promise<Pick<HistoryDocument, "archivedMessagesAvailable"> & Pick<ChainPage, "unread">> {
  const newest = hit.session.fragments.at(-1);
  if (newest === undefined) return { archivedMessagesAvailable: false, unread: [] };
  const request: ChainRequest = { most: 1, accepts: isConversation, ...(signal === undefined ? {} : { signal }) };
  const before = cursorAt(newest, newest.fragment.window?.fromSeq ?? 0);
  const page = await readChain(source, hit, isPutAway(newest.fragment) ? request : { ...request, before });
  return { archivedMessagesAvailable: page.entries.length > 0, unread: page.unread };
}

/** Each fragment once. */
function allUnread(...lists: readonly (readonly UnreadFragment[])[]): UnreadFragment[] {
  return [...new Map(lists.flat().map((one) => [one.fragment, one])).values()];
}

/** Words of OpenClaw's notices: texts that a person could have typed are looked at as well. */
const TELLS_OF_EXECS = /\bexec(?:ution)? (?:completed|completion|finished|failed)\b|\basync command\b/i;

/** Whether the entry may start a background exec or tell of its end. Few do, so most pages need nothing of execs. */
function mayConcernExecs({ author, kind, notices, role, text, toolResult }: TranscriptEntry): boolean {
  if (toolResult !== null) return toolResult.background !== null;
  if (kind === "context" || notices.length > 0) return true;
  return role === "user" && (author === "program" || TELLS_OF_EXECS.test(text));
}

const NO_EXECS: ExecProvenance = { execs: [], notices: [], unread: [] };

async function execsFor(source: HistorySource, hit: SessionHit, { entries }: ChainPage): Promise<ExecProvenance> {
  if (!entries.some(({ entry }) => mayConcernExecs(entry))) return NO_EXECS;
  try {
    return await source.execs(hit.home.home.path, hit.agent.reading.name, hit.session.id);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return { ...NO_EXECS, unread: hit.session.fragments.map(({ fragment }) => fragment) };
  }
}

function previousDocument(linked: LinkedFragment, next: LinkedFragment | undefined): PreviousFragmentDocument {
  const { archivedAt, bytes, endedAt, kind, sessionId, startedAt } = linked.fragment;
  return {
    ...placeDocument(linked.fragment),
    kind,
    sessionId,
    startedAt: isoTime(startedAt),
    endedAt: isoTime(endedAt),
    archivedAt: isoTime(archivedAt),
    bytes,
    continuedWith: next?.link?.certainty ?? null,
  };
}

function continuationDocument({ continuationOf }: ChainStanding): ContinuationDocument | null {
  if (continuationOf === null) return null;
  const { certainty, evidence, previous } = continuationOf;
  return { ...placeDocument(previous), certainty, evidence: evidence.map(evidenceText) };
}

/** One page of the session's history, the newest without a cursor. Rejects with LostCursorError. */
export async function historyPage(
  source: HistorySource,
  hit: SessionHit,
  request: HistoryRequest,
): Promise<HistoryPage> {
  const { agent, home, session } = hit;
  const chain = await pageOf(source, hit, request);
  const execs = await execsFor(source, hit, chain);
  const index = execIndex(execs);
  const messages = chain.entries.map((entry) => historyMessage(entry, index, request));
  const standing = standingOf(session);
  const { archivedMessagesAvailable, unread: unreadArchives } = await archivedMessages(source, hit, request.signal);
  const unread = allUnread(chain.unread, unreadArchives);
  const all = session.fragments.map((linked, at) => previousDocument(linked, session.fragments[at + 1]));
  const leftOut = archivedMessagesAvailable && !request.archived;
  const document: HistoryDocument = {
    schema: HISTORY_SCHEMA,
    home: home.home.path,
    agent: agent.reading.name,
    sessionKey: session.key,
    sessionId: standing.current?.fragment.sessionId ?? session.row?.sessionId ?? null,
    messages,
    previousFragments: all.slice(0, standing.previous.length),
    resetArchives: all.filter((_, at) => endedByReset(session, session.fragments[at]!.fragment)),
    continuationOf: continuationDocument(standing),
    archivedMessagesAvailable,
    truncated: chain.older !== null || leftOut || unread.length > 0 || messages.some(({ cut }) => cut !== undefined),
    nextCursor: chain.older === null ? null : encodeCursor(chain.older),
    warnings: historyWarnings(hit, { unread, unreadForExecs: execs.unread }, request.now),
  };
  return { chain, standing, document };
}
