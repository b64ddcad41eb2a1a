/** `session_history`: the messages of a session across all that was put away, or a brief of them. */
import * as v from "valibot";

import { continuationBrief, USUAL_BRIEF } from "../brief/brief.ts";
import { type HistoryPage, historyPage } from "../history/document.ts";
import type { HistoryMessage } from "../history/messages.ts";
import { maskSecrets } from "../present/secrets.ts";
import type { SessionHit } from "../query.ts";
import { LostCursorError } from "../reading/chain-reader.ts";
import { type ChainCursor, cursorAt, decodeCursor, encodeCursor } from "../reading/cursor.ts";
import { bytesOf, fitting, MOST_BYTES } from "./bounded.ts";
import { homeInput, limitInput, sessionInput } from "./inputs.ts";
import { mayContinue, nameOf, sessionChosen } from "./session-choice.ts";
import { sourcesOf } from "./sources.ts";
import { defineTool, type ToolAnswer, type ToolHost, ToolRefusal } from "./tool.ts";
import { UNTRUSTED_NOTE } from "./untrusted.ts";

/** Characters of one message. */
const MOST_CHARACTERS = 4000;
const LONGEST_BRIEF = 24_000;
const MOST_LISTED = 20;

const input = v.strictObject({
  session: sessionInput,
  home: homeInput,
  brief: v.optional(
    v.pipe(
      v.boolean(),
      v.description(
        "true: a summary made by rule instead of messages (requests, open work, background commands and their fate, files touched, where the text lies). The best first call to continue earlier work.",
      ),
    ),
    false,
  ),
  limit: limitInput(30, 200, "Messages of a page"),
  before: v.optional(
    v.pipe(
      v.string(),
      v.maxLength(8192),
      v.description("`nextCursor` of an earlier answer: gives the messages before it."),
    ),
  ),
  includeArchived: v.optional(
    v.pipe(
      v.boolean(),
      v.description("false: only the current fragment, without what resets and deletions put away. true without it."),
    ),
    true,
  ),
});

type Input = v.InferOutput<typeof input>;

/** The message with what a person or a program wrote under a name that says so. */
function quotedMessage({ text, calls, ...message }: HistoryMessage): ToolAnswer {
  return { ...message, quoted: text, ...(calls === undefined ? {} : { calls: calls.map(quotedCall) }) };
}

const quotedCall = ({ arguments: quoted, id, name }: NonNullable<HistoryMessage["calls"]>[number]): ToolAnswer => ({
  id,
  name,
  quoted,
});

function cursorOf(text: string | undefined): ChainCursor | undefined {
  if (text === undefined) return undefined;
  const cursor = decodeCursor(text);
  if (cursor === null)
    throw new ToolRefusal("`before` is no cursor. Give the nextCursor of an earlier answer, or leave it out.");
  return cursor;
}

const newestListed = <T>(all: readonly T[]): { readonly count: number; readonly newest: readonly T[] } => ({
  count: all.length,
  newest: all.slice(-MOST_LISTED),
});

/** The page as an answer: of too much text the oldest messages go to the next page. */
function pageAnswer(hit: SessionHit, { chain, document }: HistoryPage): ToolAnswer {
  const { messages, nextCursor, previousFragments, resetArchives, truncated, warnings, ...about } = document;
  const head = {
    note: UNTRUSTED_NOTE,
    ...about,
    ...nameOf(hit),
    mayContinue: mayContinue(hit),
    warnings: warnings.map(maskSecrets),
    previousFragments: newestListed(previousFragments),
    resetArchives: newestListed(
      resetArchives.map(({ path, window }) => ({ path, ...(window === undefined ? {} : { window }) })),
    ),
  };
  const newestFirst = messages.map(quotedMessage).toReversed();
  const kept = fitting(newestFirst, MOST_BYTES - bytesOf(head)).toReversed();
  const left = messages.length - kept.length;
  const oldest = chain.entries[left];
  const cursor = left === 0 || oldest === undefined ? nextCursor : encodeCursor(cursorAt(oldest.fragment, oldest.seq));
  const shown = new Set(chain.entries.slice(left).map(({ fragment }) => fragment.fragment));
  return {
    ...head,
    messages: kept,
    truncated: truncated || left > 0,
    nextCursor: cursor,
    sources: sourcesOf(hit, [...shown]),
  };
}

async function messagesAnswer(
  host: ToolHost,
  hit: SessionHit,
  given: Input,
  signal?: AbortSignal,
): Promise<ToolAnswer> {
  const before = cursorOf(given.before);
  const page = await historyPage(host, hit, {
    limit: given.limit,
    archived: given.includeArchived,
    mostCharacters: MOST_CHARACTERS,
    showSecrets: false,
    now: host.now(),
    ...(before === undefined ? {} : { before }),
    ...(signal === undefined ? {} : { signal }),
  });
  return pageAnswer(hit, page);
}

async function briefAnswer(host: ToolHost, hit: SessionHit, signal?: AbortSignal): Promise<ToolAnswer> {
  const most = Math.min(LONGEST_BRIEF, USUAL_BRIEF * 2);
  const request = { most, now: host.now(), ...(signal === undefined ? {} : { signal }) };
  const brief = await continuationBrief(host, hit, request);
  return {
    note: UNTRUSTED_NOTE,
    ...nameOf(hit),
    sessionKey: hit.session.key,
    mayContinue: mayContinue(hit),
    archivedMessagesAvailable: brief.archivedMessagesAvailable,
    brief: brief.text,
    truncated: brief.truncated,
    sources: sourcesOf(
      hit,
      brief.fragments.map(({ fragment }) => fragment),
    ),
    warnings: brief.warnings.map(maskSecrets),
  };
}

export const sessionHistory = defineTool({
  name: "session_history",
  title: "Session History with Archives",
  description: `Gives the messages of one agent session as one conversation, across resets (/new, /reset), deletions, compactions and rotated transcript files: newest page first, with a cursor to older pages. Each message says in which file and line it stands; the end of a background command says where the command was started (\`origin\`), its start says where the end was told (\`delivery\`, null when never).
With brief: true it gives a short brief instead: what was being done, the user's last requests in their words, open tool calls, background commands and their fate, files touched, what is uncertain. Call that first when you are told to "continue" and the earlier work is not in your context. \`archivedMessagesAvailable\` tells whether there are messages from before the last reset. Where nothing decides what the oldest fragment continues, \`mayContinue\` names the files that it can be: call again with one of them as session. Read-only.`,
  input,
  async answer(host, given, signal) {
    const hit = sessionChosen(await host.snapshot(), given);
    try {
      return await (given.brief ? briefAnswer(host, hit, signal) : messagesAnswer(host, hit, given, signal));
    } catch (error) {
      if (error instanceof LostCursorError) throw new ToolRefusal(error.message);
      throw error;
    }
  },
});
