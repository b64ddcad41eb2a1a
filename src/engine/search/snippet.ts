/** What is shown of a text around a match: one line, without secrets, without characters that act. */
import type { SearchedText, TextMatch } from "../../formats/searched-text.ts";
import type { Snippet } from "../../model/search.ts";
import { escaped } from "../present/names.ts";
import { maskSecrets } from "../present/secrets.ts";

const BEFORE = 60;
const AFTER = 140;
/** A secret is known by its beginning, so more is masked than is shown: whole words, as secrets are. */
const MASKED_AROUND = 512;
/** No secret is longer. */
const LONGEST_SECRET = 32 * 1024;
/** Private keys are text of many words. */
const KEY_BEGINS = "-----BEGIN ";

/** `match` is a place of the searched text in `text`. */
export function snippetOf(searched: SearchedText, text: string, match: TextMatch, masks: boolean): Snippet {
  if (!masks) return cut(searched, text, match);
  const { from, to } = maskedStretch(text, match);
  const around = text.slice(from, to);
  const masked = maskSecrets(around);
  if (masked === around) return cut(searched, text, match);
  const places = searched.matchesIn(masked);
  const before = searched.matchesIn(around);
  const wanted = before.findIndex(({ start }) => start >= match.start - from);
  // As many matches as before: none was a part of a secret.
  const place = places.length === before.length ? places[wanted] : places[0];
  return place === undefined ? withoutMatch(masked, match.start - from) : cut(searched, masked, place);
}

/** All that a secret in what is shown may reach to. */
function maskedStretch(text: string, { end, start }: TextMatch): { readonly from: number; readonly to: number } {
  const widest = { from: Math.max(0, start - LONGEST_SECRET), to: Math.min(text.length, end + LONGEST_SECRET) };
  const key = text.lastIndexOf(KEY_BEGINS, start);
  let from = Math.max(widest.from, start - MASKED_AROUND);
  let to = Math.min(widest.to, end + MASKED_AROUND);
  while (from > widest.from && !isBlank(text, from - 1)) from -= 1;
  while (to < widest.to && !isBlank(text, to)) to += 1;
  return { from: key < widest.from ? from : Math.min(from, key), to };
}

const isBlank = (text: string, at: number): boolean => /\s/.test(text.charAt(at));

function cut(searched: SearchedText, text: string, { start, end }: TextMatch): Snippet {
  const from = Math.max(0, start - BEFORE);
  const to = Math.min(text.length, start + AFTER + (end - start));
  const before = `${from > 0 ? "…" : ""}${onOneLine(text.slice(from, start)).trimStart()}`;
  const shown = onOneLine(text.slice(start, end));
  const after = onOneLine(text.slice(end, to)).trimEnd();
  const first = { start: before.length, end: before.length + shown.length };
  const others = searched.matchesIn(after).map((one) => ({ start: first.end + one.start, end: first.end + one.end }));
  return { text: `${before}${shown}${after}${to < text.length ? "…" : ""}`, matches: [first, ...others] };
}

/** The match was a part of a secret: what stands around it tells where. */
function withoutMatch(masked: string, near: number): Snippet {
  const from = Math.min(Math.max(0, near - BEFORE), Math.max(0, masked.length - BEFORE - AFTER));
  const stretch = onOneLine(masked.slice(from, from + BEFORE + AFTER)).trim();
  return { text: `${from > 0 ? "…" : ""}${stretch}${from + BEFORE + AFTER < masked.length ? "…" : ""}`, matches: [] };
}

/** A cut may fall between the halves of a surrogate pair. */
const onOneLine = (text: string): string =>
  escaped(text.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, "").replaceAll(/\s+/g, " "));
