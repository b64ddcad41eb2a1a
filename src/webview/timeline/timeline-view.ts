/** The picture on the screen: zoomed, scrolled, pointed at, walked through by keys. */
import { type ScaleTime, scaleUtc } from "d3-scale";
import { pointer, select } from "d3-selection";
import { type D3ZoomEvent, zoom, type ZoomBehavior, zoomIdentity, type ZoomTransform, zoomTransform } from "d3-zoom";

import type { Timeline, TimelineDetails, TimelineLane } from "../../protocol/timeline.ts";
import type { FromTimelineView } from "../../protocol/timeline-view.ts";
import { AXIS_HEIGHT, draw, GUTTER, LANE_HEIGHT, type Picture } from "./drawing.ts";
import { savedPicture } from "./saved-picture.ts";
import { type DrawnLane, type Frame, isSingle, type Item, laneItems, spanOf, timesOf } from "./scene.ts";
import { linesOf } from "./words.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Closer than this nobody looks: the whole screen. */
const CLOSEST_MS = 10 * SECOND;
const STEP = 1.6;
/** Lanes of a saved picture; more no program shows well. */
const MOST_SAVED = 500;

export interface Parts {
  readonly scroller: HTMLElement;
  readonly svg: SVGSVGElement;
  readonly spacer: HTMLElement;
  readonly tooltip: HTMLElement;
  readonly status: HTMLElement;
}

type Post = (message: FromTimelineView) => void;

interface Focus {
  readonly lane: number;
  readonly key: string;
}

export class TimelineView {
  readonly #parts: Parts;
  readonly #post: Post;
  readonly #zoom: ZoomBehavior<SVGSVGElement, unknown>;
  readonly #details = new Map<string, TimelineDetails>();
  readonly #wanted = new Set<string>();
  #timeline: Timeline | undefined;
  #lanes: readonly TimelineLane[] = [];
  #now = 0;
  #focus: Focus | undefined;
  #chosen: string | null = null;
  /** The focus comes by itself: nobody asked what is there. */
  #isQuiet = false;
  #frame = 0;

  constructor(parts: Parts, post: Post) {
    this.#parts = parts;
    this.#post = post;
    this.#zoom = zoom<SVGSVGElement, unknown>()
      .filter((event: MouseEvent) => this.#isZooming(event))
      .on("zoom", (_event: D3ZoomEvent<SVGSVGElement, unknown>) => this.#later());
    select(parts.svg).call(this.#zoom).on("dblclick.zoom", null);
    parts.scroller.addEventListener("scroll", () => this.#later());
    parts.svg.addEventListener("click", (event) => this.#act(this.#under(event.target), event.altKey));
    parts.svg.addEventListener("pointermove", (event) => this.#point(event));
    parts.svg.addEventListener("pointerleave", () => this.#hideTooltip());
    parts.svg.addEventListener("focusin", (event) => this.#focused(event.target));
    parts.svg.addEventListener("focusout", () => this.#hideTooltip());
    parts.svg.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.#resized()).observe(parts.scroller);
  }

  /** Shows it; a lane of the session `focus` is brought into view. Zoom and place stay when the same timeline has changed. */
  show(timeline: Timeline, now: number, focus: string | null): void {
    const isFirst = this.#timeline === undefined;
    this.#timeline = timeline;
    this.#now = now;
    this.#lanes = [...gatewayLane(timeline), ...timeline.lanes];
    this.#wanted.clear();
    this.#parts.status.textContent = summaryOf(timeline);
    this.#resized();
    if (isFirst || focus !== null) this.#choose(focus);
    this.#draw();
  }

  /** What the transcripts of a lane tell. */
  addDetails(details: TimelineDetails): void {
    this.#details.set(details.session.sessionId, details);
    this.#later();
  }

  /** Arrow keys work from here on. */
  takeFocus(): void {
    this.#isQuiet = true;
    (this.#focusNode() ?? this.#parts.svg.querySelector<SVGGElement>("g.item"))?.focus({ preventScroll: true });
    this.#isQuiet = false;
  }

  zoomIn(): void {
    this.#scaleBy(STEP);
  }

  zoomOut(): void {
    this.#scaleBy(1 / STEP);
  }

  fit(): void {
    this.#zoom.transform(select(this.#parts.svg), zoomIdentity);
  }

  save(): void {
    const picture = this.#picture();
    const lanes = this.#lanes.slice(0, MOST_SAVED);
    const title = this.#timeline?.title ?? "Timeline";
    const whole: Picture = {
      ...picture,
      height: AXIS_HEIGHT + lanes.length * LANE_HEIGHT,
      scrolled: 0,
      lanes: lanes.map((lane, index) => this.#drawnLane(lane, index)),
    };
    const name = title.replaceAll(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60);
    this.#post({ type: "save", svg: savedPicture(this.#parts.scroller, whole, title), name });
  }

  /** A wheel scrolls the lanes where they do not fit, and zooms with Ctrl or where they do; dragging moves through time. */
  #isZooming(event: MouseEvent): boolean {
    if (event.type !== "wheel") return event.button === 0 && pointer(event, this.#parts.svg)[0] > GUTTER;
    const { clientHeight, scrollHeight } = this.#parts.scroller;
    return event.ctrlKey || event.metaKey || scrollHeight <= clientHeight + 1;
  }

  get #width(): number {
    return Math.max(100, this.#parts.scroller.clientWidth - GUTTER);
  }

  get #transform(): ZoomTransform {
    return zoomTransform(this.#parts.svg);
  }

  /** The times of all, with a little room at both ends. */
  #span(): readonly [from: number, to: number] {
    const from = this.#timeline?.from ?? this.#now - MINUTE;
    const to = Math.max(this.#timeline?.to ?? this.#now, from);
    const room = Math.max((to - from) * 0.03, MINUTE);
    return [from - room, to + room];
  }

  #whole(): ScaleTime<number, number> {
    return scaleUtc().domain(this.#span()).range([0, this.#width]);
  }

  /** What is seen. The zoom counts from the edge of the page, where pointers do. */
  #scale(): ScaleTime<number, number> {
    const whole = this.#whole().range([GUTTER, GUTTER + this.#width]);
    return this.#transform.rescaleX(whole).range([0, this.#width]);
  }

  #resized(): void {
    const { scroller, spacer } = this.#parts;
    const [width, height] = [this.#width, scroller.clientHeight];
    spacer.style.height = `${Math.max(0, AXIS_HEIGHT + this.#lanes.length * LANE_HEIGHT - height)}px`;
    const [from, to] = this.#span();
    this.#zoom
      .extent([
        [GUTTER, 0],
        [GUTTER + width, height],
      ])
      .translateExtent([
        [GUTTER, 0],
        [GUTTER + width, height],
      ])
      .scaleExtent([1, Math.max(1, (to - from) / CLOSEST_MS)]);
    this.#later();
  }

  #later(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #frameOf(): Frame {
    const scale = this.#scale();
    return { x: (at) => scale(at), left: 0, right: this.#width };
  }

  #drawnLane(lane: TimelineLane, index: number, frame = this.#frameOf()): DrawnLane {
    return { lane, index, items: laneItems(lane, this.#details.get(lane.session.sessionId), frame) };
  }

  #picture(): Picture {
    const { clientHeight: height, scrollTop: scrolled } = this.#parts.scroller;
    const first = Math.max(0, Math.floor(scrolled / LANE_HEIGHT));
    const last = Math.min(this.#lanes.length, Math.ceil((scrolled + height - AXIS_HEIGHT) / LANE_HEIGHT) + 1);
    const frame = this.#frameOf();
    const lanes = this.#lanes.slice(first, last).map((lane, index) => this.#drawnLane(lane, first + index, frame));
    return { width: GUTTER + this.#width, height, scale: this.#scale(), scrolled, lanes, chosen: this.#chosen };
  }

  #draw(): void {
    if (this.#timeline === undefined) return;
    const picture = this.#picture();
    draw(this.#parts.svg, picture);
    this.#keepOneTabStop();
    for (const { lane } of picture.lanes) this.#want(lane);
    const bars = this.#timeline.lanes.reduce((sum, lane) => sum + lane.bars.length, 0);
    const elements = picture.lanes.reduce((sum, { items }) => sum + items.length, 0);
    this.#post({ type: "drawn", drawn: { lanes: this.#timeline.lanes.length, bars, elements } });
  }

  #want({ session }: TimelineLane): void {
    if (session.homeId === "" || this.#wanted.has(session.sessionId)) return;
    this.#wanted.add(session.sessionId);
    this.#post({ type: "wanted", session });
  }

  /** Brings the lane of a session into view, over the time that it lived. */
  #choose(sessionId: string | null): void {
    const index = this.#lanes.findIndex(({ session }) => session.sessionId === sessionId);
    const lane = this.#lanes[index];
    if (lane === undefined) return;
    const { clientHeight } = this.#parts.scroller;
    this.#chosen = sessionId;
    this.#parts.scroller.scrollTop = Math.max(0, (index + 0.5) * LANE_HEIGHT - clientHeight / 2);
    const span = spanOf(lane.bars);
    if (span !== null) this.#zoomTo(span);
    const newest = this.#allItems(index).findLast(({ what }) => what !== "mark");
    this.#focus = newest === undefined ? undefined : { lane: index, key: newest.key };
  }

  #scaleBy(factor: number): void {
    const item = this.#focusedItem();
    const middle = item === undefined ? this.#width / 2 : (item.left + item.right) / 2;
    this.#zoom.scaleBy(select(this.#parts.svg), factor, [GUTTER + Math.min(this.#width, Math.max(0, middle)), 0]);
  }

  /** Shows these times, with room around. */
  #zoomTo([from, to]: readonly [number, number]): void {
    const whole = this.#whole();
    const [left, right] = [whole(from), whole(to)];
    const [, most] = this.#zoom.scaleExtent();
    const k = Math.max(1, Math.min(most, this.#width / Math.max(right - left, 1e-6) / 1.3));
    // The picture does not go on beyond its ends.
    const x = GUTTER * (1 - k) + Math.min(0, Math.max(this.#width * (1 - k), (this.#width - k * (left + right)) / 2));
    this.#zoom.transform(select(this.#parts.svg), zoomIdentity.translate(x, 0).scale(k));
  }

  #act(found: { readonly lane: TimelineLane; readonly item: Item } | undefined, raw: boolean): void {
    if (found === undefined) return;
    const { item, lane } = found;
    if (!isSingle(item)) return this.#zoomTo(timesOf(item));
    if (item.what === "bar") {
      const { id: fragment, label, uri } = item.bar;
      this.#post(
        raw ? { type: "openPlace", uri, line: null } : { type: "openChain", session: lane.session, fragment, label },
      );
    } else if (item.what === "mark") {
      const mark = item.marks[0];
      if (mark !== undefined) this.#post({ type: "openPlace", uri: mark.uri, line: mark.line });
    } else if (item.what === "arrow") {
      const end = raw ? item.exec.from : (item.exec.to ?? item.exec.from);
      this.#post({ type: "openPlace", uri: end.uri, line: end.line });
    }
  }

  #under(
    target: EventTarget | null,
  ): { readonly lane: TimelineLane; readonly item: Item; readonly node: Element } | undefined {
    const node = target instanceof Element ? target.closest("g.item") : null;
    const laneNode = node?.closest("g.lane");
    if (!node || !laneNode) return undefined;
    const { lane } = select<Element, DrawnLane>(laneNode).datum();
    return { lane, item: select<Element, Item>(node).datum(), node };
  }

  #point(event: PointerEvent): void {
    const found = this.#under(event.target);
    if (found === undefined) return this.#hideTooltip();
    this.#showTooltip(linesOf(found.lane, found.item), event.clientX, event.clientY);
  }

  #focused(target: EventTarget | null): void {
    const found = this.#under(target);
    if (found === undefined) return;
    const index = this.#lanes.indexOf(found.lane);
    this.#focus = { lane: index, key: found.item.key };
    this.#keepOneTabStop();
    const { left, bottom } = found.node.getBoundingClientRect();
    if (!this.#isQuiet && found.node.matches(":focus-visible"))
      this.#showTooltip(linesOf(found.lane, found.item), left, bottom);
  }

  #showTooltip(lines: readonly string[], x: number, y: number): void {
    const { tooltip } = this.#parts;
    tooltip.replaceChildren(
      ...lines.map((text) => {
        const line = document.createElement("div");
        line.textContent = text;
        return line;
      }),
    );
    tooltip.hidden = false;
    const { offsetHeight, offsetWidth } = tooltip;
    const below = y + 18 + offsetHeight < innerHeight;
    tooltip.style.left = `${Math.max(4, Math.min(x + 12, innerWidth - offsetWidth - 8))}px`;
    tooltip.style.top = `${below ? y + 18 : Math.max(4, y - offsetHeight - 12)}px`;
  }

  #hideTooltip(): void {
    this.#parts.tooltip.hidden = true;
  }

  /** The picture is one stop of the Tab key: the item that had the focus last, else the first. */
  #keepOneTabStop(): void {
    const nodes = [...this.#parts.svg.querySelectorAll<SVGGElement>("g.item")];
    const stop = this.#focusNode() ?? nodes[0];
    for (const node of nodes) node.setAttribute("tabindex", node === stop ? "0" : "-1");
  }

  #focusNode(): SVGGElement | undefined {
    const focus = this.#focus;
    if (focus === undefined) return undefined;
    const lane = this.#lanes[focus.lane];
    return [...this.#parts.svg.querySelectorAll<SVGGElement>("g.item")].find((node) => {
      const found = this.#under(node);
      return found?.lane === lane && found?.item.key === focus.key;
    });
  }

  /** All items of a lane at this zoom, also those that are not in view. */
  #allItems(index: number): readonly Item[] {
    const lane = this.#lanes[index];
    if (lane === undefined) return [];
    const frame = { ...this.#frameOf(), left: -Infinity, right: Infinity };
    return this.#drawnLane(lane, index, frame).items;
  }

  #focusedItem(): Item | undefined {
    const focus = this.#focus;
    return focus === undefined ? undefined : this.#allItems(focus.lane).find(({ key }) => key === focus.key);
  }

  #focusOn(focus: Focus): void {
    this.#focus = focus;
    const item = this.#focusedItem();
    if (item === undefined) return;
    const { scroller, svg } = this.#parts;
    const top = focus.lane * LANE_HEIGHT;
    const room = scroller.clientHeight - AXIS_HEIGHT - LANE_HEIGHT;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top > scroller.scrollTop + room) scroller.scrollTop = top - room;
    if (item.right < 0 || item.left > this.#width) {
      const [from, to] = timesOf(item);
      this.#zoom.translateTo(select(svg), GUTTER + this.#whole()((from + to) / 2), 0, [GUTTER + this.#width / 2, 0]);
    }
    this.#draw();
    this.#focusNode()?.focus({ preventScroll: true });
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey) return;
    const handled = this.#walk(event.key) || this.#command(event);
    if (handled) event.preventDefault();
  }

  #command({ altKey, key, shiftKey }: KeyboardEvent): boolean {
    if (key === "+" || key === "=") this.zoomIn();
    else if (key === "-" || key === "_") this.zoomOut();
    else if (key === "0") this.fit();
    else if (key === "Escape") this.#hideTooltip();
    else if (key === "Enter" || key === " ") {
      const node = this.#focusNode();
      this.#act(node === undefined ? undefined : this.#under(node), altKey || shiftKey);
    } else return false;
    return true;
  }

  /** Left and right along a lane, up and down to what is nearest in another. */
  #walk(key: string): boolean {
    const { key: name, lane = 0 } = this.#focus ?? {};
    const items = this.#allItems(lane);
    const at = items.findIndex((one) => one.key === name);
    const along: Readonly<Record<string, number>> = {
      ArrowLeft: Math.max(0, at - 1),
      ArrowRight: Math.min(items.length - 1, at + 1),
      Home: 0,
      End: items.length - 1,
    };
    const index = along[key];
    if (index !== undefined) {
      const next = items[index];
      if (next !== undefined) this.#focusOn({ lane, key: next.key });
      return true;
    }
    const steps: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1, PageUp: -10, PageDown: 10 };
    const step = steps[key];
    if (step === undefined) return false;
    this.#walkLanes(lane, step, items[at]);
    return true;
  }

  #walkLanes(from: number, step: number, item: Item | undefined): void {
    const middle = item === undefined ? this.#width / 2 : (item.left + item.right) / 2;
    const last = this.#lanes.length - 1;
    for (let lane = Math.min(last, Math.max(0, from + step)); lane >= 0 && lane <= last; lane += Math.sign(step)) {
      const away = (one: Item): number => Math.max(one.left - middle, middle - one.right, 0);
      const [nearest] = this.#allItems(lane).toSorted((a, b) => away(a) - away(b));
      if (nearest !== undefined && lane !== from) return this.#focusOn({ lane, key: nearest.key });
    }
  }
}

/** What the gateway's log says of no session, as a lane of its own above the others. */
function gatewayLane({ gateway }: Timeline): TimelineLane[] {
  if (gateway.length === 0) return [];
  return [
    {
      session: { homeId: "", agent: "", sessionId: "" },
      label: "Gateway",
      description: "its log",
      state: "unknown",
      worst: null,
      lock: null,
      bars: [],
      marks: gateway,
    },
  ];
}

const counted = (number: number, noun: string): string =>
  `${number.toLocaleString("en-US")} ${noun}${number === 1 ? "" : "s"}`;

function summaryOf({ lanes }: Timeline): string {
  const bars = lanes.reduce((sum, lane) => sum + lane.bars.length, 0);
  return `${counted(lanes.length, "session")}, ${counted(bars, "fragment")}`;
}
