/** The top-level properties of a JSON object of which only the beginning is at hand (lines of megabytes, huge headers). */

export type Scalar = string | number | boolean | null;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;

/**
 * The strings, numbers, booleans and nulls that stand directly in the object beginning at `start`, as far as the bytes
 * reach; nested objects and arrays are passed over. Ends silently where the bytes end or make no sense.
 */
export function topLevelScalars(bytes: Buffer, start = 0): ReadonlyMap<string, Scalar> {
  const found = new Map<string, Scalar>();
  let at = blanksEnd(bytes, start);
  if (bytes[at] !== OPEN_BRACE) return found;
  at += 1;
  for (;;) {
    const keyStart = blanksEnd(bytes, at);
    const keyEnd = bytes[keyStart] === QUOTE ? stringEnd(bytes, keyStart) : -1;
    if (keyEnd === -1) return found;
    const colon = blanksEnd(bytes, keyEnd);
    if (bytes[colon] !== COLON) return found;
    const valueStart = blanksEnd(bytes, colon + 1);
    const valueEnd = skipValue(bytes, valueStart);
    if (valueEnd === -1) return found;
    const key = parsed(bytes, keyStart, keyEnd);
    const value = isNesting(bytes[valueStart]) ? undefined : parsed(bytes, valueStart, valueEnd);
    if (typeof key === "string" && isScalar(value)) found.set(key, value);
    at = blanksEnd(bytes, valueEnd);
    if (bytes[at] !== COMMA) return found;
    at += 1;
  }
}

/** Offset behind the string whose opening quote stands at `at`, or -1 when the bytes end inside it. */
export function stringEnd(bytes: Uint8Array, at: number): number {
  for (let next = at + 1; next < bytes.length; next += 1) {
    const byte = bytes[next];
    if (byte === QUOTE) return next + 1;
    if (byte === BACKSLASH) next += 1;
  }
  return -1;
}

/** Offset behind the value that begins at `at`, or -1 when the bytes end before it does. */
export function skipValue(bytes: Uint8Array, at: number): number {
  if (bytes[at] === QUOTE) return stringEnd(bytes, at);
  return isNesting(bytes[at]) ? nestingEnd(bytes, at) : literalEnd(bytes, at);
}

/** Offset behind the object or array that begins at `at`, or -1 when the bytes end inside it. */
export function nestingEnd(bytes: Uint8Array, at: number): number {
  let depth = 0;
  for (let next = at; next < bytes.length; next += 1) {
    const byte = bytes[next];
    if (byte === QUOTE) {
      const end = stringEnd(bytes, next);
      if (end === -1) return -1;
      next = end - 1;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth += 1;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return next + 1;
    }
  }
  return -1;
}

/** A number or literal counts only when something stands behind it: else it may be cut. */
function literalEnd(bytes: Uint8Array, at: number): number {
  for (let next = at; next < bytes.length; next += 1) {
    const byte = bytes[next] ?? 0;
    if (byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || byte <= 0x20)
      return next === at ? -1 : next;
  }
  return -1;
}

function isNesting(byte: number | undefined): boolean {
  return byte === OPEN_BRACE || byte === OPEN_BRACKET;
}

function blanksEnd(bytes: Uint8Array, at: number): number {
  let next = at;
  while (next < bytes.length && (bytes[next] ?? 0) <= 0x20) next += 1;
  return next;
}

function parsed(bytes: Buffer, start: number, end: number): unknown {
  try {
    return JSON.parse(bytes.toString("utf8", start, end));
  } catch {
    return undefined;
  }
}

function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
