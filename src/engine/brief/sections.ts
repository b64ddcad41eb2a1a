/** Sections of a brief, and how they share the room that there is: what comes first in rank gets what others leave. */
import { count } from "../../model/amounts.ts";

/** A line, or a line with a quotation under it that may be cut. */
export interface Item {
  readonly head: string;
  /** Untrusted text, quoted line by line. */
  readonly quoted?: string;
}

export interface Section {
  readonly title: string;
  /** In the order in which they are shown. */
  readonly items: readonly Item[];
  /** Which items stay where there is no room for all. */
  readonly keep: "first" | "last";
  /** The part of the room that it surely gets, from 0 to 1. */
  readonly share: number;
  /** The lowest is the first to get what others leave. */
  readonly rank: number;
}

/** A quotation shorter than this says nothing. */
const SHORTEST_QUOTE = 60;

const quoteLines = (text: string): string =>
  text
    .split(/\r\n|\n|\r/)
    .map((line) => `> ${line}`.trimEnd())
    .join("\n");

function whole({ head, quoted }: Item): string {
  return quoted === undefined ? `${head}\n` : `${head}\n${quoteLines(quoted)}\n`;
}

const CUT = "\n> … (cut)\n";

/** The item in at most `room` characters; null when too little of it would be left. */
function within(item: Item, room: number): string | null {
  const text = whole(item);
  if (text.length <= room) return text;
  if (item.quoted === undefined || room < item.head.length + SHORTEST_QUOTE + CUT.length) return null;
  const cut = text.slice(0, room - CUT.length).replace(/[\uD800-\uDBFF]$/, "");
  return `${cut}${CUT}`;
}

const titleOf = ({ title }: Section): string => `\n## ${title}\n\n`;

const wholeLength = (section: Section): number =>
  titleOf(section).length + section.items.reduce((sum, item) => sum + whole(item).length, 0);

const leftOutLine = (number: number): string => `- … and ${count(number, "more item")}, not shown\n`;

function fitted(section: Section, room: number): { readonly text: string; readonly isWhole: boolean } {
  if (wholeLength(section) <= room) {
    const text = titleOf(section) + section.items.map(whole).join("");
    return { text, isWhole: true };
  }
  const inOrder = section.keep === "first" ? section.items : section.items.toReversed();
  let left = room - titleOf(section).length - leftOutLine(section.items.length).length;
  const shown: string[] = [];
  for (const item of inOrder) {
    const text = within(item, left);
    if (text === null) break;
    shown.push(text);
    left -= text.length;
  }
  if (shown.length === 0) return { text: "", isWhole: false };
  const rest = section.items.length - shown.length;
  const note = rest === 0 ? "" : leftOutLine(rest);
  const body = section.keep === "first" ? [...shown, note] : [note, ...shown.toReversed()];
  return { text: titleOf(section) + body.join(""), isWhole: false };
}

export interface Fitted {
  readonly text: string;
  /** Something had to be left out or cut. */
  readonly truncated: boolean;
}

/** The sections in their order, in at most `room` characters. Empty ones are left out. */
export function fitSections(sections: readonly Section[], room: number): Fitted {
  const filled = sections.filter(({ items }) => items.length > 0);
  const rooms = new Map(filled.map((one) => [one, Math.min(wholeLength(one), Math.floor(one.share * room))]));
  let left = room - [...rooms.values()].reduce((sum, one) => sum + one, 0);
  for (const one of filled.toSorted((a, b) => a.rank - b.rank)) {
    const given = rooms.get(one) ?? 0;
    const more = Math.max(0, Math.min(left, wholeLength(one) - given));
    rooms.set(one, given + more);
    left -= more;
  }
  const parts = filled.map((one) => fitted(one, rooms.get(one) ?? 0));
  return { text: parts.map(({ text }) => text).join(""), truncated: parts.some(({ isWhole }) => !isWhole) };
}
