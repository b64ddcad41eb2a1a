/** Texts and lines that are hard to search: escapes, cases, control characters, bytes that are no text. */
import type { Random } from "./random.ts";

const PIECES = [
  "needle",
  "Haystack",
  "Kälte",
  "STRASSE ß ẞ",
  "日本語",
  "ΣΊΣΥΦΟΣ",
  "𐐀𐐨",
  "😀",
  "\u212a\u017f",
  '"quoted"',
  "C:\\temp\\new",
  "a/b",
  "</script>",
  "\n",
  "\r\n",
  "\t",
  "\u0000",
  "\u001b[31m",
  "\u2028",
  "\u007f",
  "\ufffd",
  "e\u0301",
  " ",
  ".*+?^${}()|[]-#&~",
];

/** A text of a few pieces; never empty. */
export function hostileText(random: Random): string {
  const pieces = Array.from({ length: 1 + random.below(6) }, () => random.pick(PIECES));
  return pieces.join(random.chance(0.5) ? "" : " ");
}

/** The same text, some letters in another case. */
export function inOtherCase(random: Random, text: string): string {
  return Array.from(text, (one) => {
    const other = random.chance(0.5) ? one.toUpperCase() : one.toLowerCase();
    return random.chance(0.5) && Array.from(other).length === 1 ? other : one;
  }).join("");
}

/** The value as JSON in one of the ways in which programs write it: with more escapes than are needed. */
export function escapedJson(random: Random, value: unknown): string {
  const json = JSON.stringify(value);
  const way = random.below(4);
  if (way === 0) return json;
  if (way === 1) return json.replaceAll(/[^\0-\x7f]/g, escape);
  if (way === 2) return json.replaceAll("/", "\\/").replaceAll(/[<>&]/g, escape);
  // Inside of strings any character may be written by its number.
  return json.replaceAll(/(?<=[\p{L} ])[\p{L} ](?=[\p{L} ])/gu, (one) => (random.chance(0.2) ? escape(one) : one));
}

const escape = (text: string): string =>
  text
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
