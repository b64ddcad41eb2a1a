/** The figures as a plain text table: ratios with the absolute times beside them. */
import { count, size } from "../src/model/amounts.ts";
import type { DatabaseResult, LargeResult, ReadingResult, Result, SearchResult } from "./result.ts";

const COLUMN = 24;
const LABEL = 38;

/** One column per size. */
export function table(results: readonly Result[], runs: number): string {
  const line = (label: string, cell: (result: Result) => string): string =>
    label.padEnd(LABEL) + results.map((result) => cell(result).padStart(COLUMN)).join("");
  return [
    line(`medians of ${count(runs, "run")}`, ({ fragments }) => `${grouped(fragments)} fragments`),
    line("files in the sessions folders", ({ files }) => grouped(files)),
    line("readdir + stat", ({ listMs }) => ms(listMs)),
    line("readdir + stat + read 4 KiB", ({ readMs }) => ms(readMs)),
    line("first scan / plain read", ({ firstMs, readMs }) => ratio(firstMs, readMs)),
    line("first look / plain read", ({ lookMs, lookReadMs }) => ratio(lookMs, lookReadMs)),
    line("unchanged rescan / readdir + stat", ({ rescanMs, listMs }) => ratio(rescanMs, listMs)),
    line("scan after restart / readdir + stat", ({ restartMs, listMs }) => ratio(restartMs, listMs)),
    line("one appended file", ({ appendMs }) => ms(appendMs)),
    line("first tree row", ({ firstRowMs }) => ms(firstRowMs)),
    line("whole tree", ({ wholeTreeMs }) => ms(wholeTreeMs)),
    line("peak memory per 1,000 fragments", ({ peakBytes, fragments }) => size((peakBytes / fragments) * 1000)),
    line("kept memory per 1,000 fragments", ({ keptBytes, fragments }) => size((keptBytes / fragments) * 1000)),
    "",
    "All files lie in the system's page cache; from a cold disk the reads dominate, and the ratios go down.",
  ].join("\n");
}

/** The same for databases. */
export function databaseTable(results: readonly DatabaseResult[], runs: number): string {
  const line = (label: string, cell: (result: DatabaseResult) => string): string =>
    label.padEnd(LABEL) + results.map((result) => cell(result).padStart(COLUMN)).join("");
  return [
    line(`medians of ${count(runs, "run")}`, ({ sessions }) => `${grouped(sessions)} sessions`),
    line("events in the database", ({ events }) => grouped(events)),
    line("its size", ({ bytes }) => size(bytes)),
    line("SELECT count(*), first", ({ firstCountMs }) => ms(firstCountMs)),
    line("SELECT count(*), again", ({ countMs }) => ms(countMs)),
    line("first list / first count", ({ firstMs, firstCountMs }) => ratio(firstMs, firstCountMs)),
    line("unchanged rescan / count", ({ rescanMs, countMs }) => ratio(rescanMs, countMs)),
    line("one commit seen / count", ({ commitMs, countMs }) => ratio(commitMs, countMs)),
    line("one commit / that of the first column", ({ commitMs }) => ratio(commitMs, results[0]!.commitMs)),
  ].join("\n");
}

/** The same for searches. */
export function searchTable(results: readonly SearchResult[], runs: number): string {
  const line = (label: string, cell: (result: SearchResult) => string): string =>
    label.padEnd(LABEL) + results.map((result) => cell(result).padStart(COLUMN)).join("");
  return [
    line(`medians of ${count(runs, "run")}`, ({ bytes }) => `${size(bytes)} of transcripts`),
    line("searched for", ({ text }) => `"${text}"`),
    line("lines found", ({ hits }) => grouped(hits)),
    line("rg --count", ({ rgMs }) => ms(rgMs)),
    line("first line found / rg", ({ firstMs, rgMs }) => ratio(firstMs, rgMs)),
    line("search with ripgrep / rg", ({ withMs, rgMs }) => ratio(withMs, rgMs)),
    line("search without / rg", ({ ownMs, rgMs }) => ratio(ownMs, rgMs)),
    line("per line found, with ripgrep", ({ withMs, hits }) => `${((withMs / hits) * 1000).toFixed(1)} µs`),
  ].join("\n");
}

/** The same for reading transcripts whole, and page by page. */
export function readingTable(results: readonly ReadingResult[], runs: number): string {
  const line = (label: string, cell: (result: ReadingResult) => string): string =>
    label.padEnd(LABEL) + results.map((result) => cell(result).padStart(COLUMN)).join("");
  return [
    line(`medians of ${count(runs, "run")}`, ({ bytes }) => `a transcript of ${size(bytes)}`),
    line("its lines", ({ lines }) => grouped(lines)),
    line("JSON.parse of each line", ({ parseMs }) => ms(parseMs)),
    line("deep check / JSON.parse", ({ checkMs, parseMs }) => ratio(checkMs, parseMs)),
    line("peak memory of the deep check", ({ peakBytes }) => size(peakBytes)),
    line("fragments of another session", ({ fragments }) => grouped(fragments)),
    line("pages of its history", ({ pages }) => grouped(pages)),
    line("JSON.parse of its newest fragment", ({ parseOneMs }) => ms(parseOneMs)),
    line("newest page of its history", ({ newestMs }) => ms(newestMs)),
    line("a page further back", ({ pageMs }) => ms(pageMs)),
    line("all pages / JSON.parse of all lines", ({ allMs, parseAllMs }) => ratio(allMs, parseAllMs)),
  ].join("\n");
}

/** The same for one huge transcript. */
export function largeTable(results: readonly LargeResult[], runs: number): string {
  const line = (label: string, cell: (result: LargeResult) => string): string =>
    label.padEnd(LABEL) + results.map((result) => cell(result).padStart(COLUMN)).join("");
  return [
    line(`medians of ${count(runs, "run")}`, ({ bytes }) => `a transcript of ${size(bytes)}`),
    line("read to its end", ({ readMs }) => ms(readMs)),
    line("newest part, outline, hover / read", ({ partMs, readMs }) => ratio(partMs, readMs)),
    line("part in the middle / read", ({ middleMs, readMs }) => ratio(middleMs, readMs)),
    line("outline, hover of the file / read", ({ outlineMs, readMs }) => ratio(outlineMs, readMs)),
    line("hover on its last line / read", ({ lastLineMs, readMs }) => ratio(lastLineMs, readMs)),
    line("then on a line in the middle", ({ lineMs }) => ms(lineMs)),
  ].join("\n");
}

function grouped(number: number): string {
  return number.toLocaleString("en-US");
}

function ms(time: number): string {
  return time < 100 ? `${time.toFixed(1)} ms` : `${grouped(Math.round(time))} ms`;
}

function ratio(time: number, plain: number): string {
  return `${(time / plain).toFixed(2)}x  ${ms(time)}`;
}
