/** How names and texts from foreign files are shown: nothing in them may act on a terminal or turn a line around. */

/**
 * Control and format characters (terminal sequences, bidirectional overrides, zero-width ones), line separators and lone
 * surrogates. The joiner U+200D stays: it holds emoji together.
 */
const UNSAFE = /(?!\u200d)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escapedCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return SHORT[character] ?? (code <= 0xff ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`);
}

/** The text with every character escaped that could do more than be seen. */
export const escaped = (text: string): string => text.replace(UNSAFE, escapedCharacter);

/** At most `width` characters: a longer text loses its middle, for both ends tell things apart. */
export function shortened(text: string, width: number): string {
  const characters = Array.from(text);
  if (characters.length <= width) return text;
  if (width < 3) return "…".slice(0, width);
  const head = Math.ceil((width - 1) / 2);
  return `${characters.slice(0, head).join("")}…${characters.slice(characters.length - (width - 1 - head)).join("")}`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The first eight digits of a UUID; any other id as it is. */
export const shortId = (id: string): string => (UUID.test(id) ? id.slice(0, 8) : id);
