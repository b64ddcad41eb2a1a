/** A text that is searched for in JSON Lines: where it stands in readable text, and which lines can hold it at all. */

/** Where the text stands; UTF-16 units, `end` exclusive. */
export interface TextMatch {
  readonly start: number;
  readonly end: number;
}

export interface SearchedText {
  readonly text: string;
  /** All places of the text in a readable one, in any case, without overlaps. */
  matchesIn(readable: string): TextMatch[];
  /**
   * A pattern in the syntax that regular expressions of JavaScript (flag u) and Rust share. A line of JSON in which a string holds the
   * text surely matches it; others may. Null where every line is to be read.
   */
  readonly linePattern: string | null;
  /** Whether the line matches that pattern. */
  mayStandIn(line: string): boolean;
}

/** Rejects nothing but the empty text, which stands everywhere. */
export function searchedText(text: string): SearchedText {
  if (text === "") throw new RangeError("an empty text can't be searched for");
  const pattern = new RegExp(literally(text), "giu");
  const run = plainRun(text);
  const linePattern = run === "" ? null : patternOf(Array.from(run, variantsOf));
  const line = linePattern === null ? null : new RegExp(linePattern, "u");
  return {
    text,
    matchesIn: (readable) =>
      Array.from(readable.matchAll(pattern), ({ 0: match, index }) => ({ start: index, end: index + match.length })),
    linePattern,
    mayStandIn: (one) => line === null || line.test(one),
  };
}

/** A longer stretch makes the pattern larger, and hardly any line more is passed over. */
const LONGEST_RUN = 64;

/**
 * Characters that stand in JSON as they are, unless they are written as `\u`: all but those with an escape of their own. U+FFFD
 * also stands for bytes that are no text, and a lone surrogate can't be written at all.
 */
const NOT_PLAIN = /[\p{Cc}\p{Cs}"\\/\ufffd]+/u;

/** The longest stretch of such characters. */
function plainRun(text: string): string {
  const runs = text.split(NOT_PLAIN).map((run) => Array.from(run).slice(0, LONGEST_RUN));
  return runs.reduce((longest, run) => (run.length > longest.length ? run : longest), []).join("");
}

const hexadecimal = (character: string): string => (character.codePointAt(0) ?? 0).toString(16);

/** Escaped by number where it may have a meaning of its own. */
const literally = (text: string): string =>
  Array.from(text, (one) => (/^[\p{L}\p{N}]$/u.test(one) ? one : `\\u{${hexadecimal(one)}}`)).join("");

/**
 * The characters in any case, spelt out, so that nothing depends on which version of Unicode a reader of the pattern knows; or an
 * escape behind which one of them may hide.
 */
function patternOf(characters: readonly (readonly string[])[]): string {
  const plain = characters.map((variants) => (variants.length === 1 ? variants.map(plainly) : ["[", ...variants, "]"]));
  return `${plain.flat().join("")}|${escapesOf(characters.flat())}`;
}

/** `\u` and the first three of the four digits that these characters have, in any case. */
function escapesOf(characters: readonly string[]): string {
  const units = characters.flatMap((one) =>
    one.split("").map((unit) => unit.charCodeAt(0).toString(16).padStart(4, "0")),
  );
  const beginnings = new Set(units.map((unit) => unit.slice(0, 3)));
  const inAnyCase = [...beginnings].map((one) =>
    one.replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`),
  );
  return String.raw`\\u(?:${inAnyCase.join("|")})`;
}

/** Punctuation of ASCII by `\xHH`, which both syntaxes have; all else as it is. */
const plainly = (character: string): string =>
  /^[!-/:-@[-`{-~ ]$/.test(character) ? `\\x${hexadecimal(character).padStart(2, "0")}` : character;

/** Every character that equals this one when case does not count. */
function variantsOf(character: string): string[] {
  if (!/^[\p{L}\p{M}\p{N}\p{S}]$/u.test(character)) return [character];
  const equal = casedCharacters().match(new RegExp(literally(character), "giu")) ?? [];
  return [...new Set([character, ...equal])];
}

let cased: string | undefined;

/** Every character that has more than one case. */
function casedCharacters(): string {
  if (cased !== undefined) return cased;
  cased = "";
  for (let code = 0; code <= LAST_CASED; code += 1) {
    const character = String.fromCodePoint(code);
    if (/^[\p{Changes_When_Casemapped}\p{Changes_When_Casefolded}]$/u.test(character)) cased += character;
  }
  return cased;
}

/** Alphabets with cases lie in the planes 0 and 1. */
const LAST_CASED = 0x1ffff;
