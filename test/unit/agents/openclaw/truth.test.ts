/** What is read from homes of real releases, compared with what truly happened in them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";

import { openclaw } from "../../../../src/agents/openclaw/index.ts";
import { stampTime } from "../../../../src/formats/session-file-names.ts";
import type { Fragment, FragmentStart } from "../../../../src/model/fragment.ts";
import type { HomeReading } from "../../../../src/model/reading.ts";
import { FIXTURE_HOMES, fixtureHome, fixtureTruth, treeState } from "../../../support/homes.ts";
import { only, readingContext } from "../../../support/world.ts";

interface TrueFile {
  readonly file: string;
  readonly role: string;
  readonly fileNameUuid: string;
  readonly headerTimestamp: string;
  readonly headerCwd: string;
  readonly lastEntryTs: string | null;
  readonly archiveTs: string | null;
}

interface TrueFragment {
  readonly sessionId?: string;
  readonly startedBy?: { readonly how: string };
  readonly endedInFiles?: readonly TrueFile[];
}

interface TrueExec {
  readonly slug: string;
  readonly startedInFile: string;
  readonly startEntryId: string;
  readonly startedAt: string;
  readonly delivered: readonly { readonly file: string; readonly entryId: string; readonly slug8: string | null }[];
}

interface Truth {
  readonly sessionKeys: Readonly<Record<string, { readonly fragments: readonly TrueFragment[] }>>;
  readonly checkpointCopies: readonly string[];
  readonly backgroundExecs: readonly TrueExec[];
  readonly locks: readonly {
    readonly file: string;
    readonly payload: { readonly pid: number; readonly createdAt: string; readonly starttime: number };
  }[];
}

/** Which beginnings each way of starting a session may leave. Only the first message tells, and often there is none. */
const STARTS: Readonly<Record<string, readonly FragmentStart[]>> = {
  "chat.send /new": ["new-notice", "reset-prompt", "agent-turn", "turn"],
  "chat.send /reset": ["reset-notice", "reset-prompt", "turn"],
  "agent RPC /new": ["reset-prompt", "agent-turn"],
  "RPC sessions.reset": ["header-only", "turn", "agent-turn"],
};

const KINDS: Readonly<Record<string, Fragment["kind"]>> = {
  live: "live",
  "reset archive": "reset",
  "deleted archive": "deleted",
  "compaction checkpoint copy (same header id as its source)": "checkpoint",
};

for (const name of FIXTURE_HOMES) {
  describe(`the home ${name}`, async () => {
    const context = readingContext();
    const truth = fixtureTruth(name) as Truth;
    const after: (() => void)[] = [];
    const state = fixtureHome({ after: (clean) => after.push(clean as () => void) }, name);
    const before = treeState(state);
    const { homes, skipped } = await openclaw.discover(context, only(state));
    const home = homes.find(({ path }) => path === state);
    assert.ok(home !== undefined);
    const reading = await openclaw.read(home, context);
    const fragments = new Map(fragmentsOf(reading).map((fragment) => [fragment.path, fragment]));
    const traced = await openclaw.traceExecs(home, [...fragments.values()], context);
    const readWithoutTrace = treeState(state);
    const userTexts = new Map([...fragments.keys()].map((path) => [path, userTextsIn(join(state, path))]));
    for (const clean of after) clean();

    it("is read without a word of complaint, and without a trace", () => {
      assert.deepEqual([...skipped, ...reading.skipped], []);
      assert.deepEqual(readWithoutTrace, before);
      assert.equal(home.era, "files");
      assert.equal(home.role, "canonical");
    });

    it("has exactly the transcripts that were written, with their ids, times and folders", () => {
      const seen = new Set<string>();
      for (const { sessionId, endedInFiles = [] } of trueFragments(truth)) {
        for (const file of endedInFiles) {
          const fragment = fragments.get(file.file);
          assert.ok(fragment !== undefined, file.file);
          seen.add(file.file);
          assert.deepEqual(
            {
              kind: fragment.kind,
              sessionId: fragment.sessionId,
              fileId: fragment.fileId,
              startedAt: fragment.startedAt,
              endedAt: fragment.endedAt,
              archivedAt: fragment.archivedAt,
              cwd: fragment.cwd,
              header: fragment.header.state,
              tail: fragment.tail.state,
            },
            {
              kind: KINDS[file.role],
              sessionId,
              fileId: file.fileNameUuid.replace(/\.checkpoint\..*$/, ""),
              startedAt: Date.parse(file.headerTimestamp),
              endedAt: Date.parse(file.lastEntryTs ?? file.headerTimestamp),
              archivedAt: file.archiveTs === null ? null : stampTime(file.archiveTs),
              cwd: file.headerCwd,
              header: "ok",
              tail: "ok",
            },
            file.file,
          );
        }
      }
      const others = [...fragments.keys()].filter((path) => !seen.has(path) && !truth.checkpointCopies.includes(path));
      for (const path of others) assert.match(path, /\.jsonl/);
    });

    it("shows how each session was started, as far as its first entries tell", () => {
      for (const { startedBy, endedInFiles = [] } of trueFragments(truth)) {
        const possible = STARTS[startedBy?.how ?? ""];
        for (const file of possible === undefined ? [] : endedInFiles) {
          const start = fragments.get(file.file)?.start;
          assert.ok(
            start !== undefined && possible?.includes(start),
            `${startedBy?.how} left ${start} in ${file.file}`,
          );
        }
      }
    });

    it("gives a person's own words for a title", () => {
      let titles = 0;
      for (const { path, firstUserText } of fragments.values()) {
        if (firstUserText === null) continue;
        titles += 1;
        assert.doesNotMatch(firstUserText, /untrusted metadata|^System:|^\[\w{3} \d{4}|A new session was started|\n/);
        const ends = (userTexts.get(path) ?? []).some((text) => text.endsWith(firstUserText));
        assert.ok(ends, `${firstUserText} ends no user text of ${path}`);
      }
      assert.ok(titles > fragments.size / 3);
    });

    it("shows every lock as it was written", () => {
      assert.deepEqual(
        reading.locks.map(({ path, pid, createdAt, startTicks, payload }) => ({
          path,
          pid,
          createdAt,
          startTicks,
          payload,
        })),
        truth.locks
          .map(({ file, payload }) => ({
            path: file,
            pid: payload.pid,
            createdAt: Date.parse(payload.createdAt),
            startTicks: payload.starttime,
            payload: "ok",
          }))
          .toSorted((a, b) => (a.path < b.path ? -1 : 1)),
      );
    });

    it("shows where each background exec began and where its end was told", () => {
      const execs = new Map(traced.map((fragment) => [fragment.path, fragment.execs]));
      for (const { slug, startedInFile, startEntryId, startedAt, delivered } of truth.backgroundExecs) {
        const started = execs.get(startedInFile)?.started.find((trace) => trace.slug === slug);
        assert.deepEqual([started?.entryId, started?.at], [startEntryId, Date.parse(startedAt)], slug);
        for (const { file, entryId, slug8 } of delivered) {
          if (slug8 === null) continue;
          const completed = execs.get(file)?.completed.filter((trace) => trace.entryId === entryId) ?? [];
          assert.ok(
            completed.some((trace) => trace.slug === slug8),
            `${slug8} in ${file}`,
          );
        }
      }
      const told = truth.backgroundExecs.flatMap(({ delivered }) => delivered.filter(({ slug8 }) => slug8 !== null));
      assert.equal(traced.flatMap((fragment) => fragment.execs?.completed ?? []).length, told.length);
      const started = traced.flatMap((fragment) =>
        fragment.kind === "checkpoint" ? [] : (fragment.execs?.started ?? []),
      );
      assert.equal(started.length, truth.backgroundExecs.length);
    });

    it("finds the transcript of every row, though the home was moved", () => {
      for (const row of reading.agents.flatMap((agent) => agent.store.rows)) {
        assert.ok(row.transcriptBy === "moved" || row.transcriptBy === "session-id", row.key);
        assert.ok(fragments.has(row.transcriptPath ?? ""), `${row.key}: ${row.transcriptPath}`);
      }
      for (const agent of reading.agents) assert.equal(agent.store.state, "ok");
    });

    it("ties trajectories to the keys that ran", () => {
      const keyOf = new Map<string, string>();
      for (const [key, { fragments: all }] of Object.entries(truth.sessionKeys)) {
        for (const { sessionId } of all) if (sessionId !== undefined) keyOf.set(sessionId, key);
      }
      for (const claim of reading.agents.flatMap((agent) => agent.claims)) {
        const key = keyOf.get(claim.sessionId ?? "");
        if (key !== undefined) assert.equal(claim.key, key, claim.path);
      }
    });
  });
}

function fragmentsOf(reading: HomeReading): Fragment[] {
  return reading.agents.flatMap((agent) => agent.fragments);
}

/** The texts of all user messages, each on one line. */
function userTextsIn(path: string): string[] {
  const entries = readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { message?: { role: string; content: { text?: string }[] } });
  return entries.flatMap(({ message }) =>
    message?.role === "user" ? message.content.map(({ text = "" }) => text.replaceAll(/\s+/g, " ").trim()) : [],
  );
}

function trueFragments(truth: Truth): TrueFragment[] {
  return Object.values(truth.sessionKeys).flatMap(({ fragments }) => fragments);
}
