/** Makes one plan of the outlines of several repairs: what gets in each other's way is left out, the rest has one order. */
import type { ByteEdit, Conflict, Gate, LockToTake, PathState, PlanDraft, PlannedRepair, Step } from "../model/plan.ts";
import { joinedEdits } from "./joined-edits.ts";
import type { Change, EditRows, Outline, ReplaceFile, RowEdit } from "./outline.ts";
import { NotReadable, type RepairPort } from "./port.ts";
import { absolute, StepMaker } from "./steps.ts";
import { rowEdits } from "./store-edits.ts";

/** One repair of a plan. */
export interface OutlinedRepair {
  readonly planned: PlannedRepair;
  readonly outline: Outline;
}

/**
 * The plan of all these repairs for one home (absolute path). One that would touch what an earlier one touches, other than
 * rows of the same store or other bytes of the same file, is left out and named as a conflict. With `onlyWhole` a repair that has any conflict is left out
 * and named in the notes.
 */
export async function completePlan(
  home: string,
  title: string,
  repairs: readonly OutlinedRepair[],
  port: RepairPort,
  onlyWhole = false,
): Promise<PlanDraft> {
  const draft = new Draft(home, port);
  const taken: PlannedRepair[] = [];
  const conflicts: Conflict[] = [];
  const left: string[] = [];
  for (const { planned, outline } of repairs) {
    const own = outline.conflicts;
    const found = onlyWhole && own.length > 0 ? own : [...own, ...(await draft.take(outline))];
    if (found.length === 0 || !onlyWhole) taken.push(planned);
    else left.push(`Left out: ${planned.title} (${planned.path}). ${found[0]!.reason}`);
    if (!onlyWhole) conflicts.push(...found);
  }
  const { steps, conflicts: late } = await draft.steps();
  return {
    home,
    title,
    repairs: taken,
    steps,
    gates: unique(draft.gates),
    locks: unique(draft.locks),
    conflicts: unique([...conflicts, ...late]),
    notes: [...new Set([...draft.notes, ...left])],
  };
}

function unique<T extends Gate | LockToTake | Conflict>(all: readonly T[]): T[] {
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

/** The order of a run: locks that are stale make room first, what is new comes before what points to it, stores come late. */
const ORDER: readonly Change["change"][] = [
  "set-aside",
  "folder",
  "copy",
  "write",
  "rename",
  "replace",
  "rows",
  "link",
];

/** A plan that grows repair by repair. */
class Draft {
  readonly gates: Gate[] = [];
  readonly locks: LockToTake[] = [];
  readonly notes: string[] = [];
  private readonly home: string;
  private readonly port: RepairPort;
  /** Changes by what they say: the same one of two repairs is one. */
  private readonly changes = new Map<string, Change>();
  /** Paths that are written, with what the change says that writes them. */
  private readonly written = new Map<string, string>();
  /** Changes to rows, by path of the store and key in lower case. */
  private readonly rows = new Map<string, Map<string, RowEdit[]>>();
  /** Edits of files that stay what they are, by path. */
  private readonly edits = new Map<string, readonly ByteEdit[]>();

  constructor(home: string, port: RepairPort) {
    this.home = home;
    this.port = port;
  }

  /** Takes the repair over, unless something stands in its way; answers what does. */
  async take(outline: Outline): Promise<Conflict[]> {
    const conflicts = outline.changes.flatMap((change) => this.collisions(change));
    for (const change of outline.changes) if (conflicts.length === 0) conflicts.push(...(await this.obstacles(change)));
    if (conflicts.length > 0) return conflicts;
    for (const change of outline.changes) this.put(change);
    this.gates.push(...outline.gates);
    this.locks.push(...outline.locks);
    this.notes.push(...outline.notes);
    return [];
  }

  private put(change: Change): void {
    const said = textOf(change);
    this.changes.set(said, change);
    for (const path of pathsOf(change)) this.written.set(path, said);
    if (isEditing(change)) {
      const { path, edits } = change;
      this.edits.set(path, joinedEdits(this.edits.get(path) ?? [], edits) ?? edits);
    }
    if (change.change !== "rows") return;
    const known = this.rows.get(change.store.path) ?? new Map<string, RowEdit[]>();
    this.rows.set(change.store.path, known);
    for (const row of change.rows) {
      const key = row.key.toLowerCase();
      known.set(key, [...(known.get(key) ?? []), row]);
    }
  }

  /** What earlier repairs do to the same place. */
  private collisions(change: Change): Conflict[] {
    if (change.change === "rows") return this.rowCollisions(change);
    const known = isEditing(change) ? this.edits.get(change.path) : undefined;
    if (known !== undefined && isEditing(change) && joinedEdits(known, change.edits) !== null) return [];
    const said = textOf(change);
    return pathsOf(change)
      .filter((path) => this.rows.has(path) || (this.written.get(path) ?? said) !== said)
      .map((path) => ({
        path,
        reason: "Another repair of the same plan changes this place: run them one after the other.",
      }));
  }

  private rowCollisions({ store, rows }: EditRows): Conflict[] {
    const { path } = store;
    const known = this.rows.get(path);
    if (known === undefined && this.written.has(path)) {
      return [{ path, reason: "Another repair of the same plan replaces this store: run them one after the other." }];
    }
    return rows
      .filter((row) => (known?.get(row.key.toLowerCase()) ?? []).some((other) => !agree(row, other)))
      .map(({ key }) => ({ path, reason: `Another repair of the same plan changes the row of ${key} as well.` }));
  }

  /** What stands in the way on disk. */
  private async obstacles(change: Change): Promise<Conflict[]> {
    try {
      const isKnown = this.changes.has(textOf(change));
      for (const path of isKnown ? [] : newPathsOf(change)) {
        if ((await this.stateOf(path)).is !== "absent") {
          return [{ path, reason: "Something stands at this place already, and nothing is written over it." }];
        }
      }
      const source = sourceOf(change);
      if (source !== null && (await this.stateOf(source)).is !== "file") {
        return [{ path: source, reason: "There is no file at this place any more." }];
      }
      if (change.change === "rows") await rowEdits(change.store, change.rows, this.reader(change.store.path));
      return [];
    } catch (error) {
      return [this.unreadable(error)];
    }
  }

  /** Steps in the order in which they run. What can't be looked at any more is a conflict. */
  async steps(): Promise<{ readonly steps: Step[]; readonly conflicts: Conflict[] }> {
    const maker = new StepMaker(this.home, this.port);
    const steps: Step[] = [];
    const conflicts: Conflict[] = [];
    for (const change of this.joined().toSorted((a, b) => ORDER.indexOf(a.change) - ORDER.indexOf(b.change))) {
      try {
        steps.push(...(await maker.stepsOf(change)));
      } catch (error) {
        conflicts.push(this.unreadable(error));
      }
    }
    return { steps, conflicts };
  }

  /** All changes, with those to rows of one store, and to bytes of one file, joined. */
  private joined(): Change[] {
    const all = [...this.changes.values()];
    const byStore = Map.groupBy(
      all.filter((one) => one.change === "rows"),
      ({ store }) => store.path,
    );
    const rows = [...byStore.values()].map((own): EditRows => {
      return { change: "rows", store: own[0]!.store, rows: own.flatMap((one) => one.rows), why: reasonsOf(own) };
    });
    const byFile = Map.groupBy(all.filter(isEditing), ({ path }) => path);
    const edited = [...byFile.values()].map((own): ReplaceFile => {
      return { ...own[0]!, edits: this.edits.get(own[0]!.path) ?? [], why: reasonsOf(own) };
    });
    return [...all.filter((one) => one.change !== "rows" && !isEditing(one)), ...edited, ...rows];
  }

  private unreadable(error: unknown): Conflict {
    if (!(error instanceof NotReadable)) throw error;
    const path = error.path.startsWith(`${this.home}/`) ? error.path.slice(this.home.length + 1) : error.path;
    return { path, reason: `It can't be used: ${error.message}.` };
  }

  private stateOf(path: string): Promise<PathState> {
    return this.port.stateOf(absolute(this.home, path));
  }

  private reader(path: string): (offset: number, length: number) => Promise<Buffer> {
    return (offset, length) => this.port.read(absolute(this.home, path), offset, length);
  }
}

/** A file that is changed where it stands, other bytes of which another repair may change as well. */
function isEditing(change: Change): change is ReplaceFile {
  return change.change === "replace" && change.from === change.path;
}

function reasonsOf(changes: readonly Change[]): string {
  return [...new Set(changes.map(({ why }) => why))].join(" ");
}

/** What a change says, as text: a store itself is told by its path. */
function textOf(change: Change): string {
  return JSON.stringify(change.change === "rows" ? { ...change, store: change.store.path } : change);
}

/** The same row changed twice in ways that leave each other alone. */
function agree(a: RowEdit, b: RowEdit): boolean {
  if (JSON.stringify(a) === JSON.stringify(b)) return true;
  if (a.edit === "add" || b.edit === "add") return false;
  return Object.keys(a.set).every(
    (name) => !Object.hasOwn(b.set, name) || JSON.stringify(a.set[name]) === JSON.stringify(b.set[name]),
  );
}

/** Paths that a change claims for itself, home-relative. A folder that several need is nobody's; rows are told apart by key. */
function pathsOf(change: Change): string[] {
  if (change.change === "rename") return [change.path, change.to];
  return change.change === "folder" || change.change === "rows" ? [] : [change.path];
}

/** Paths at which nothing may stand yet. */
function newPathsOf(change: Change): string[] {
  if (change.change === "copy") return [change.path];
  return change.change === "rename" ? [change.to] : [];
}

/** The file that must be there. */
function sourceOf(change: Change): string | null {
  if (change.change === "rename") return change.path;
  return change.change === "copy" || change.change === "replace" ? change.from : null;
}
