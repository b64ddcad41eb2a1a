/** The page of a timeline: its toolbar, its legend, and the messages that come and go. */
import type { FromTimelineView, ToTimelineView } from "../../protocol/timeline-view.ts";
import { shapeOf } from "./drawing.ts";
import { TimelineView } from "./timeline-view.ts";
import { LEGEND } from "./words.ts";

/** Given by VS Code to the scripts of a webview. */
declare function acquireVsCodeApi(): { postMessage(message: FromTimelineView): void; setState(state: unknown): void };

const NAMESPACE = "http://www.w3.org/2000/svg";

function element<Name extends keyof HTMLElementTagNameMap>(name: Name, className: string): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  made.className = className;
  return made;
}

function button(label: string, text: string, action: () => void): HTMLButtonElement {
  const made = element("button", "tool");
  made.type = "button";
  made.textContent = text;
  made.title = label;
  made.setAttribute("aria-label", label);
  made.addEventListener("click", action);
  return made;
}

function legend(): HTMLElement {
  const list = element("ul", "legend");
  for (const [kind, name] of LEGEND) {
    const entry = document.createElement("li");
    const svg = document.createElementNS(NAMESPACE, "svg");
    svg.setAttribute("viewBox", "-7 -8 14 16");
    svg.setAttribute("class", "timeline");
    svg.setAttribute("aria-hidden", "true");
    const group = document.createElementNS(NAMESPACE, "g");
    group.setAttribute("class", kind === "arrow" ? "item arrow" : `item mark ${kind}`);
    const path = document.createElementNS(NAMESPACE, "path");
    path.setAttribute("class", "shape");
    path.setAttribute("d", kind === "arrow" ? "M-6,5C-6,-7 4,-7 4,4M1,0L4,5L7,0" : shapeOf(kind));
    group.append(path);
    svg.append(group);
    const words = document.createElement("span");
    words.textContent = name;
    entry.append(svg, words);
    list.append(entry);
  }
  return list;
}

function start(): void {
  const page = acquireVsCodeApi();
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- VS Code's own, which knows one receiver
  const post = (message: FromTimelineView): void => page.postMessage(message);
  const title = element("h1", "title");
  const status = element("p", "status");
  status.setAttribute("role", "status");
  const scroller = element("div", "scroller");
  const svg = document.createElementNS(NAMESPACE, "svg");
  svg.setAttribute("class", "timeline");
  svg.setAttribute("role", "group");
  svg.setAttribute("aria-label", "Sessions over time. Arrow keys walk, Enter opens, plus and minus zoom, 0 shows all.");
  const spacer = element("div", "spacer");
  scroller.append(svg, spacer);
  const tooltip = element("div", "tooltip");
  tooltip.setAttribute("role", "tooltip");
  tooltip.hidden = true;
  const empty = element("p", "empty");
  empty.hidden = true;
  const view = new TimelineView({ scroller, svg, spacer, tooltip, status }, post);
  const tools = element("div", "tools");
  tools.setAttribute("role", "toolbar");
  tools.append(
    button("Zoom out (-)", "−", () => view.zoomOut()),
    button("Zoom in (+)", "+", () => view.zoomIn()),
    button("Show all (0)", "Show All", () => view.fit()),
    button("Save the picture as SVG", "Export SVG…", () => view.save()),
  );
  const head = element("header", "head");
  head.append(title, status, tools);
  document.body.append(head, legend(), empty, scroller, tooltip);

  const tellEmpty = (reason: string | null): void => {
    empty.hidden = reason === null;
    scroller.hidden = reason !== null;
    empty.textContent = reason ?? "";
  };
  // VS Code gives the focus to the page as a whole.
  const takeFocus = (): void => {
    if (document.activeElement === document.body) view.takeFocus();
  };
  addEventListener("message", ({ data }: MessageEvent<ToTimelineView>) => {
    if (data.type === "details") return view.addDetails(data.details);
    if (data.type === "gone") return tellEmpty(data.reason);
    const { focus, now, subject, timeline } = data;
    page.setState(subject);
    title.textContent = timeline.title;
    tellEmpty(timeline.lanes.length === 0 ? "This agent has no sessions yet." : null);
    view.show(timeline, now, focus);
    if (document.hasFocus()) takeFocus();
  });
  addEventListener("focus", takeFocus);
  post({ type: "ready" });
}

start();
