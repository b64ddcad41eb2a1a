/** The conversations that documents show: made when a client asks, and kept for what an editor asks about their lines afterwards. */
import { createHash } from "node:crypto";

import { type ConversationContents, conversationLayout } from "../../engine/present/conversation/conversation.ts";
import type { ConversationLayout } from "../../engine/present/conversation/layout.ts";
import { isShown } from "../../engine/present/conversation/turns.ts";
import { escaped } from "../../engine/present/names.ts";
import { maskSecrets } from "../../engine/present/secrets.ts";
import { sessionLabel } from "../../engine/present/sessions.ts";
import type { ChainSubject } from "../../engine/present/chain-text.ts";
import { decodeCursor, encodeCursor } from "../../engine/reading/cursor.ts";
import { newestStretch, type Stretch } from "../../engine/reading/newest-stretch.ts";
import { count } from "../../model/amounts.ts";
import type { TranscriptEntry } from "../../model/entry.ts";
import type { ExecProvenance } from "../../model/exec.ts";
import { placeId } from "../../model/fragment.ts";
import type { Session } from "../../model/session.ts";
import type { Conversation, ConversationAnswer, ConversationParams } from "../../protocol/conversation.ts";
import { Refusal } from "../../protocol/errors.ts";
import { FileError } from "../../system/files.ts";
import { newest, refusal, sessionOrRefuse } from "../answers.ts";
import type { EngineHost } from "../engine-host.ts";

/** What one document shows, as an editor that asks about a line has to have it. */
export interface ShownConversation {
  readonly subject: ChainSubject;
  readonly layout: ConversationLayout;
}

interface Kept extends ShownConversation {
  readonly version: string;
}

/** Documents that are kept in mind; nobody has more of them open at a time. */
const MOST_KEPT = 24;
/** Of each the newest, and the one before: an editor may ask about the text that it still shows. */
const MOST_VERSIONS = 2;
/** Characters. An editor colours no more than 20 MB, and asks about the lines of no document beyond 16. */
const FULL = 10 << 20;

export class Conversations {
  readonly #kept = new Map<string, readonly Kept[]>();

  /** Rejects with a refusal for a session that is not there any more. */
  async answer(host: EngineHost, params: ConversationParams, signal?: AbortSignal): Promise<ConversationAnswer> {
    const subject = shownSubject(host, params);
    const before = this.#kept.get(params.uri)?.[0];
    // A session stays the same object as long as nothing about it changes.
    const isSame = before?.subject.session === subject.session && before.version === versionOf(params);
    if (isSame && params.known === before.version) return null;
    const from = params.from === undefined ? null : decodeCursor(params.from);
    const older = params.older === true && !isFull(before?.layout);
    const traced = tracing(subject.session, params.execs === true);
    const upTo = lastShown(subject.session, params);
    const shown = {
      ...subject,
      session: { ...subject.session, fragments: subject.session.fragments.slice(0, upTo + 1) },
    };
    const [stretch, provenance] = await Promise.all([
      newestStretch(host, shown, { from, older, accepts, ...(signal === undefined ? {} : { signal }) }),
      traced === "now" ? provenanceOf(host, subject) : null,
    ]);
    const { hasMasked, layout } = laidOut(
      { ...stretch, subject, upTo, provenance, untraced: traced === "never" },
      params.secrets === true,
    );
    const begin = stretch.from === null ? {} : { from: encodeCursor(stretch.from) };
    // What is shown is asked for again by where it begins.
    const version = versionOf({ ...params, ...begin, older: false });
    this.#keep(params.uri, { subject, layout, version });
    return {
      version,
      text: layout.text,
      summary: summaryOf(subject, stretch),
      from: begin.from ?? null,
      hasOlder: stretch.hasOlder,
      isFull: isFull(layout),
      hasMasked,
      execsPending: traced === "later",
      anchors: anchorsOf({ layout, subject }),
      folded: foldedOf(layout),
      marks: layout.marks,
    };
  }

  /** What the document shows whose text is this; undefined for any other document. */
  shown(uri: string, text: string | undefined): ShownConversation | undefined {
    return this.#kept.get(uri)?.find(({ layout }) => layout.text === text);
  }

  #keep(uri: string, one: Kept): void {
    const versions = [one, ...(this.#kept.get(uri) ?? [])].slice(0, MOST_VERSIONS);
    // Deleted first, so that it comes to stand at the end, as the one that was used last.
    this.#kept.delete(uri);
    this.#kept.set(uri, versions);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }
}

/** Headers are not shown, but tell that a fragment is there from its beginning. */
const accepts = (entry: TranscriptEntry): boolean => entry.kind === "header" || isShown(entry);

/** The session, up to the fragment that is asked for. */
function shownSubject(host: EngineHost, { session: ref, upTo }: ConversationParams): ChainSubject {
  const snapshot = newest(host);
  const subject = sessionOrRefuse(snapshot, ref);
  if (upTo !== undefined && indexOf(subject.session, upTo) === -1)
    throw refusal(Refusal.notFound, "This fragment is not in the chain any more.", snapshot);
  return subject;
}

const isFull = (layout: ConversationLayout | undefined): boolean => layout !== undefined && layout.text.length >= FULL;

/** Index of the last fragment that is shown. */
const lastShown = (session: Session, { upTo }: ConversationParams): number =>
  upTo === undefined ? session.fragments.length - 1 : indexOf(session, upTo);

const indexOf = ({ fragments }: Session, id: string): number =>
  fragments.findIndex(({ fragment }) => placeId(fragment) === id);

/** Bytes of a chain that are read for execs while somebody waits; more are read once the rest is shown. */
const READ_AT_ONCE = 16 << 20;
/** More are not read at all: of the newest fragment, which is read again whenever it grows, and of the whole chain. */
const MOST_READ = { newest: 64 << 20, chain: 512 << 20 } as const;

/** Whether background execs of the chain are traced: now, once the rest is shown, or not at all. */
function tracing({ fragments }: Session, isAsked: boolean): "later" | "never" | "now" {
  const bytes = fragments.reduce((sum, { fragment }) => sum + fragment.bytes, 0);
  if ((fragments.at(-1)?.fragment.bytes ?? 0) > MOST_READ.newest || bytes > MOST_READ.chain) return "never";
  return isAsked || bytes <= READ_AT_ONCE ? "now" : "later";
}

/** Null where that can't be found out: all else is shown without. */
async function provenanceOf(host: EngineHost, { agent, home, session }: ChainSubject): Promise<ExecProvenance | null> {
  try {
    return await host.execs(home.home.path, agent.reading.name, session.id);
  } catch (error) {
    if (error instanceof FileError) return null;
    throw error;
  }
}

/** Differs whenever what is shown does, as long as the session is the same object. */
function versionOf(params: Pick<ConversationParams, "execs" | "from" | "older" | "secrets">): string {
  const { execs = false, from = "", older = false, secrets = false } = params;
  return createHash("sha256")
    .update(JSON.stringify([from, older, secrets, execs]))
    .digest("base64url")
    .slice(0, 22);
}

interface Laid {
  readonly layout: ConversationLayout;
  readonly hasMasked: boolean;
}

function laidOut(contents: Omit<ConversationContents, "mask">, secrets: boolean): Laid {
  let hasMasked = false;
  const mask = (text: string): string => {
    const masked = maskSecrets(text);
    hasMasked ||= masked !== text;
    return masked;
  };
  const layout = conversationLayout({ ...contents, mask: secrets ? (text) => text : mask });
  return { layout, hasMasked };
}

function summaryOf({ agent, session }: ChainSubject, { entries, hasOlder }: Stretch): string {
  const shown = count(entries.filter(({ entry }) => isShown(entry)).length, "entry");
  const what = hasOlder ? `the newest ${shown}` : `all ${shown}`;
  return escaped(
    [maskSecrets(sessionLabel(session, agent.reading.name)), what, count(session.fragments.length, "fragment")].join(
      " · ",
    ),
  );
}

/** Short names for entries and folds, that stay while the chain grows: its fragments keep their numbers. */
function anchorsOf({ layout, subject }: ShownConversation): Conversation["anchors"] {
  const numbers = new Map(subject.session.fragments.map(({ fragment }, index) => [placeId(fragment), index + 1]));
  return layout.entries.map(({ entry, start }) => [
    start,
    `${numbers.get(placeId(entry.fragment)) ?? 0}:${entry.line}`,
  ]);
}

const foldedOf = ({ folds }: ConversationLayout): Conversation["folded"] =>
  folds.flatMap(({ name, start }) => (name === null ? [] : [[start, name] as const]));
