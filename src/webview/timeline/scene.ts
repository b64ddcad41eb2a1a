/** What of a timeline is drawn at a zoom: bars that lie too close become one, with their number. Pure. */
import type { TimelineBar, TimelineDetails, TimelineLane, TimelineMark } from "../../protocol/timeline.ts";

/** From a time to a place on the screen, and what of it is seen. */
export interface Frame {
  readonly x: (at: number) => number;
  readonly left: number;
  readonly right: number;
}

/** Bars that are narrower can't be told apart, or hit. */
const NARROW = 5;
/** A bar is drawn at least as wide: a fragment of a moment is to be seen. */
const LEAST_WIDTH = 3;
/** Marks that lie closer than this become one. */
const MARK_WIDTH = 9;
/** More marks of a kind in a lane, close to each other, make a band in which nothing is to be seen. */
const MOST_APART = 40;
const CROWDED_GAP = 126;
/** There each kind has room of its own. */
const ROOMS: readonly string[] = ["reset", "error", "compaction"];

export interface BarItem {
  readonly what: "bar";
  readonly key: string;
  readonly left: number;
  readonly right: number;
  readonly bar: TimelineBar;
}

/** Several bars, side by side, too narrow to be told apart. */
export interface GroupItem {
  readonly what: "group";
  readonly key: string;
  readonly left: number;
  readonly right: number;
  readonly bars: readonly TimelineBar[];
}

export interface MarkItem {
  readonly what: "mark";
  readonly key: string;
  readonly left: number;
  readonly right: number;
  /** All that lie here, of one kind; the first is the oldest. */
  readonly marks: readonly TimelineMark[];
}

/** A background command from where it began to where its end was told. */
export interface ArrowItem {
  readonly what: "arrow";
  readonly key: string;
  readonly left: number;
  readonly right: number;
  readonly exec: TimelineDetails["execs"][number];
}

export type Item = ArrowItem | BarItem | GroupItem | MarkItem;

export interface DrawnLane {
  readonly lane: TimelineLane;
  /** Place among all lanes, from 0. */
  readonly index: number;
  readonly items: readonly Item[];
}

interface Extent {
  readonly bar: TimelineBar;
  readonly left: number;
  readonly right: number;
}

const isInView = (item: { readonly left: number; readonly right: number }, { left, right }: Frame): boolean =>
  item.right >= left && item.left <= right;

function extentOf(bar: TimelineBar, { x }: Frame): Extent[] {
  if (bar.from === null) return [];
  const left = x(bar.from);
  return [{ bar, left, right: Math.max(left + LEAST_WIDTH, x(bar.to ?? bar.from)) }];
}

/** Neighbours become one as long as both are narrow and touch each other; what is wide stands for itself. */
function barItems(lane: TimelineLane, frame: Frame): Item[] {
  // What becomes one depends on the zoom alone, so that it stays when the picture is moved.
  const extents = lane.bars.flatMap((bar) => extentOf(bar, frame));
  const runs: Run[] = [];
  for (const extent of extents.toSorted((a, b) => a.left - b.left)) {
    const run = runs.at(-1);
    if (run !== undefined && isNarrow(extent) && isNarrow(run.last) && extent.left - run.last.right < 1) {
      run.bars.push(extent.bar);
      run.last = extent;
    } else runs.push({ first: extent, last: extent, bars: [extent.bar] });
  }
  return runs.map(itemOf).filter((one) => isInView(one, frame));
}

/** Narrow bars that touch each other. */
interface Run {
  readonly first: Extent;
  last: Extent;
  readonly bars: TimelineBar[];
}

const isNarrow = ({ left, right }: Extent): boolean => right - left < NARROW;

function itemOf({ bars, first: { bar, left }, last: { right } }: Run): Item {
  if (bars.length === 1) return { what: "bar", key: `bar ${bar.id}`, left, right, bar };
  return { what: "group", key: `group ${bar.id}`, left, right, bars };
}

function isCrowded(marks: readonly TimelineMark[], { x }: Frame): boolean {
  const [first, last] = [marks[0], marks.at(-1)];
  if (first === undefined || last === undefined || marks.length <= MOST_APART) return false;
  return (x(last.at) - x(first.at)) / marks.length < 2 * MARK_WIDTH;
}

function markItems(marks: readonly TimelineMark[], frame: Frame): Item[] {
  const kinds = Map.groupBy(marks, ({ kind }) => kind);
  return [...kinds.values()].flatMap((some) => itemsOfKind(some, frame)).filter((one) => isInView(one, frame));
}

/** Marks of one kind; where there are many, with more room between them. */
function itemsOfKind(marks: readonly TimelineMark[], frame: Frame): MarkItem[] {
  const { x } = frame;
  const sorted = marks.toSorted((a, b) => a.at - b.at);
  const crowded = isCrowded(sorted, frame);
  const gap = crowded ? CROWDED_GAP : MARK_WIDTH;
  const room = ROOMS.indexOf(sorted[0]?.kind ?? "");
  const aside = crowded && room > 0 ? (room * CROWDED_GAP) / ROOMS.length : 0;
  const groups: { place: number; marks: TimelineMark[] }[] = [];
  for (const mark of sorted) {
    const place = x(mark.at);
    const last = groups.at(-1);
    if (last !== undefined && place - last.place < gap) last.marks.push(mark);
    else groups.push({ place, marks: [mark] });
  }
  return groups.map(({ marks: own, place }) => ({
    what: "mark",
    key: `mark ${own[0]?.kind ?? ""} ${own[0]?.at ?? 0} ${own[0]?.uri ?? ""} ${own[0]?.line ?? ""}`,
    left: place + aside - MARK_WIDTH / 2,
    right: place + aside + MARK_WIDTH / 2,
    marks: own,
  }));
}

function arrowItems({ execs }: Pick<TimelineDetails, "execs">, frame: Frame): Item[] {
  return execs
    .filter(({ crosses, to }) => crosses && to !== null)
    .map((exec) => {
      const [a, b] = [frame.x(exec.from.at), frame.x(exec.to?.at ?? exec.from.at)];
      const key = `arrow ${exec.from.bar} ${exec.from.line ?? ""} ${exec.from.at}`;
      return { what: "arrow", key, left: Math.min(a, b), right: Math.max(a, b), exec } as const;
    })
    .filter((one) => isInView(one, frame));
}

/** What is drawn of a lane. Marks and arrows from its transcripts come when those were read. */
export function laneItems(lane: TimelineLane, details: TimelineDetails | undefined, frame: Frame): Item[] {
  const marks = details === undefined ? lane.marks : [...lane.marks, ...details.marks];
  const items = [
    ...barItems(lane, frame),
    ...(details === undefined ? [] : arrowItems(details, frame)),
    ...markItems(marks, frame),
  ];
  return items.toSorted((a, b) => a.left - b.left);
}

/** From the first to the last time; null without any. */
export function spanOf(bars: readonly TimelineBar[]): readonly [from: number, to: number] | null {
  let [least, most] = [Infinity, -Infinity];
  for (const { from, to } of bars) {
    if (from === null) continue;
    least = Math.min(least, from);
    most = Math.max(most, to ?? from);
  }
  return least <= most ? [least, most] : null;
}

/** Times of an item: what a zoom to it shows. */
export function timesOf(item: Item): readonly [from: number, to: number] {
  switch (item.what) {
    case "bar":
      return [item.bar.from ?? 0, item.bar.to ?? item.bar.from ?? 0];
    case "group":
      return spanOf(item.bars) ?? [0, 0];
    case "mark":
      return [item.marks[0]?.at ?? 0, item.marks.at(-1)?.at ?? 0];
    case "arrow":
      return [item.exec.from.at, item.exec.to?.at ?? item.exec.from.at];
  }
}

/** Whether nothing of it can be seen more closely. */
export const isSingle = (item: Item): boolean =>
  item.what !== "group" && !(item.what === "mark" && item.marks.length > 1);
