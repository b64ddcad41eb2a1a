/** What items of a timeline say: in the tooltip, and to a screen reader. Texts are plain and come from foreign files. */
import type { TimelineLane, TimelineMark, TimelineMarkKind } from "../../protocol/timeline.ts";
import { type Item, timesOf } from "./scene.ts";

/** More lines than this no tooltip has room for. */
const MOST_LINES = 8;

export const time = (at: number): string => `${new Date(at).toISOString().replace("T", " ").slice(0, 19)} UTC`;

const range = ([from, to]: readonly [number, number]): string =>
  from === to ? time(from) : `${time(from).replace(/ UTC$/, "")} to ${time(to)}`;

const NOUNS: Readonly<Record<TimelineMarkKind, string>> = {
  reset: "resets",
  deleted: "deletions",
  compaction: "compactions",
  error: "errors",
  aborted: "aborted turns",
  exec: "background commands",
  lock: "locks",
  "gateway-trouble": "troubles in the gateway's log",
  gateway: "lines of the gateway's log",
};

function markLines(marks: readonly TimelineMark[]): string[] {
  const [first] = marks;
  if (first === undefined) return [];
  if (marks.length === 1) return [first.label, time(first.at)];
  const shown = marks.slice(0, MOST_LINES).map(({ at, label }) => `${time(at)}  ${label}`);
  return [`${marks.length} ${NOUNS[first.kind]}`, ...shown, ...(marks.length > MOST_LINES ? ["…"] : [])];
}

/** The first line names it. */
export function linesOf(lane: TimelineLane, item: Item): string[] {
  switch (item.what) {
    case "bar":
      return [`${lane.label} · ${item.bar.label}`, ...item.bar.facts];
    case "group":
      return [`${lane.label} · ${item.bars.length} fragments`, range(timesOf(item)), "Enter or click: closer"];
    case "mark":
      return [...markLines(item.marks), lane.label];
    case "arrow":
      return [
        item.exec.label,
        `${time(item.exec.from.at)} to ${item.exec.to === null ? "?" : time(item.exec.to.at)}`,
        `told in another fragment${item.exec.certainty === null ? "" : `: ${item.exec.certainty}`}`,
      ];
  }
}

export const spoken = (lane: TimelineLane, item: Item): string => linesOf(lane, item).join(", ");

/** The names of the marks, for the legend. */
export const LEGEND: readonly (readonly [kind: TimelineMarkKind | "arrow", name: string])[] = [
  ["reset", "Reset"],
  ["deleted", "Deletion"],
  ["compaction", "Compaction"],
  ["error", "Error"],
  ["aborted", "Aborted"],
  ["lock", "Lock"],
  ["gateway-trouble", "Gateway log"],
  ["arrow", "Background command across a reset"],
];
