/** Foreign text inside Markdown: shown letter by letter, never as formatting, link, icon or HTML. */

const PUNCTUATION = /[!-/:-@[-`{-~]/g;
const BREAKS = /\s*[\r\n\u2028\u2029]+\s*/g;
/** A tooltip is read at a glance; the documents hold the rest. */
const MAX_LENGTH = 600;

/** Every ASCII punctuation mark may be escaped in Markdown; that also breaks up bare web addresses. */
export function escapeMarkdown(text: string): string {
  const line = text.replace(BREAKS, " ");
  const short = line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH).trimEnd()} …` : line;
  return short.replace(PUNCTUATION, String.raw`\$&`);
}
