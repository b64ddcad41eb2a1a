/** Raw control characters inside JSON strings, which JSON forbids (RFC 8259, 7), and the same text with them escaped. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/** Offsets of the bytes below U+0020 that stand inside a string. */
export function rawControls(json: Uint8Array): number[] {
  const found: number[] = [];
  let inString = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at]!;
    if (byte === QUOTE) inString = !inString;
    else if (!inString) continue;
    else if (byte === BACKSLASH) at += 1;
    else if (byte < SPACE) found.push(at);
  }
  return found;
}

/** Each control character as an escape, by its code. */
const ESCAPES = Array.from({ length: SPACE }, (_, code) => JSON.stringify(String.fromCharCode(code)).slice(1, -1));

/** The text with the bytes at these offsets written as escapes. */
export function escapedControls(json: Buffer, offsets: readonly number[]): string {
  let text = "";
  let from = 0;
  for (const at of offsets) {
    if (at > from) text += json.toString("utf8", from, at);
    text += ESCAPES[json[at]!]!;
    from = at + 1;
  }
  return text + json.toString("utf8", from);
}
