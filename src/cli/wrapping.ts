/** Breaks long lines at blanks for a terminal, so that sentences stay readable and paths stay whole. */
import type { Line, Span } from "../engine/present/lines.ts";

const lengthOf = (line: Line): number => line.reduce((sum, one) => sum + Array.from(one.text).length, 0);

/** Words with the blanks behind them; a word may have several tones. */
function wordsOf(line: Line): Span[][] {
  const words: Span[][] = [[]];
  for (const part of line)
    for (const text of part.text.match(/[^ ]+ *| +/g) ?? []) {
      words.at(-1)?.push({ ...part, text });
      if (text.endsWith(" ")) words.push([]);
    }
  return words.filter((one) => one.length > 0);
}

const withoutBlanks = (word: Line): Line => word.map((one) => ({ ...one, text: one.text.trimEnd() }));

/** Further lines begin under the first word of the first; a single long word is never broken. */
export function wrapped(line: Line, width: number): Line[] {
  if (lengthOf(line) <= width) return [line];
  const [first = []] = wordsOf(line);
  const indent = first[0] !== undefined && first[0].text.trim() === "" ? lengthOf(first) : 0;
  const lines: Span[][] = [[]];
  let used = 0;
  for (const word of wordsOf(line)) {
    if (used > indent && used + lengthOf(withoutBlanks(word)) > width) {
      lines.push(indent === 0 ? [] : [{ text: " ".repeat(indent), tone: "plain" }]);
      used = indent;
    }
    lines.at(-1)?.push(...word);
    used += lengthOf(word);
  }
  return lines;
}
