/** Texts of a conversation as lines that an editor can hold: bounded, broken where they are too long, nothing in them acting. */
import { size } from "../../../model/amounts.ts";
import { line, type Line, span } from "../lines.ts";

/** How texts are shown. */
export interface Manner {
  /** Takes secrets out of a text, or leaves it as it is. */
  readonly mask: (text: string) => string;
}

/** Characters of one message. A person reads no more at a stretch; the raw line has the rest. */
export const MOST_SAID = 40_000;
/** Characters of the arguments, or the answer, of one tool. */
export const MOST_OF_TOOL = 16_000;
/** An editor stops to colour longer lines, and wraps them slowly. */
const LONGEST_LINE = 2_000;
/** A secret at the place of the cut is recognised only when it stands there whole. */
const BEYOND_CUT = 4_000;

export interface Excerpt {
  readonly lines: readonly string[];
  /** Characters that are left out at the end. */
  readonly left: number;
}

/** The beginning of the text, line by line. */
export function excerpt(text: string, most: number, { mask }: Manner): Excerpt {
  const isCut = text.length > most;
  const masked = mask(isCut ? text.slice(0, most + BEYOND_CUT) : text);
  const kept = isCut ? wholeCharacters(masked.slice(0, most)) : masked;
  return { lines: linesOf(kept), left: isCut ? text.length - most : 0 };
}

/** No half of a surrogate pair at the end. */
const wholeCharacters = (text: string): string => (/[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text);

function linesOf(text: string): string[] {
  return text
    .replace(/\s+$/, "")
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .flatMap((one) => broken(withBlanks(one)));
}

/** Tabs reach to the next of the columns that an editor would put them to. */
const withBlanks = (text: string): string => text.trimEnd().replaceAll("\t", "    ");

function broken(text: string): string[] {
  if (text.length <= LONGEST_LINE) return [text];
  const pieces: string[] = [];
  for (let rest = text; rest !== "";) {
    const piece = wholeCharacters(rest.slice(0, LONGEST_LINE));
    pieces.push(piece);
    rest = rest.slice(piece.length);
  }
  return pieces;
}

/** Colour modes and the like of a terminal: what a command printed with colours reads as without. */
// oxlint-disable-next-line no-control-regex
const TERMINAL_CODES = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))/g;

/** What a command printed, without the codes that a terminal would act on. */
export const withoutTerminalCodes = (text: string): string => text.replace(TERMINAL_CODES, "");

/** The excerpt with so many blanks before each line; empty lines stay empty. */
export function excerptLines({ left, lines }: Excerpt, depth: number): Line[] {
  const blanks = " ".repeat(depth);
  const rest = left === 0 ? [] : [line(`${blanks}… ${size(left)} more in the transcript`, "dim")];
  return [...lines.map((one) => (one === "" ? [] : [span(blanks + one)])), ...rest];
}

/** The beginning of a text on one line, of at most `most` characters. */
export function firstWords(text: string, most: number, { mask }: Manner): string {
  const words = mask(text.slice(0, most + BEYOND_CUT))
    .replaceAll(/\s+/g, " ")
    .trim();
  return words.length <= most ? words : `${wholeCharacters(words.slice(0, most - 1)).trimEnd()}…`;
}
