// Background execs of homes that real releases wrote, against what truly happened: each start, and each delivery or that there was none.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";

import { openclaw } from "../../../src/agents/openclaw/index.ts";
import { createEngine } from "../../../src/engine/create-engine.ts";
import { execIndex } from "../../../src/engine/exec-index.ts";
import type { ExecProvenance, ExecRecord } from "../../../src/model/exec.ts";
import { placeOf, type Fragment } from "../../../src/model/fragment.ts";
import type { AgentSnapshot, Snapshot } from "../../../src/model/snapshot.ts";
import { DATABASE_HOMES, FIXTURE_HOMES, fixtureHome, fixtureTruth, treeState } from "../../support/homes.ts";
import { only, world } from "../../support/world.ts";

interface TrueDelivery {
  readonly entryId: string;
  /** Files say the file, databases the number of the event. */
  readonly file?: string;
  readonly seq?: number;
  readonly slug8?: string | null;
  readonly exit?: string;
  readonly noticeTs?: string | null;
}

interface TrueExec {
  readonly slug: string;
  readonly pid: number;
  readonly command: string;
  readonly toolCallId?: string;
  readonly key: string;
  readonly startedInFile?: string;
  readonly sessionId?: string;
  readonly startSeq?: number;
  readonly startEntryId: string;
  readonly delivered?: readonly TrueDelivery[];
}

interface Truth {
  readonly backgroundExecs: readonly TrueExec[];
}

function isStartedIn({ sessionId, startedInFile, startSeq = -1 }: TrueExec, { path: file, window }: Fragment): boolean {
  if (window === undefined) return file === startedInFile;
  return window.sessionId === sessionId && window.fromSeq <= startSeq && startSeq <= window.toSeq;
}

const ACCURACY = readFileSync(path.resolve(import.meta.dirname, "../../../docs/accuracy.md"), "utf8").split("\n");

/** How sure a true delivery can be: what names no exec never is. */
const CERTAINTIES = { named: ["derived"], unnamed: ["inferred"] };

for (const name of [...FIXTURE_HOMES, ...DATABASE_HOMES]) {
  describe(`the background execs of ${name}`, async () => {
    const { backgroundExecs } = fixtureTruth(name) as Truth;
    const cleanups: (() => void)[] = [];
    const state = fixtureHome({ after: (clean) => cleanups.push(clean as () => void) }, name);
    const before = treeState(state);
    const engine = createEngine({
      programs: [openclaw],
      world: world(),
      given: only(state),
      settings: { locksWarnAfterSeconds: 60 },
      memoFolder: null,
      log: assert.fail,
    });
    const snapshot = await engine.scan();
    const agents = new Map(agentsOf(snapshot, state).map((agent) => [agent.reading.name, agent]));
    const whole = new Map<string, ExecProvenance>();
    for (const agent of agents.keys()) whole.set(agent, await engine.execs(state, agent));
    const found: { truly: TrueExec; record: ExecRecord; own: ExecProvenance; ofAgent: ExecProvenance }[] = [];
    for (const truly of backgroundExecs) {
      const agent = truly.key.split(":")[1]!;
      const sessions = agents.get(agent)?.sessions ?? [];
      const session = sessions.find(({ fragments }) => fragments.some(({ fragment }) => isStartedIn(truly, fragment)));
      const fragment = session?.fragments.find((one) => isStartedIn(truly, one.fragment))?.fragment;
      assert.ok(session !== undefined && fragment !== undefined, truly.slug);
      const own = await engine.execs(state, agent, session.id);
      const [record] = execIndex(own).startedAt({ fragment: placeOf(fragment), entryId: truly.startEntryId });
      assert.ok(record !== undefined, truly.slug);
      found.push({ truly, record, own, ofAgent: whole.get(agent)! });
    }
    const after = treeState(state);
    for (const clean of cleanups) clean();

    it("are all there, with process, command and call", () => {
      assert.equal([...whole.values()].flatMap(({ execs }) => execs).length, backgroundExecs.length);
      for (const { record, truly } of found) {
        assert.deepEqual([record.slug, record.pid, record.command], [truly.slug, truly.pid, truly.command]);
        if (truly.toolCallId !== undefined) assert.equal(record.toolCallId, truly.toolCallId);
      }
    });

    it("have their true delivery, as sure as its notice allows, or none", () => {
      for (const { record, truly } of found) {
        const { delivery, undelivered } = record;
        const told = truly.delivered?.[0];
        assert.equal(delivery?.place.entryId, told?.entryId, truly.slug);
        if (told === undefined) {
          assert.equal(undelivered?.reason, "never", truly.slug);
          continue;
        }
        assert.equal(undelivered, null);
        const { fragment, line } = delivery!.place;
        if (told.seq === undefined) assert.equal(fragment.path, told.file);
        else assert.equal((fragment.window?.fromSeq ?? 0) + line - 1, told.seq);
        const isNamed = told.slug8 !== null;
        assert.ok(CERTAINTIES[isNamed ? "named" : "unnamed"].includes(delivery!.certainty), truly.slug);
        if (told.exit !== undefined) assert.equal(`code ${delivery!.exitCode}`, told.exit);
        if (isNamed) assert.equal(delivery!.output, /echo ([\w-]+)/.exec(truly.command)?.[1]);
      }
    });

    it("are what their notices lead back to, and no notice leads elsewhere", () => {
      const truth = new Map(
        found.flatMap(({ truly }) => (truly.delivered ?? []).map(({ entryId }) => [entryId, truly.startEntryId])),
      );
      const notices = [...whole.values()].flatMap((provenance) => provenance.notices);
      assert.deepEqual(new Map(notices.map(({ origin, place }) => [place.entryId, origin?.start.entryId])), truth);
      assert.equal(notices.length, truth.size);
      for (const { own, record } of found) {
        if (record.delivery === null) continue;
        const [notice] = execIndex(own).toldAt(record.delivery.place);
        assert.deepEqual(notice?.origin?.start, record.start);
      }
    });

    it("are the same asked for one session as for the agent, and nothing is left unread", () => {
      for (const { ofAgent, own, record } of found) {
        assert.deepEqual(
          ofAgent.execs.find(({ start }) => start.entryId === record.start.entryId),
          record,
        );
        assert.deepEqual(own.unread, []);
      }
    });

    it("are as many, and as sure, as docs/accuracy.md states", () => {
      const deliveries = found.map(({ record: { delivery } }) => delivery);
      const told = (certainty: string): number => deliveries.filter((one) => one?.certainty === certainty).length;
      const dashed = (count: number, text = String(count)): string => (count === 0 ? "-" : text);
      const inferred = told("inferred");
      const cells = [name, found.length, dashed(told("derived")), dashed(inferred, `${inferred} / 0`)];
      const never = deliveries.filter((one) => one === null).length;
      assert.ok(ACCURACY.includes(`| ${[...cells, never].join(" | ")} |`), cells.join(" | "));
    });

    it("were read without a trace", () => assert.deepEqual(after, before));
  });
}

function agentsOf({ homes }: Snapshot, state: string): readonly AgentSnapshot[] {
  return homes.find(({ home }) => home.path === state)?.agents ?? [];
}
