// What of a timeline is drawn: few elements however many fragments there are, and the same ones when the picture is moved.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import type { TimelineBar, TimelineDetails, TimelineLane, TimelineMark } from "../../../src/protocol/timeline.ts";
import { type Frame, isSingle, type Item, laneItems, spanOf, timesOf } from "../../../src/webview/timeline/scene.ts";
import { linesOf, spoken } from "../../../src/webview/timeline/words.ts";

const MINUTE = 60_000;
const SESSION = { homeId: "h", agent: "main", sessionId: "agent:main:x" };

const bar = (index: number, change: Partial<TimelineBar> = {}): TimelineBar => ({
  id: `f${index}`,
  label: `reset ${index}`,
  facts: ["reset archive, 10 kB"],
  kind: "reset",
  from: index * 10 * MINUTE,
  to: index * 10 * MINUTE + 5 * MINUTE,
  uri: `file:///f${index}`,
  link: "recorded",
  worst: null,
  now: false,
  ...change,
});

const reset = (index: number, kind: TimelineMark["kind"] = "reset"): TimelineMark => ({
  kind,
  at: index * 10 * MINUTE,
  label: `${kind} ${index}`,
  uri: `file:///f${index}`,
  line: null,
});

const laneOf = (bars: readonly TimelineBar[], marks: readonly TimelineMark[] = []): TimelineLane => ({
  session: SESSION,
  label: "x",
  description: "",
  state: "live",
  worst: null,
  lock: null,
  bars,
  marks,
});

/** All of it on so many pixels, zoomed and moved. */
const frame = (length: number, zoom = 1, moved = 0): Frame => ({
  x: (at) => (at / length) * 1000 * zoom - moved,
  left: 0,
  right: 1000,
});

const many = Array.from({ length: 5000 }, (_, index) => bar(index));
const LENGTH = 5000 * 10 * MINUTE;

const barsIn = (items: readonly Item[]): number =>
  items.reduce((sum, one) => sum + (one.what === "bar" ? 1 : one.what === "group" ? one.bars.length : 0), 0);

describe("a lane", () => {
  it("with one fragment shows it, also one of a moment", () => {
    const [item, ...rest] = laneItems(laneOf([bar(0, { to: 0 })]), undefined, frame(MINUTE));
    assert.equal(rest.length, 0);
    assert.equal(item?.what, "bar");
    assert.ok((item?.right ?? 0) - (item?.left ?? 0) >= 3);
  });

  it("without any shows nothing, and a fragment without a time is left out", () => {
    assert.deepEqual(laneItems(laneOf([]), undefined, frame(MINUTE)), []);
    assert.deepEqual(laneItems(laneOf([bar(0, { from: null, to: null })]), undefined, frame(MINUTE)), []);
  });

  it("with 5,000 fragments shows few elements that hold all of them, and their number", () => {
    const lane = laneOf(
      many,
      many.map((_, index) => reset(index)),
    );
    const items = laneItems(lane, undefined, frame(LENGTH));
    assert.ok(items.length < 60, `${items.length} elements`);
    assert.equal(barsIn(items), 5000);
    assert.ok(items.some((one) => one.what === "group" && spoken(lane, one).includes("5000 fragments")));
  });

  it("shows each fragment for itself when it is looked at closely", () => {
    const items = laneItems(laneOf(many), undefined, frame(LENGTH, 500));
    assert.ok(items.every(({ what }) => what === "bar"));
    assert.ok(items.length > 5);
  });

  it("keeps its elements when the picture is moved", () => {
    const lane = laneOf(
      many,
      many.map((_, index) => reset(index)),
    );
    const still = laneItems(lane, undefined, frame(LENGTH, 8, 2000));
    const moved = laneItems(lane, undefined, frame(LENGTH, 8, 2100));
    const keys = new Set(still.map(({ key }) => key));
    const inBoth = moved.filter(({ right }) => right < 890);
    assert.ok(inBoth.length > 0);
    assert.ok(inBoth.every(({ key }) => keys.has(key)));
    assert.equal(new Set(moved.map(({ key }) => key)).size, moved.length);
  });

  it("keeps marks of different kinds apart where they are many", () => {
    const marks = many.flatMap((_, index) => [reset(index), reset(index, "error"), reset(index, "compaction")]);
    const items = laneItems(laneOf(many, marks), undefined, frame(LENGTH)).filter(({ what }) => what === "mark");
    const places = items.map(({ left }) => left).toSorted((a, b) => a - b);
    assert.ok(places.every((place, index) => index === 0 || place - places[index - 1]! > 9));
  });
});

describe("what the transcripts tell", () => {
  const point = (at: number, name: string): TimelineDetails["execs"][number]["from"] => ({
    at,
    bar: name,
    uri: "file:///x",
    line: 7,
  });
  const details: TimelineDetails = {
    session: SESSION,
    marks: [reset(1, "error")],
    execs: [
      {
        label: "amber: npm test",
        from: point(MINUTE, "f0"),
        to: point(12 * MINUTE, "f1"),
        certainty: "derived",
        crosses: true,
      },
      { label: "stays", from: point(MINUTE, "f0"), to: point(2 * MINUTE, "f0"), certainty: "derived", crosses: false },
      { label: "never told", from: point(MINUTE, "f0"), to: null, certainty: null, crosses: false },
    ],
    truncated: false,
  };
  const lane = laneOf([bar(0), bar(1)]);
  const items = laneItems(lane, details, frame(30 * MINUTE));

  it("comes as arrows for commands that end in another fragment", () => {
    const arrows = items.filter(({ what }) => what === "arrow");
    assert.equal(arrows.length, 1);
    assert.match(spoken(lane, arrows[0]!), /amber: npm test.*told in another fragment: derived/);
    assert.deepEqual(timesOf(arrows[0]!), [MINUTE, 12 * MINUTE]);
  });

  it("comes as marks that open by themselves", () => {
    const mark = items.find(({ what }) => what === "mark") ?? assert.fail();
    assert.ok(isSingle(mark));
    assert.deepEqual(linesOf(lane, mark), ["error 1", "1970-01-01 00:10:00 UTC", "x"]);
  });
});

it("the span of fragments is from the first to the last time; none has none", () => {
  assert.deepEqual(spanOf([bar(3), bar(1, { to: null })]), [10 * MINUTE, 35 * MINUTE]);
  assert.equal(spanOf([bar(0, { from: null })]), null);
});
