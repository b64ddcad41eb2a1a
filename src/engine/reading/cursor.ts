/** Where reading a chain backwards goes on: a text that a caller gives back, and that outlives growth and resets of the session. */
import { asNumber, asObject, asText } from "../../formats/json-values.ts";
import { placeId } from "../../model/fragment.ts";
import type { LinkedFragment, Session } from "../../model/session.ts";

/** The entries before this one are the older ones. */
export interface ChainCursor {
  /** Name of the fragment's place (`placeId`). */
  readonly fragment: string;
  /** The fragment's own id: finds it again when a reset has renamed its file meanwhile. */
  readonly sessionId: string | null;
  /** Number of the entry in the fragment. */
  readonly before: number;
}

/** The place before the entry with this number. */
export function cursorAt({ fragment }: LinkedFragment, before: number): ChainCursor {
  return { fragment: placeId(fragment), sessionId: fragment.sessionId, before };
}

/** As one word, without characters that a shell or a URL would touch. */
export function encodeCursor({ before, fragment, sessionId }: ChainCursor): string {
  return Buffer.from(JSON.stringify([fragment, sessionId, before])).toString("base64url");
}

/** Null for a text that is no cursor. */
export function decodeCursor(text: string): ChainCursor | null {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch {
    return null;
  }
  if (!Array.isArray(value) || asObject(value[0]) !== undefined) return null;
  const [fragment, sessionId, before] = [asText(value[0]), asText(value[1]), asNumber(value[2])];
  return fragment === null || before === null ? null : { fragment, sessionId, before };
}

/** Index of the cursor's fragment in the chain; -1 when the chain has no such fragment any more. */
export function positionOf({ fragments }: Pick<Session, "fragments">, cursor: ChainCursor): number {
  const there = fragments.findIndex(({ fragment }) => placeId(fragment) === cursor.fragment);
  // A live file that was reset meanwhile: its place may even hold the next fragment now.
  const isSame = there !== -1 && fragments[there]!.fragment.sessionId === cursor.sessionId;
  if (isSame || cursor.sessionId === null) return there;
  const renamed = fragments.findIndex(({ fragment }) => fragment.sessionId === cursor.sessionId && !fragment.window);
  return renamed === -1 ? there : renamed;
}
