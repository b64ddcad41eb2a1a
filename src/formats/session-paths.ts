/** Paths of session files inside other text: error messages, logs. In time linear in the text, whatever it holds. */

/** How such a path ends: transcripts with their archives and locks, stores, databases. */
const ENDING = /\.jsonl(?:\.[\w+-]+)*|sessions\.json(?:\.[\w-]+)*|\.sqlite(?:-wal|-shm)?|\.lock/g;
const MOST_PATHS = 50;
const LONGEST = 4096;
const QUOTES = new Set(['"', "'", "`"]);
/** Quotes may also stand around a whole message, with a path at its end. */
const PATH_START = /^(?:[~/.\\]|[A-Za-z]:[\\/])/;
/** What ends a word that is not in quotes. */
const BOUNDARY = /[\s"'`()=,;<>]/;

/** The paths, each once, in their order, as they stand there: absolute or not. A path with blanks is told only in quotes. */
export function sessionPathsIn(text: string): string[] {
  const paths = new Set<string>();
  let reached = 0;
  for (const { 0: ending, index } of text.matchAll(ENDING)) {
    const end = index + ending.length;
    if (index < reached || (end < text.length && /[\w/\\]/.test(text[end]!))) continue;
    const start = startOf(text, index, end, reached);
    if (start < index || ending.startsWith("sessions")) paths.add(text.slice(start, end));
    reached = end;
    if (paths.size >= MOST_PATHS) break;
  }
  return [...paths];
}

function startOf(text: string, index: number, end: number, reached: number): number {
  const furthest = Math.max(reached, index - LONGEST);
  const quote = text[end];
  if (quote !== undefined && QUOTES.has(quote)) {
    const opening = text.lastIndexOf(quote, index);
    const quoted = text.slice(opening + 1, index);
    if (opening >= furthest && PATH_START.test(quoted) && !quoted.includes("\n")) return opening + 1;
  }
  let start = index;
  while (start > furthest && !BOUNDARY.test(text[start - 1]!)) start -= 1;
  return start;
}
