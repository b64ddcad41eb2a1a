/** A tolerant scanner of one huge JSON object by bytes: where each top-level value stands, and where the text is broken. */

/** A property of the object: its key and where its value stands, in bytes. */
export interface ObjectEntry {
  readonly what: "entry";
  readonly key: string;
  /** Line of the key, counted from 1. */
  readonly line: number;
  /** Of the value. */
  readonly offset: number;
  readonly length: number;
}

/** A place where the text is no JSON; scanning goes on at the next entry that can be recognised. */
export interface ObjectDamage {
  readonly what: "damage";
  readonly reason: string;
  readonly offset: number;
  readonly line: number;
  /** Key of the entry that is cut or broken, when the damage lies in its value. */
  readonly key: string | null;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NEWLINE = 0x0a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;
const NUL = 0x00;
const MOST_UNCLOSED = 8;

/**
 * Yields the entries of the object in order, and damage where it is met. Works in one pass over the bytes; values are
 * not parsed, so a value may still turn out to be no JSON.
 */
export function* scanObject(bytes: Buffer): Generator<ObjectEntry | ObjectDamage> {
  const scan = new Scan(bytes);
  if (bytes.length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    yield scan.damage("begins with a byte order mark", 0, null);
    scan.at = 3;
  }
  scan.skipBlanks();
  if (scan.at >= bytes.length) return;
  if (bytes[scan.at] !== OPEN_BRACE) {
    yield scan.damage("is not a JSON object", scan.at, null);
    return;
  }
  scan.at += 1;
  yield* entriesOf(scan);
}

function* entriesOf(scan: Scan): Generator<ObjectEntry | ObjectDamage> {
  let expectEntry = false;
  for (;;) {
    scan.skipBlanks();
    const start = scan.at;
    if (scan.atEnd()) {
      yield scan.damage("ends before the object is closed", start, null);
      return;
    }
    if (scan.byte() === CLOSE_BRACE) {
      if (expectEntry) yield scan.damage("a comma without an entry behind it", start, null);
      const rest = damageAfter(scan, start + 1);
      if (rest === null) return;
      yield rest;
      expectEntry = false;
      if (!scan.recover(rest.offset)) return;
      continue;
    }
    const outcome = readEntry(scan);
    if (outcome.what === "entry") {
      yield outcome;
      scan.skipBlanks();
      expectEntry = scan.byte() === COMMA;
      if (expectEntry) scan.at += 1;
      else if (!scan.atEnd() && scan.byte() !== CLOSE_BRACE) {
        yield scan.damage("a comma is missing between two entries", scan.at, null);
        if (scan.byte() !== QUOTE && !scan.recover(scan.at)) return;
      }
    } else {
      yield outcome;
      expectEntry = false;
      if (!scan.recover(start)) return;
    }
  }
}

function readEntry(scan: Scan): ObjectEntry | ObjectDamage {
  const keyStart = scan.at;
  const line = scan.line;
  if (scan.byte() !== QUOTE) return scan.damage("something that is no entry", keyStart, null);
  scan.learnIndent(keyStart);
  const keyTrouble = scan.skipString();
  if (keyTrouble !== null) return scan.damage(keyTrouble, keyStart, null);
  const key = scan.text(keyStart, scan.at);
  scan.skipBlanks();
  if (key === null || scan.byte() !== COLON) return scan.damage("something that is no entry", keyStart, null);
  scan.at += 1;
  scan.skipBlanks();
  const offset = scan.at;
  const trouble = scan.skipValue();
  if (trouble !== null) return scan.damage(trouble, offset, key);
  return { what: "entry", key, line, offset, length: scan.at - offset };
}

/** What stands behind the closing brace, if anything: one brace too many puts the other entries there. */
function damageAfter(scan: Scan, end: number): ObjectDamage | null {
  scan.at = end;
  scan.skipBlanks();
  if (scan.atEnd()) return null;
  const reason = scan.byte() === NUL ? "NUL bytes behind the end of the object" : "text behind the end of the object";
  return scan.damage(reason, scan.at, null);
}

/** Where the scan stands, and how it moves on. */
class Scan {
  readonly bytes: Buffer;
  at = 0;
  line = 1;
  /** Newline, indent and quote that open every top-level key of a pretty-printed file; null when it is not one. */
  private opener: Buffer | null = null;
  private indentKnown = false;
  /** Values that never closed. After the first, values end where the next top-level key opens, whatever their brackets say. */
  private unclosed = 0;
  /** A place whose line is known; damage is met in ascending order, so that lines are counted once. */
  private counted = { offset: 0, line: 1 };

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  atEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  byte(): number {
    return this.bytes[this.at] ?? -1;
  }

  damage(reason: string, offset: number, key: string | null): ObjectDamage {
    return { what: "damage", reason, offset, line: this.lineOf(offset), key };
  }

  skipBlanks(): void {
    for (; this.at < this.bytes.length; this.at += 1) {
      const byte = this.bytes[this.at];
      if (byte === NEWLINE) this.line += 1;
      else if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return;
    }
  }

  /** Passes a string; null when it was whole, else what is wrong. A raw newline ends it: JSON has none in strings. */
  skipString(): string | null {
    const bytes = this.bytes;
    for (let at = this.at + 1; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) {
        this.at = at + 1;
        return null;
      }
      if (byte === BACKSLASH) at += 1;
      else if (byte === NEWLINE || byte === NUL) {
        this.at = at;
        return byte === NUL ? "NUL bytes inside a string" : "a string that is not closed";
      }
    }
    this.at = bytes.length;
    return "ends inside a string";
  }

  /** Passes a value; null when it was whole, else what is wrong. */
  skipValue(): string | null {
    const offset = this.at;
    const first = this.byte();
    if (first === QUOTE) return this.skipString();
    if (first === OPEN_BRACE || first === OPEN_BRACKET) return this.skipNesting() ?? this.swallowTrouble(offset);
    const start = this.at;
    for (; this.at < this.bytes.length; this.at += 1) {
      const byte = this.byte();
      if (byte === COMMA || byte === CLOSE_BRACE || byte <= 0x20) break;
    }
    if (this.atEnd()) return "ends inside a value";
    return this.at === start ? "a value is missing" : null;
  }

  private skipNesting(): string | null {
    let depth = 0;
    for (; this.at < this.bytes.length; this.at += 1) {
      const byte = this.bytes[this.at];
      if (byte === QUOTE) {
        const trouble = this.skipString();
        if (trouble !== null) return trouble;
        this.at -= 1;
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        depth += 1;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        depth -= 1;
        if (depth === 0) {
          this.at += 1;
          return null;
        }
      } else if (byte === NEWLINE) {
        this.line += 1;
        if (this.unclosed > 0 && this.opensEntry(this.at)) return "a value that is not closed";
      } else if (byte === NUL) {
        return "NUL bytes inside a value";
      }
    }
    this.unclosed += 1;
    return "ends inside a value";
  }

  /**
   * A value whose closing bracket is missing ends at a later bracket, and swallows entries. In a pretty-printed file that
   * shows: its end is not indented as its key is, and a top-level key stands inside it.
   */
  private swallowTrouble(offset: number): string | null {
    const opener = this.opener;
    if (opener === null) return null;
    const indent = opener.length - 1;
    if (this.bytes.compare(opener, 0, indent, this.at - 1 - indent, this.at - 1) === 0) return null;
    const inside = this.bytes.subarray(offset, this.at);
    if (!inside.includes(opener) || isJson(inside)) return null;
    this.unclosed += 1;
    return "a value that is not closed";
  }

  /** The first key tells how the writer indents; only a key that opens its own line can be found again after damage. */
  learnIndent(keyStart: number): void {
    if (this.indentKnown) return;
    this.indentKnown = true;
    let start = keyStart;
    while (start > 0 && (this.bytes[start - 1] === 0x20 || this.bytes[start - 1] === 0x09)) start -= 1;
    if (start > 0 && start < keyStart && this.bytes[start - 1] === NEWLINE) {
      this.opener = Buffer.from(this.bytes.subarray(start - 1, keyStart + 1));
    }
  }

  /** Moves to the next top-level key that can be recognised behind `start`; false when there is none. */
  recover(start: number): boolean {
    // Each unclosed value was read to the end of the file: without line breaks to go by, only a few can be afforded.
    if (this.opener === null && this.unclosed > MOST_UNCLOSED) return false;
    const opener = this.nextOpener(start + 1);
    const sessionKey = this.nextSessionKey(start + 1, opener === -1 ? this.bytes.length : opener);
    const next = sessionKey === -1 ? opener : sessionKey;
    if (next === -1) return false;
    this.line = this.lineOf(next);
    this.at = next;
    return true;
  }

  text(start: number, end: number): string | null {
    try {
      const value: unknown = JSON.parse(this.bytes.toString("utf8", start, end));
      return typeof value === "string" ? value : null;
    } catch {
      return null;
    }
  }

  private opensEntry(newline: number): boolean {
    const opener = this.opener;
    return opener !== null && opener.equals(this.bytes.subarray(newline, newline + opener.length));
  }

  private nextOpener(from: number): number {
    const opener = this.opener;
    const found = opener === null ? -1 : this.bytes.indexOf(opener, from);
    return opener === null || found === -1 ? -1 : found + opener.length - 1;
  }

  /** Wherever it stands, a key of the form `"agent:…": {` is surely one of the store itself. */
  private nextSessionKey(from: number, limit: number): number {
    const text = this.bytes.subarray(from, limit);
    for (let at = text.indexOf('"agent:'); at !== -1; at = text.indexOf('"agent:', at + 1)) {
      const end = text.indexOf(QUOTE, at + 1);
      if (end === -1) return -1;
      if (/^"\s*:\s*\{/.test(this.bytes.toString("latin1", from + end, from + end + 20))) return from + at;
    }
    return -1;
  }

  private lineOf(offset: number): number {
    const known = offset >= this.counted.offset ? this.counted : { offset: 0, line: 1 };
    let line = known.line;
    for (let next = this.bytes.indexOf(NEWLINE, known.offset); next !== -1 && next < offset;) {
      line += 1;
      next = this.bytes.indexOf(NEWLINE, next + 1);
    }
    this.counted = { offset, line };
    return line;
  }
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString("utf8"));
    return true;
  } catch {
    return false;
  }
}
