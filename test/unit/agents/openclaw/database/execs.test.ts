import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { openclaw } from "../../../../../src/agents/openclaw/index.ts";
import type { ExecFacts } from "../../../../../src/model/exec-trace.ts";
import { DatabaseHome } from "../../../../support/database-home.ts";
import { fixtureHome, fixtureTruth } from "../../../../support/homes.ts";
import { only, readingContext } from "../../../../support/world.ts";

interface TrueExec {
  readonly slug: string;
  readonly sessionId: string;
  readonly startEntryId: string;
  readonly startSeq: number;
  readonly startedAt: string;
  readonly delivered: readonly { readonly entryId: string; readonly seq: number }[];
}

function started(slug: string, given: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    role: "toolResult",
    toolName: "exec",
    details: { status: "running", sessionId: slug, startedAt: 5 },
    ...given,
  };
}

async function traced(home: DatabaseHome): Promise<(ExecFacts | null)[]> {
  const { fragments } = await home.agent();
  const traces = await openclaw.traceExecs(await home.identity(), fragments, readingContext());
  return traces.map(({ execs }) => execs);
}

describe("background execs in a database", () => {
  it("are found where they began and where their end was told, the slug by the run that answered", async (test) => {
    const state = fixtureHome(test, "2026.9.6-clean");
    const context = readingContext();
    const home = (await openclaw.discover(context, only(state))).homes[0]!;
    const reading = await openclaw.read(home, context);
    const fragments = reading.agents.flatMap((agent) => agent.fragments);
    const traces = await openclaw.traceExecs(home, fragments, context);
    const { backgroundExecs } = fixtureTruth("2026.9.6-clean") as { backgroundExecs: readonly TrueExec[] };
    const found = traces.flatMap(({ execs, window }) =>
      [...(execs?.started ?? []), ...(execs?.completed ?? [])].map(({ entryId, line, slug }) =>
        [window?.sessionId, entryId, (window?.fromSeq ?? 0) + line - 1, slug].join(" "),
      ),
    );
    const truly = backgroundExecs.flatMap(({ delivered, sessionId, slug, startEntryId, startSeq }) => [
      [sessionId, startEntryId, startSeq, slug].join(" "),
      ...delivered.map(({ entryId, seq }) => [sessionId, entryId, seq, slug.slice(0, 8)].join(" ")),
    ]);
    assert.deepEqual(found.toSorted(), truly.toSorted());
  });

  it("may be stored packed, and their window may be the second", async (test) => {
    const home = new DatabaseHome(test);
    const session = home.database.session("x");
    session.reset();
    const entryId = session.message(started("calm-bay"), { packed: true });
    const [before, execs] = await traced(home);
    assert.deepEqual(before, { started: [], completed: [] });
    const [start] = execs?.started ?? [];
    assert.deepEqual([start?.slug, start?.at, start?.line, start?.entryId], ["calm-bay", 5, 2, entryId]);
  });

  it("tell the command of the call that they answer, though results of other calls stand between", async (test) => {
    const home = new DatabaseHome(test);
    const session = home.database.session("x");
    const call = (id: string, command: string): object => ({
      type: "toolCall",
      id,
      name: "exec",
      arguments: { command },
    });
    session.message({ role: "assistant", content: [call("c1", "make"), call("c2", "sleep 9")] }, { packed: true });
    session.message({ role: "toolResult", toolName: "exec", toolCallId: "c1", content: "made" });
    session.message(started("calm-bay", { toolCallId: "c2" }));
    const [execs] = await traced(home);
    assert.deepEqual(
      execs?.started.map(({ command, toolCallId }) => [toolCallId, command]),
      [["c2", "sleep 9"]],
    );
  });

  it("whose completion nobody answered yet have no slug", async (test) => {
    const home = new DatabaseHome(test);
    const entryId = home.database.session("x").user("[OpenClaw exec completion]\nDisable automatic completion turns");
    const [execs] = await traced(home);
    assert.deepEqual(execs?.completed, []);
    assert.deepEqual(
      execs.unnamed?.map((one) => [one.line, one.entryId, one.form]),
      [[2, entryId, "completion-turn"]],
    );
  });

  it("are found in the archive of a deleted session, in the database and in the file beside it", async (test) => {
    const home = new DatabaseHome(test);
    const session = home.database.session("x");
    session.message(started("calm-bay"));
    session.reset();
    session.message(started("keen-fox"));
    session.delete({ sessionsFolder: home.sessionsFolder });
    const slugs = (await traced(home)).map((execs) => execs?.started.map(({ line, slug }) => `${slug} ${line}`));
    assert.deepEqual(slugs, [["calm-bay 2"], ["keen-fox 2"]]);
  });
});
