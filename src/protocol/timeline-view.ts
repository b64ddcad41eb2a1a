/** What the extension and the picture in its webview say to each other. */
import type { SessionRef } from "./sessions.ts";
import type { Timeline, TimelineDetails, TimelineParams } from "./timeline.ts";

/** From the extension to the picture. */
export type ToTimelineView =
  | TimelineShown
  | { readonly type: "details"; readonly details: TimelineDetails }
  /** There is nothing to be shown any more, and why. */
  | { readonly type: "gone"; readonly reason: string };

export interface TimelineShown {
  readonly type: "timeline";
  readonly timeline: Timeline;
  /** What it is of: the page keeps it, so that it is found again when the window is loaded anew. */
  readonly subject: TimelineParams;
  readonly now: number;
  /** The session whose lane is to be seen first. */
  readonly focus: string | null;
}

/** From the picture to the extension. */
export type FromTimelineView =
  | { readonly type: "ready" }
  /** A lane came into view. */
  | { readonly type: "wanted"; readonly session: SessionRef }
  /** Opens the chain up to a fragment. */
  | { readonly type: "openChain"; readonly session: SessionRef; readonly fragment: string; readonly label: string }
  /** Opens a place: a URI, and a line in it from 1. */
  | { readonly type: "openPlace"; readonly uri: string; readonly line: number | null }
  /** A self-contained SVG to be saved. */
  | { readonly type: "save"; readonly svg: string; readonly name: string }
  /** What is drawn: for whoever has to know without seeing it. */
  | { readonly type: "drawn"; readonly drawn: TimelineDrawn };

export interface TimelineDrawn {
  readonly lanes: number;
  readonly bars: number;
  /** Elements on the screen: of a large picture only what is in view, and bars that lie too close as one. */
  readonly elements: number;
}
