/** Foreign text in Markdown: shown, and nothing else. */
import { escaped } from "../present/names.ts";

/** As code on one line, between more backticks than it holds. */
export function codeSpan(text: string): string {
  const safe = escaped(text);
  const longest = (safe.match(/`+/g) ?? []).reduce((most, { length }) => Math.max(most, length), 0);
  const fence = "`".repeat(longest + 1);
  const edge = safe.startsWith("`") || safe.endsWith("`") ? " " : "";
  return `${fence}${edge}${safe}${edge}${fence}`;
}

/** Lines stay lines; every other character that could do more than be seen is escaped. */
export const safeLines = (text: string): string =>
  text
    .split(/\r\n|\n|\r/)
    .map((line) => escaped(line.replaceAll("\t", "    ")))
    .join("\n");
