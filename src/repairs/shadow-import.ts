/** What of one agent of a shadow store is copied into the canonical one, and under which names. */
import { join } from "node:path";

import { asObject } from "../formats/json-values.ts";
import type { Fragment } from "../model/fragment.ts";
import type { Conflict } from "../model/plan.ts";
import type { ShadowPair, ShadowRelation } from "../model/shadow.ts";
import type { AgentSnapshot, HomeSnapshot } from "../model/snapshot.ts";
import type { Store, StoreRow } from "../model/store.ts";
import { utc } from "../model/time.ts";
import { agentId, isOutside, newRowNotes, rowWithKey, sessionFileOf, storeConflict, storeGuards } from "./facts.ts";
import { forkEdits, forkId } from "./fork.ts";
import { recoveredKey, recoveredRow, rowId } from "./new-row.ts";
import { NOTHING, type Change, type Outline, type RowEdit } from "./outline.ts";
import type { RepairInput } from "./repair.ts";

/** The choice to copy also what differs. */
export const SIDE_BY_SIDE = "side-by-side";

/** Transcripts that have more in the shadow, or something else. */
const DIFFERING: readonly ShadowRelation[] = ["diverged", "canonical-is-prefix"];

/** One agent of the shadow, and where it goes. */
interface Import {
  readonly shadow: AgentSnapshot;
  readonly canonical: AgentSnapshot;
  readonly input: RepairInput;
  readonly root: string;
}

/** With `withDiverged`, transcripts that differ are copied as sessions of their own; else each is named in a note. */
export async function importedAgent(
  shadow: AgentSnapshot,
  canonicalHome: HomeSnapshot,
  withDiverged: boolean,
  input: RepairInput,
): Promise<Outline> {
  const canonical =
    canonicalHome.agents.find(({ reading }) => reading.name === shadow.reading.name) ?? newAgent(shadow);
  const task: Import = { shadow, canonical, input, root: canonicalHome.home.path };
  const refusal = storeConflict(canonical) ?? outsideConflict(shadow);
  const wanted = shadow.reading.fragments.filter((one) => isWanted(one, task, withDiverged));
  const differences = withDiverged ? [] : differing(task);
  if (wanted.length === 0) return { ...NOTHING, notes: differences };
  if (refusal !== null) return { ...NOTHING, conflicts: [refusal] };
  const changes: Change[] = [
    {
      change: "folder",
      path: canonical.reading.sessionsPath,
      why: "The canonical home has no sessions of this agent yet.",
    },
  ];
  const rows: RowEdit[] = [];
  for (const fragment of wanted) {
    const { change, row } = await importedFragment(fragment, task);
    changes.push(change);
    if (row !== null) rows.push(row);
  }
  changes.push(...sidecars(wanted, task));
  const { store } = canonical.reading;
  if (rows.length > 0) changes.push({ change: "rows", store, rows, why: "OpenClaw lists what was copied." });
  return {
    ...NOTHING,
    changes,
    ...storeGuards(canonical, input),
    notes: [...differences, ...(rows.length === 0 ? [] : newRowNotes(canonical))],
  };
}

/** An agent that the canonical home does not have yet. */
function newAgent({ reading }: AgentSnapshot): AgentSnapshot {
  const store: Store = {
    ...reading.store,
    state: "missing",
    kind: "file",
    bytes: 0,
    modifiedAt: null,
    rows: [],
    damage: [],
  };
  return { reading: { ...reading, store, fragments: [], claims: [], companions: [] }, sessions: [] };
}

function outsideConflict({ reading }: AgentSnapshot): Conflict | null {
  return isOutside(reading.sessionsPath)
    ? { path: reading.sessionsPath, reason: "The sessions lie outside the home." }
    : null;
}

function pairOf(fragment: Fragment, { shadow, input }: Import): ShadowPair | undefined {
  const id = fragment.sessionId ?? fragment.fileId;
  return input.home.comparison?.pairs.find(
    ({ what, agent, name }) => what === "transcript" && agent === shadow.reading.name && name === id,
  );
}

/** Plain files of conversations. Checkpoints are copies, and what lies in or came from a database is left to OpenClaw. */
function isWanted(fragment: Fragment, task: Import, withDiverged: boolean): boolean {
  const { kind, path, window } = fragment;
  if (window !== undefined || path.endsWith(".zst") || !["live", "reset", "deleted"].includes(kind)) return false;
  const pair = pairOf(fragment, task);
  if (pair === undefined) return false;
  return (
    pair.relation === "only-shadow" || (withDiverged && pair.shadowPath === path && DIFFERING.includes(pair.relation))
  );
}

function differing({ shadow, input }: Import): string[] {
  return (input.home.comparison?.pairs ?? [])
    .filter(
      ({ what, agent, relation }) =>
        what === "transcript" && agent === shadow.reading.name && DIFFERING.includes(relation),
    )
    .map(({ name, relation }) => {
      const how = relation === "diverged" ? "went different ways on the two sides" : "goes on further in the shadow";
      return `Transcript ${name} ${how}: it stays where it is, and is never merged. It can be copied as a session of its own (${SIDE_BY_SIDE}).`;
    });
}

async function importedFragment(
  fragment: Fragment,
  task: Import,
): Promise<{ readonly change: Change; readonly row: RowEdit | null }> {
  const { canonical, input, root } = task;
  const from = join(input.home.home.path, fragment.path);
  const folder = canonical.reading.sessionsPath;
  if (pairOf(fragment, task)?.relation !== "only-shadow") {
    const id = forkId(input.home.home.path, fragment, "import");
    const edits = await forkEdits(fragment, from, { id, timestamp: utc(input.now) }, input.port);
    const path = `${folder}/${id}.jsonl`;
    const row = recoveredRow(id, sessionFileOf(root, path), input.now);
    const why = "The conversation as the shadow has it, beside the canonical one.";
    return {
      change: { change: "copy", from, path, edits, keepsTime: false, why },
      row: { edit: "add", key: recoveredKey(agentId(canonical), id), row },
    };
  }
  const path = `${folder}/${fragment.path.slice(fragment.path.lastIndexOf("/") + 1)}`;
  const isLive = fragment.kind === "live";
  const why = isLive ? "This transcript exists only in the shadow." : "This archive exists only in the shadow.";
  const change: Change = { change: "copy", from, path, edits: [], keepsTime: !isLive, why };
  return { change, row: isLive ? await importedRow(fragment, path, task) : null };
}

/** The shadow's row with all its fields, under its key if the canonical store has none of that name. */
async function importedRow(fragment: Fragment, path: string, task: Import): Promise<RowEdit | null> {
  const { shadow, canonical, input, root } = task;
  const { sessionId } = fragment;
  if (sessionId === null) return null;
  const row = shadow.reading.store.rows.find(({ transcriptPath }) => transcriptPath === fragment.path);
  const id = rowId(input.home.home.path, canonical, fragment, path);
  const recovered = recoveredRow(id, sessionFileOf(root, path), input.now);
  const isFree = row !== undefined && rowWithKey(canonical, row.key) === undefined;
  const key = isFree ? row.key : recoveredKey(agentId(canonical), sessionId);
  const value = row === undefined ? {} : await valueOf(row, shadow.reading.store, input);
  // A run of the shadow does not go on in the canonical home.
  const status = row?.status === "running" ? { status: "failed", abortedLastRun: true, endedAt: input.now } : {};
  return { edit: "add", key, row: { ...value, ...recovered, ...status } };
}

async function valueOf(
  { offset, length }: StoreRow,
  store: Store,
  { home, port }: RepairInput,
): Promise<Record<string, unknown>> {
  if (offset === null || length === null) return {};
  try {
    const bytes = await port.read(join(home.home.path, store.path), offset, length);
    return asObject(JSON.parse(bytes.toString("utf8"))) ?? {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** Trajectories tell whose an archive is, also after the move. */
function sidecars(wanted: readonly Fragment[], { shadow, canonical, input }: Import): Change[] {
  const ids = new Set(wanted.map(({ fileId }) => fileId));
  const present = new Set(canonical.reading.companions.map(({ path }) => path));
  return shadow.reading.companions.flatMap(({ what, path }): Change[] => {
    const name = path.slice(path.lastIndexOf("/") + 1);
    const to = `${canonical.reading.sessionsPath}/${name}`;
    if (what !== "trajectory" || !ids.has(name.slice(0, -".trajectory.jsonl".length)) || present.has(to)) return [];
    const from = join(input.home.home.path, path);
    return [
      { change: "copy", from, path: to, edits: [], keepsTime: true, why: "It tells whose these transcripts are." },
    ];
  });
}
