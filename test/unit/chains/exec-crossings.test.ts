// Background execs that one fragment started and another reports: both belong to one key.
import assert from "node:assert/strict";
import { test } from "node:test";

import { execCrossings } from "../../../src/chains/exec-crossings.ts";
import { buildNodes } from "../../../src/chains/node.ts";
import type { ExecTrace } from "../../../src/model/exec-trace.ts";
import type { Fragment } from "../../../src/model/fragment.ts";
import { archive, at, claim, KEY, linkOf, live, OTHER_KEY, rowOf } from "../../support/linking.ts";

const trace = (slug: string, seconds: number | null): ExecTrace => ({
  slug,
  at: seconds === null ? null : at(seconds),
  line: 7,
  entryId: null,
});
const starting = (fragment: Fragment, slug: string, seconds: number | null): Fragment => ({
  ...fragment,
  execs: { started: [trace(slug, seconds)], completed: [] },
});
const reporting = (fragment: Fragment, slug: string, seconds: number | null): Fragment => ({
  ...fragment,
  execs: { started: [], completed: [trace(slug, seconds)] },
});

/** Pairs of places in the order of time. */
function crossings(...fragments: Fragment[]): [number, number][] {
  return execCrossings(buildNodes(fragments, [])).map(({ startedIn, reportedIn }) => [startedIn, reportedIn]);
}

const origin = starting(archive(1, 0, 10), "fresh-summit", 5);

test("a notice names the first eight characters of the slug, and that is enough for one origin", () => {
  assert.deepEqual(crossings(origin, reporting(live(2, 12), "fresh-su", 11)), [[0, 1]]);
});

test("another slug, or one that only begins alike, is no crossing", () => {
  assert.deepEqual(crossings(origin, reporting(live(2, 12), "fresh-me", 11)), []);
  assert.deepEqual(crossings(origin, reporting(live(2, 12), "fresh", 11)), []);
});

test("an exec can't be over before it began, but for the whole seconds of a notice", () => {
  assert.deepEqual(crossings(origin, reporting(live(2, 12), "fresh-su", 4)), [[0, 1]]);
  assert.deepEqual(crossings(origin, reporting(live(2, 12), "fresh-su", 3.999)), []);
});

test("without a time the slug alone decides", () => {
  assert.deepEqual(
    crossings(starting(archive(1, 0, 10), "fresh-summit", null), reporting(live(2, 12), "fresh-su", 4)),
    [[0, 1]],
  );
  assert.deepEqual(crossings(origin, reporting(live(2, 12), "fresh-su", null)), [[0, 1]]);
});

test("two possible origins decide nothing", () => {
  const twin = starting(archive(3, 0, 9), "fresh-summer", 6);
  assert.deepEqual(crossings(origin, twin, reporting(live(2, 12), "fresh-su", 11)), []);
});

test("a start after the notice is no rival", () => {
  const later = starting(archive(3, 13, 19), "fresh-summer", 15);
  assert.deepEqual(crossings(origin, later, reporting(live(2, 12), "fresh-su", 11)), [[0, 1]]);
});

test("as long as a fragment that could hold the start was not read for execs, nothing is said", () => {
  const report = reporting(live(2, 12), "fresh-su", 11);
  assert.deepEqual(crossings(origin, archive(3, 0, 9), report), []);
  assert.deepEqual(crossings(origin, archive(3, 12, 19), report), []);
  assert.deepEqual(crossings(origin, archive(3, 12.001, 19), report), [[0, 1]]);
  assert.deepEqual(crossings(origin, archive(3, 13, 19), reporting(live(2, 12), "fresh-su", null)), []);
  assert.deepEqual(crossings(origin, { ...archive(3, 0, 9), startedAt: null }, report), []);
});

test("a report in the same fragment crosses nothing", () => {
  const both = { ...origin, execs: { started: [trace("fresh-summit", 5)], completed: [trace("fresh-su", 6)] } };
  assert.deepEqual(crossings(both), []);
});

test("a crossing gives the archive the key of the fragment that reports it, and the link its evidence", () => {
  const report = reporting(live(2, 12, { start: "reset-prompt" }), "fresh-su", 11);
  const seen = linkOf({ fragments: [origin, report], rows: [rowOf(KEY, 2)] }, 2);
  assert.deepEqual([seen.from, seen.certainty], [1, "derived"]);
  assert.deepEqual(seen.evidence, ["store-row", "store-row"]);
});

test("between fragments of no known key the exec itself is the evidence", () => {
  const report = reporting(archive(2, 12, 20, { start: "reset-prompt" }), "fresh-su", 11);
  const seen = linkOf({ fragments: [origin, report] }, 2);
  assert.deepEqual([seen.from, seen.certainty, seen.evidence], [1, "derived", ["exec-completion"]]);
});

test("a crossing never joins two keys", () => {
  const report = reporting(live(2, 12, { start: "reset-prompt" }), "fresh-su", 11);
  const seen = linkOf({ fragments: [origin, report], rows: [rowOf(KEY, 2)], claims: [claim(OTHER_KEY, 1)] }, 2);
  assert.deepEqual([seen.from, seen.key], [null, KEY]);
});

test("without the crossing the same two are only likely", () => {
  const silent = live(2, 12, { start: "reset-prompt" });
  assert.equal(linkOf({ fragments: [origin, silent], rows: [rowOf(KEY, 2)] }, 2).certainty, "inferred");
});
