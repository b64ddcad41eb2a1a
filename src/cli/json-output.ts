/** Writes one JSON document in pieces, so that a huge one never stands in memory as one text. */

const INDENT = "  ";
/** Levels that are written piece by piece: document, homes, home, agents, agent, sessions. Below them values are small. */
const LEVELS = 6;
const PIECE = 1 << 16;

const isBranch = (value: unknown): value is object => typeof value === "object" && value !== null;

/** The same text as `JSON.stringify(value, null, 2)`. */
function* tokens(value: unknown, indent: string, levels: number): Generator<string> {
  const entries = isBranch(value) ? Object.entries(value).filter(([, one]) => one !== undefined) : [];
  if (levels === 0 || entries.length === 0) {
    yield JSON.stringify(value, null, INDENT).replaceAll("\n", `\n${indent}`);
    return;
  }
  const isList = Array.isArray(value);
  let separator = isList ? "[" : "{";
  for (const [name, one] of entries) {
    yield `${separator}\n${indent}${INDENT}${isList ? "" : `${JSON.stringify(name)}: `}`;
    yield* tokens(one, indent + INDENT, levels - 1);
    separator = ",";
  }
  yield `\n${indent}${isList ? "]" : "}"}`;
}

/** The document as pieces of text, ending with a newline. */
export function* jsonPieces(document: unknown): Generator<string> {
  let piece = "";
  for (const token of tokens(document, "", LEVELS)) {
    piece += token;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = "";
  }
  yield `${piece}\n`;
}
