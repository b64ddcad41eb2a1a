/** What is read from databases of a real release, compared with what truly happened in them. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { openclaw } from "../../../../../src/agents/openclaw/index.ts";
import type { Fragment } from "../../../../../src/model/fragment.ts";
import type { StoreRow } from "../../../../../src/model/store.ts";
import { DATABASE_HOMES, fixtureHome, fixtureTruth, treeState } from "../../../../support/homes.ts";
import { only, readingContext } from "../../../../support/world.ts";

interface TrueWindow {
  readonly sessionId: string;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly entries: number;
  readonly startTs: string;
  readonly resetEventId?: string;
  readonly resetReason: string | null;
  readonly userTexts: readonly string[];
}

interface TrueSession {
  readonly agent?: string;
  readonly currentSessionId?: string;
  readonly status?: string;
  readonly abortedLastRun?: boolean;
  readonly archivedAt?: number | null;
  readonly usageFamilySessionIds?: readonly string[] | null;
  readonly fragments?: readonly TrueWindow[];
}

interface Truth {
  readonly sessionKeys: Readonly<Record<string, TrueSession>>;
  readonly deletedArchives: readonly {
    readonly file: string;
    readonly session_id: string;
    readonly created_at: number;
  }[];
  readonly gatewayLocks: readonly unknown[];
}

for (const name of DATABASE_HOMES) {
  describe(`the home ${name}`, async () => {
    const truth = fixtureTruth(name) as Truth;
    const cleanups: (() => void)[] = [];
    const state = fixtureHome({ after: (clean) => cleanups.push(clean as () => void) }, name);
    const before = treeState(state);
    const context = readingContext();
    const { homes } = await openclaw.discover(context, only(state));
    const home = homes.find(({ path }) => path === state);
    assert.ok(home !== undefined);
    const reading = await openclaw.read(home, context);
    const agents = new Map(reading.agents.map((agent) => [agent.name, agent]));
    const texts = new Map<Fragment, readonly string[]>();
    for (const fragment of reading.agents.flatMap((agent) => agent.fragments)) {
      const { events } = await openclaw.readTranscript(home, fragment, {});
      texts.set(
        fragment,
        events.map(({ text }) => text),
      );
    }
    const after = treeState(state);
    for (const clean of cleanups) clean();
    const sessions = Object.entries(truth.sessionKeys).filter(([, { fragments }]) => fragments !== undefined);

    it("is read without a word of complaint, and without a trace", () => {
      assert.deepEqual(reading.skipped, []);
      assert.deepEqual(after, before);
      assert.equal(home.era, "sqlite");
      for (const { databases, store } of agents.values()) {
        assert.deepEqual(
          databases.map(({ appVersion, schemaVersion, state: how, trouble }) => [
            how,
            schemaVersion,
            appVersion,
            trouble,
          ]),
          [["ok", 23, "2026.9.6", []]],
        );
        assert.equal(store.state, "ok");
      }
      assert.equal(reading.locks.length, truth.gatewayLocks.length);
    });

    it("has exactly the windows that were written, with their times and first words", () => {
      let seen = 0;
      for (const [key, { agent: agentName = "", fragments = [] }] of sessions) {
        const windows =
          agents.get(agentName)?.fragments.filter((one) => one.sessionId === fragments[0]?.sessionId) ?? [];
        seen += windows.length;
        assert.deepEqual(
          windows.map(({ kind, startedAt, window }) => ({ kind, startedAt, ...window })),
          fragments.map(({ fromSeq, sessionId, startTs, toSeq }) => ({
            kind: "window",
            startedAt: Date.parse(startTs),
            sessionId,
            fromSeq,
            toSeq,
          })),
          key,
        );
        windows.forEach((window, at) => {
          const truly = fragments[at]!;
          assert.equal(window.events, truly.entries, key);
          assert.equal(window.start === "reset-event", truly.resetEventId !== undefined, key);
          const typed = truly.userTexts.find((text) => !/^\/(new|reset)$|^\[OpenClaw/.test(text)) ?? null;
          assert.equal(window.firstUserText, typed, key);
        });
      }
      const all = [...agents.values()].flatMap(({ fragments }) => fragments).filter(({ kind }) => kind === "window");
      assert.equal(seen, all.length);
    });

    it("shows each row as it stands", () => {
      const rows = new Map<string, StoreRow>(
        [...agents.values()].flatMap(({ store }) => store.rows).map((row) => [row.key, row]),
      );
      assert.deepEqual([...rows.keys()].toSorted(), sessions.map(([key]) => key).toSorted());
      for (const [key, truly] of sessions) {
        const row = rows.get(key);
        assert.deepEqual(
          [row?.sessionId, row?.status, row?.abortedLastRun, row?.record?.archivedAt, row?.familyIds],
          [
            truly.currentSessionId,
            truly.status,
            truly.abortedLastRun,
            truly.archivedAt,
            truly.usageFamilySessionIds ?? [],
          ],
          key,
        );
        assert.equal(row?.transcriptWindow?.toSeq, truly.fragments?.at(-1)?.toSeq, key);
      }
    });

    it("shows each deletion as one archive, its windows divided where the transcript was reset", () => {
      for (const { created_at, file, session_id } of truth.deletedArchives) {
        const windows = [...agents.values()].flatMap(({ fragments }) => fragments.filter(({ path }) => path === file));
        assert.ok(windows.length > 0, file);
        assert.ok(
          windows.every((one) => one.kind === "deleted" && one.sessionId === session_id && one.archive === undefined),
        );
        assert.equal(windows.at(-1)?.archivedAt, created_at);
        const all = windows.flatMap((window) => texts.get(window) ?? []);
        const resets = all.filter((text) => text.startsWith('{"type":"reset"')).length;
        assert.equal(windows.length, resets + 1);
      }
    });

    it("reads every event of every window, be it stored plain or packed", () => {
      for (const [fragment, events] of texts) {
        assert.equal(events.length, fragment.events, fragment.path);
        for (const text of events) assert.equal(typeof (JSON.parse(text) as { type: unknown }).type, "string");
        if (fragment.kind === "window") {
          assert.equal(Buffer.byteLength(events.map((text) => `${text}\n`).join("")), fragment.bytes);
        }
      }
    });
  });
}
