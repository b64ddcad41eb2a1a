/** Hand-written JSON: comments, trailing commas, single quotes and bare keys are read; what can't be read is left out. */
import { parse, type ParseError } from "jsonc-parser";

export interface TolerantResult {
  readonly value: unknown;
  /** Character offset of the first place that made no sense, or null. */
  readonly errorOffset: number | null;
}

/** Parses JSON, JSON with comments, or the common part of JSON5. Never throws. */
export function parseTolerant(text: string): TolerantResult {
  const errors: ParseError[] = [];
  const body = text.startsWith("\uFEFF") ? text.slice(1) : text;
  try {
    const value: unknown = parse(quoted(body), errors, { allowTrailingComma: true, allowEmptyContent: true });
    return { value, errorOffset: errors[0]?.offset ?? null };
  } catch (error) {
    // Nested more deeply than the parser's stack reaches.
    if (!(error instanceof RangeError)) throw error;
    return { value: undefined, errorOffset: 0 };
  }
}

/**
 * Comments and strings are passed over as they are; single-quoted strings and bare keys become double-quoted ones. What is
 * never closed goes to the end, and words are taken whole: so each character is looked at once, whatever the text.
 */
const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"\\]+|\\[\s\S])*(?:"|\\?$)|'((?:[^'\\]+|\\[\s\S])*)(?:'|\\?$)|[A-Za-z_$][\w$]*(?:\s*:)?/g;

function quoted(text: string): string {
  return text.replace(TOKEN, (token, single: string | undefined) => {
    if (/^[A-Za-z_$]/.test(token)) return token.endsWith(":") ? withQuotedKey(token) : token;
    if (single === undefined || token.length < 2 || !token.endsWith("'")) return token;
    const inner = single.replaceAll(/\\[\s\S]|"/g, (part) => (part === '"' ? '\\"' : part === "\\'" ? "'" : part));
    return `"${inner}"`;
  });
}

/** `key :` with its quotes. */
function withQuotedKey(token: string): string {
  const key = /^[\w$]+/.exec(token)?.[0] ?? "";
  return `${JSON.stringify(key)}${token.slice(key.length)}`;
}
