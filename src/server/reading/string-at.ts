/** The strings of a line of JSON, found by their quotation marks alone, so that a damaged line has them as well. */

export interface StringAt {
  /** What it says, unescaped. */
  readonly value: string;
  /** Positions behind its opening and at its closing quotation mark, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

const QUOTE = '"';
const BACKSLASH = 0x5c;

/** The string that the position lies in; null between strings. */
export function stringAt(text: string, character: number): StringAt | null {
  for (let open = text.indexOf(QUOTE); open !== -1 && open <= character;) {
    const close = closing(text, open);
    if (close === -1) return null;
    if (character <= close) return { value: unescaped(text.slice(open, close + 1)), start: open + 1, end: close };
    open = text.indexOf(QUOTE, close + 1);
  }
  return null;
}

/** A quotation mark behind an odd number of backslashes belongs to the string. */
function closing(text: string, open: number): number {
  for (let at = text.indexOf(QUOTE, open + 1); at !== -1; at = text.indexOf(QUOTE, at + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return at;
  }
  return -1;
}

function unescaped(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted.slice(1, -1);
  }
}
