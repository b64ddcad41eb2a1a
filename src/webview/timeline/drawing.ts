/** Draws lanes into an SVG element; colours are the style sheet's. The same drawing goes to the screen and into a saved picture. */
import { axisTop } from "d3-axis";
import type { ScaleTime } from "d3-scale";
import { select } from "d3-selection";

import type { TimelineMarkKind } from "../../protocol/timeline.ts";
import type { DrawnLane, Item } from "./scene.ts";
import { spoken } from "./words.ts";

export const GUTTER = 230;
export const AXIS_HEIGHT = 30;
export const LANE_HEIGHT = 52;
const BAR_TOP = 22;
const BAR_HEIGHT = 14;
const MARK_MIDDLE = 11;
/** The least that a finger or a pointer hits. */
const HIT_WIDTH = 12;
/** Fonts differ by theme and system: a little wider than most, so that nothing runs over. */
const CHARACTER_WIDTH = 7;

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Times to places, from 0 on right of the gutter. */
  readonly scale: ScaleTime<number, number>;
  readonly lanes: readonly DrawnLane[];
  /** Id of the session that the picture was opened for. */
  readonly chosen: string | null;
  /** How far the lanes are scrolled up. */
  readonly scrolled: number;
}

const SHAPES: Readonly<Record<TimelineMarkKind, string>> = {
  reset: "M0,-7L6,-3.5L0,0ZM0,-7V26",
  deleted: "M-4,-4L4,4M-4,4L4,-4",
  compaction: "M0,-5L5,0L0,5L-5,0Z",
  error: "M-4.5,0A4.5,4.5 0 1,0 4.5,0A4.5,4.5 0 1,0 -4.5,0Z",
  aborted: "M-4,-4H4V4H-4Z",
  exec: "M-4,-4L4,0L-4,4Z",
  lock: "M-4,-1H4V5H-4ZM-2.5,-1V-3A2.5,2.5 0 0,1 2.5,-3V-1",
  "gateway-trouble": "M0,-5L5,4H-5Z",
  gateway: "M0,-4V4",
};

export const shapeOf = (kind: TimelineMarkKind): string => SHAPES[kind];

/** Days at midnight, else the time of day; seconds where they matter. UTC. */
function tickText(at: Date): string {
  const [day = "", clock = ""] = at.toISOString().split("T");
  if (clock.startsWith("00:00:00.000")) return day;
  return clock.startsWith("00", 6) ? clock.slice(0, 5) : clock.slice(0, 8);
}

/** As much of the text as has room. */
export function fitted(text: string, width: number): string {
  const most = Math.floor(width / CHARACTER_WIDTH);
  const characters = Array.from(text);
  if (characters.length <= most) return text;
  return most < 2 ? "" : `${characters.slice(0, most - 1).join("")}…`;
}

function arrowPath({ left, right }: Pick<Item, "left" | "right">): string {
  const [from, to] = [left, Math.max(right, left + 2)];
  return `M${from},${BAR_TOP}C${from},2 ${to},2 ${to},${BAR_TOP}M${to - 4},${BAR_TOP - 7}L${to},${BAR_TOP}L${to + 4},${BAR_TOP - 7}`;
}

function classOf(item: Item): string {
  switch (item.what) {
    case "bar":
      return `item bar ${item.bar.kind} link-${item.bar.link}${item.bar.now ? " now" : ""} worst-${item.bar.worst ?? "none"}`;
    case "group":
      return `item group worst-${item.bars.some(({ worst }) => worst === "error") ? "error" : "none"}`;
    case "mark":
      return `item mark ${item.marks[0]?.kind ?? "error"}`;
    case "arrow":
      return `item arrow certainty-${item.exec.certainty ?? "none"}`;
  }
}

/** Shapes of one item, as they were not there before. */
function fill(node: SVGGElement, item: Item): void {
  const group = select(node);
  group.selectAll("*").remove();
  const width = item.right - item.left;
  const hit = Math.max(HIT_WIDTH, width);
  const isLow = item.what === "bar" || item.what === "group";
  group
    .append("rect")
    .attr("class", "hit")
    .attr("x", item.left - (hit - width) / 2)
    .attr("y", isLow ? BAR_TOP - 2 : 2)
    .attr("width", hit)
    .attr("height", isLow ? BAR_HEIGHT + 4 : MARK_MIDDLE + 8)
    .attr("rx", 2);
  if (item.what === "mark") {
    group
      .append("path")
      .attr("class", "shape")
      .attr("transform", `translate(${(item.left + item.right) / 2},${MARK_MIDDLE})`)
      .attr("d", shapeOf(item.marks[0]?.kind ?? "error"));
    if (item.marks.length > 1)
      group
        .append("text")
        .attr("class", "count")
        .attr("x", item.right + 2)
        .attr("y", MARK_MIDDLE + 4)
        .text(`${item.marks.length}`);
  } else if (item.what === "arrow") group.append("path").attr("class", "shape").attr("d", arrowPath(item));
  else {
    group
      .append("rect")
      .attr("class", "shape")
      .attr("x", item.left)
      .attr("y", BAR_TOP)
      .attr("width", width)
      .attr("height", BAR_HEIGHT)
      .attr("rx", Math.min(3, width / 3));
    const name = item.what === "bar" ? item.bar.label : `${item.bars.length}`;
    const left = Math.max(item.left, 0);
    group
      .append("text")
      .attr("class", "name")
      .attr("x", left)
      .attr("y", BAR_TOP + BAR_HEIGHT + 11)
      .text(item.what === "bar" ? fitted(name, item.right - left) : name.length * CHARACTER_WIDTH < width ? name : "");
  }
}

/** Same keys keep their elements, so that what has the focus keeps it. */
function drawItems(node: SVGGElement, { items, lane }: DrawnLane): void {
  select(node)
    .selectAll<SVGGElement, Item>("g.item")
    .data(items, ({ key }) => key)
    .join((enter) => enter.append("g").attr("role", "button").attr("tabindex", -1))
    .attr("class", classOf)
    .attr("data-key", ({ key }) => key)
    .attr("aria-label", (item) => spoken(lane, item))
    .order()
    .each(function each(item) {
      fill(this, item);
    });
}

function drawLane(node: SVGGElement, drawn: DrawnLane, { chosen, width }: Picture): void {
  const { description, label, lock, session, worst } = drawn.lane;
  const group = select(node);
  if (group.select(".stripe").empty()) {
    group.append("rect").attr("class", "stripe");
    group.append("g").attr("class", "items").attr("transform", `translate(${GUTTER},0)`);
    group.append("rect").attr("class", "gutter");
    group.append("text").attr("class", "label").attr("x", 12).attr("y", 22);
    group.append("text").attr("class", "detail").attr("x", 12).attr("y", 38);
  }
  const stripe = session.sessionId === chosen ? "chosen" : drawn.index % 2 === 0 ? "even" : "odd";
  group.attr("class", `lane ${stripe} worst-${worst ?? "none"} lock-${lock ?? "none"}`);
  group.select(".stripe").attr("width", width).attr("height", LANE_HEIGHT);
  group.select(".gutter").attr("width", GUTTER).attr("height", LANE_HEIGHT);
  group.select(".label").text(fitted(label, GUTTER - 24));
  group.select(".detail").text(fitted(description, GUTTER - 12));
  drawItems(group.select<SVGGElement>(".items").node()!, drawn);
}

/** Draws all of it; elements that stay are changed in place. */
export function draw(svg: SVGSVGElement, picture: Picture): void {
  const { height, lanes, scale, scrolled, width } = picture;
  const root = select(svg);
  root.attr("width", width).attr("height", height).attr("viewBox", `0 0 ${width} ${height}`);
  if (root.select(".lanes").empty()) {
    root.append("g").attr("class", "lanes");
    root.append("rect").attr("class", "head");
    root.append("g").attr("class", "axis").attr("transform", `translate(${GUTTER},${AXIS_HEIGHT})`);
    root.append("text").attr("class", "zone").attr("x", 12).attr("y", 19).text("UTC");
  }
  root
    .select<SVGGElement>(".lanes")
    .selectAll<SVGGElement, DrawnLane>("g.lane")
    .data(lanes, ({ lane }) => `${lane.session.sessionId} ${lane.label}`)
    .join("g")
    .attr("transform", ({ index }) => `translate(0,${AXIS_HEIGHT + index * LANE_HEIGHT - scrolled})`)
    .order()
    .each(function each(drawn) {
      drawLane(this, drawn, picture);
    });
  root.select(".head").attr("width", width).attr("height", AXIS_HEIGHT);
  const ticks = Math.max(2, Math.floor((width - GUTTER) / 110));
  root.select<SVGGElement>(".axis").call(
    axisTop<Date>(scale)
      .ticks(ticks)
      .tickFormat(tickText)
      .tickSizeOuter(0)
      .tickSizeInner(-Math.max(0, height - AXIS_HEIGHT)),
  );
}
