/**
 * Lives of an agent, made up by the rules of two releases: turns, resets of each kind, deletions, background execs, on many
 * keys at once. Gives what reading would find, and what truly happened.
 */
import type { ExecNoticeTrace, ExecStartTrace, UnnamedNoticeTrace } from "../../src/model/exec-trace.ts";
import type { Fragment, FragmentStart } from "../../src/model/fragment.ts";
import type { AgentReading, KeyClaim } from "../../src/model/reading.ts";
import type { StoreRow } from "../../src/model/store.ts";
import { agentReading, fragment, NOW, row, SESSIONS, store } from "./model.ts";
import { Random } from "./random.ts";

export interface SimulatedLife {
  readonly agent: AgentReading;
  /** Path of each fragment -> path of its true predecessor. */
  readonly previous: ReadonlyMap<string, string | null>;
  readonly keyOf: ReadonlyMap<string, string>;
  /** Entry id of each notice of a completion -> entry id of the start of that exec. */
  readonly startOf: ReadonlyMap<string, string>;
}

export interface LifeOptions {
  readonly release: "2026.3.24" | "2026.5.12";
  readonly seed: number;
  readonly keys: number;
  readonly operations: number;
  /** Typical time between two operations on the agent, ms. */
  readonly paceMs: number;
  readonly trajectories: boolean;
  /** Notices name no exec, as where 2026.5.12 can deliver nothing to the person. */
  readonly unnamedNotices?: boolean;
}

interface Draft {
  sessionId: string;
  fileId: string;
  startedAt: number;
  start: FragmentStart;
  kind: "live" | "reset" | "deleted";
  archivedAt: number | null;
  previous: Draft | null;
  turns: number;
  started: ExecStartTrace[];
  completed: ExecNoticeTrace[];
  unnamed: UnnamedNoticeTrace[];
}

interface KeyState {
  readonly key: string;
  exists: boolean;
  current: Draft | null;
  /** The newest fragment with a file since the key was last created. */
  newest: Draft | null;
  sessionId: string;
  family: string[];
  updatedAt: number;
  sessionStartedAt: number;
  chatBegan: boolean;
  notices: { slug: string; startId: string; endsAt: number }[];
}

const SLUGS = [
  "amber",
  "brisk",
  "crisp",
  "fresh",
  "grand",
  "lucky",
  "mellow",
  "salty",
  "tidal",
  "warm",
  "rapid",
  "quiet",
];
const NOUNS = ["atlas", "cedar", "glade", "harbor", "lobster", "meadow", "orbit", "reef", "summit", "willow"];

/** Lives one agent's life. */
export function simulate(options: LifeOptions): SimulatedLife {
  const life = new Life(options);
  for (let step = 0; step < options.operations; step += 1) life.step();
  return life.found();
}

class Life {
  private readonly options: LifeOptions;
  private readonly random: Random;
  private readonly states: KeyState[] = [];
  /** Keys in the order in which the store has them. */
  private readonly order: KeyState[] = [];
  private readonly drafts: { draft: Draft; key: string }[] = [];
  private readonly startOf = new Map<string, string>();
  private execs = 0;
  private clock = NOW - 20 * 24 * 3600 * 1000;

  constructor(options: LifeOptions) {
    this.options = options;
    this.random = new Random(options.seed);
    for (let index = 0; index < options.keys; index += 1) {
      const key = `agent:main:key-${index}`;
      const nothing = { exists: false, current: null, newest: null, sessionId: "", chatBegan: false };
      this.states.push({ key, ...nothing, family: [], updatedAt: 0, sessionStartedAt: 0, notices: [] });
    }
  }

  step(): void {
    this.clock += this.random.between(Math.max(1, this.options.paceMs / 30), this.options.paceMs * 5);
    const state = this.random.pick(this.states);
    const choice = this.random.next();
    if (!state.exists || choice < 0.45) this.turn(state);
    else if (choice < 0.62) this.chatReset(state);
    else if (choice < 0.7) this.newWithText(state);
    else if (choice < 0.84) this.rpcReset(state);
    else if (choice < 0.92) this.agentNew(state);
    else if (choice < 0.97) this.delete(state);
    else this.forget(state);
  }

  private get modern(): boolean {
    return this.options.release === "2026.5.12";
  }

  private create(state: KeyState, at: number): void {
    if (state.exists) return;
    state.exists = true;
    state.newest = null;
    state.family = [];
    state.sessionStartedAt = at;
    state.chatBegan = true;
    this.order.push(state);
  }

  private begin(state: KeyState, startedAt: number, start: FragmentStart, fileId?: string): Draft {
    const sessionId = this.random.uuid();
    const empty = { turns: 0, started: [], completed: [], unnamed: [] };
    const draft: Draft = {
      sessionId,
      fileId: fileId ?? sessionId,
      startedAt,
      start,
      kind: "live",
      archivedAt: null,
      previous: state.newest,
      ...empty,
    };
    state.current = draft;
    state.newest = draft;
    state.sessionId = sessionId;
    state.updatedAt = startedAt;
    this.drafts.push({ draft, key: state.key });
    return draft;
  }

  private archive(state: KeyState, kind: "reset" | "deleted"): Draft | null {
    const draft = state.current;
    if (draft !== null) {
      draft.kind = kind;
      draft.archivedAt = Math.max(this.clock, draft.startedAt + 1);
      this.clock = draft.archivedAt;
    }
    state.current = null;
    return draft;
  }

  private turn(state: KeyState): void {
    const born = !state.exists;
    this.create(state, this.clock);
    const draft =
      state.current ??
      this.begin(state, this.clock + this.random.between(100, 1500), this.random.chance(0.85) ? "turn" : "agent-turn");
    if (born) state.chatBegan = draft.start === "turn";
    if (draft.start === "header-only") draft.start = "turn";
    draft.turns += 1;
    state.updatedAt = Math.max(this.clock, draft.startedAt);
    this.deliver(state, draft);
    if (this.random.chance(0.3)) this.startExec(state, draft);
  }

  private startExec(state: KeyState, draft: Draft): void {
    const slug = `${this.random.pick(SLUGS)}-${this.random.pick(NOUNS)}`;
    const at = Math.max(this.clock, draft.startedAt) + 5;
    this.execs += 1;
    const startId = `start-${this.execs}`;
    draft.started.push({ slug, at, line: 5 + draft.turns, entryId: startId, writtenAt: at, pid: this.execs });
    state.notices.push({ slug, startId, endsAt: at + this.random.between(500, 60_000) });
  }

  /** 2026.3.24 puts notices before the next turn of the key, whatever was reset in between; 2026.5.12 mostly loses them. */
  private deliver(state: KeyState, draft: Draft): void {
    const due = state.notices.filter(({ endsAt }) => endsAt <= this.clock);
    state.notices = state.notices.filter(({ endsAt }) => endsAt > this.clock);
    for (const { slug, startId, endsAt } of due) {
      if (this.modern && this.random.chance(0.8)) continue;
      const entryId = startId.replace("start", "notice");
      const line = 6 + draft.turns;
      const writtenAt = Math.max(this.clock, draft.startedAt);
      this.startOf.set(entryId, startId);
      if (this.options.unnamedNotices === true) {
        draft.unnamed.push({ at: writtenAt, line, entryId, form: "runtime-context" });
        continue;
      }
      const at = Math.floor(endsAt / 1000) * 1000;
      draft.completed.push({ slug: slug.slice(0, 8), at, line, entryId, writtenAt, stated: true });
    }
  }

  private chatReset(state: KeyState): void {
    const startedAt = this.clock;
    const before = this.archive(state, "reset");
    const notice: FragmentStart = this.random.chance(0.5) ? "new-notice" : "reset-notice";
    const delay = this.random.chance(0.95) ? this.random.between(28, 2500) : this.random.between(2500, 9000);
    const draft = this.begin(state, this.clock + delay, this.modern ? notice : "reset-prompt");
    this.chatBegan(state, before, draft, startedAt);
    if (!this.modern) draft.turns += 1;
  }

  private newWithText(state: KeyState): void {
    const startedAt = this.clock;
    const before = this.archive(state, "reset");
    const draft = this.begin(state, this.clock + this.random.between(130, this.modern ? 60_000 : 6500), "turn");
    draft.turns += 1;
    this.chatBegan(state, before, draft, startedAt);
  }

  private chatBegan(state: KeyState, before: Draft | null, draft: Draft, startedAt: number): void {
    state.chatBegan = true;
    state.sessionStartedAt = startedAt;
    if (before !== null)
      state.family = [...(state.family.length > 0 ? state.family : [before.sessionId]), draft.sessionId];
  }

  private rpcReset(state: KeyState): void {
    const before = this.archive(state, "reset");
    state.chatBegan = false;
    state.family = [];
    state.sessionStartedAt = this.clock;
    state.updatedAt = this.clock;
    state.sessionId = this.random.uuid();
    if (this.modern && before !== null)
      this.begin(state, this.clock + this.random.below(2), "header-only", before.fileId);
  }

  private agentNew(state: KeyState): void {
    const before = this.archive(state, "reset");
    state.chatBegan = false;
    state.family = [];
    state.sessionStartedAt = this.clock;
    const sameFile = this.modern && before !== null;
    const delay = sameFile ? this.random.below(2) : this.random.between(200, 3000);
    const draft = this.begin(state, this.clock + delay, "reset-prompt", sameFile ? before.fileId : undefined);
    draft.turns += 1;
  }

  private delete(state: KeyState): void {
    this.archive(state, "deleted");
    this.remove(state);
  }

  /** `sessions.delete` with `deleteTranscript: false`. */
  private forget(state: KeyState): void {
    state.current = null;
    this.remove(state);
  }

  private remove(state: KeyState): void {
    state.exists = false;
    state.newest = null;
    this.order.splice(this.order.indexOf(state), 1);
  }

  found(): SimulatedLife {
    const fragments = this.drafts.map(({ draft }) => asFragment(draft));
    const agent = agentReading({
      store: store(this.order.map((state, index) => this.asRow(state, index))),
      fragments: fragments.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
      claims:
        this.options.trajectories && this.modern ? this.drafts.filter(({ draft }) => draft.turns > 0).map(asClaim) : [],
    });
    const previous = new Map(
      this.drafts.map(({ draft }) => [pathOf(draft), draft.previous === null ? null : pathOf(draft.previous)]),
    );
    const keyOf = new Map(this.drafts.map(({ draft, key }) => [pathOf(draft), key]));
    return { agent, previous, keyOf, startOf: this.startOf };
  }

  private asRow(state: KeyState, index: number): StoreRow {
    const { key, current, sessionId, updatedAt, family, sessionStartedAt, chatBegan } = state;
    const transcriptPath = current === null ? `${SESSIONS}/${sessionId}.jsonl` : pathOf(current);
    return row({
      key,
      sessionId,
      transcriptPath,
      sessionFile: current === null ? null : `/elsewhere/${transcriptPath}`,
      transcriptBy: current === null ? "session-id" : "moved",
      updatedAt,
      sessionStartedAt: this.modern ? sessionStartedAt : null,
      compactionCount: this.modern || chatBegan ? 0 : null,
      familyKey: this.modern && family.length > 0 ? key : null,
      familyIds: this.modern ? family : [],
      line: index + 2,
    });
  }
}

function pathOf({ fileId, kind, archivedAt }: Draft): string {
  const stamp = archivedAt === null ? "" : `.${kind}.${new Date(archivedAt).toISOString().replaceAll(":", "-")}`;
  return `${SESSIONS}/${fileId}.jsonl${stamp}`;
}

function asFragment(draft: Draft): Fragment {
  const { sessionId, fileId, startedAt, archivedAt, kind, start, started, completed, unnamed } = draft;
  return fragment({
    path: pathOf(draft),
    sessionId,
    fileId,
    startedAt,
    archivedAt,
    kind,
    start,
    endedAt: startedAt,
    execs: { started, completed, ...(unnamed.length === 0 ? {} : { unnamed }) },
  });
}

function asClaim({ draft, key }: { readonly draft: Draft; readonly key: string }): KeyClaim {
  const { sessionId, fileId, startedAt } = draft;
  return {
    key,
    sessionId,
    fileId,
    runId: null,
    at: startedAt,
    source: "trajectory",
    path: `${SESSIONS}/${fileId}.trajectory.jsonl`,
    line: 1,
  };
}
