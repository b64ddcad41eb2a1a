/**
 * Makes plans of outlines: looks up what stands at every path, works out what the bytes will be, puts the changes of several
 * repairs in one order, and joins all that touch one store into one write.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";

import { FORENSICS_FOLDER } from "../model/plan.ts";
import type {
  Conflict,
  FileState,
  Gate,
  LockToTake,
  PathState,
  PlanDraft,
  PlannedRepair,
  Step,
} from "../model/plan.ts";
import type { Change, CopyFile, EditRows, Outline, RenameFile, ReplaceFile } from "./outline.ts";
import { NotReadable, type RepairPort } from "./port.ts";
import { newStoreText, rowEdits } from "./store-edits.ts";

/** One repair of a plan. */
export interface OutlinedRepair {
  readonly planned: PlannedRepair;
  readonly outline: Outline;
}

const ABSENT = { is: "absent" } as const;
/** Permission bits of files that OpenClaw and we make: for the owner alone. */
const OWN_FILE = 0o600;
const OWN_FOLDER = 0o700;

/**
 * The plan of all these repairs for one home (absolute path). One that would touch what an earlier one touches, other than
 * rows of the same store, is left out and named as a conflict. With `onlyWhole`, so is every repair that has any conflict.
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
    const found = [...outline.conflicts, ...(await draft.take(outline, onlyWhole && outline.conflicts.length > 0))];
    if (!onlyWhole || found.length === 0) taken.push(planned);
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
    // A stale lock that the plan moves aside can't be taken before.
    locks: unique(draft.locks).filter(
      ({ path }) => !steps.some((step) => step.do === "move-aside" && step.path === path),
    ),
    conflicts: uniqueConflicts([...conflicts, ...late]),
    notes: [...new Set([...draft.notes, ...left])],
  };
}

function unique<T extends Gate | LockToTake>(all: readonly T[]): T[] {
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

function uniqueConflicts(all: readonly Conflict[]): Conflict[] {
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

/** The order of a run: locks that are stale make room first, what is new comes before what points to it, stores come last. */
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
  private readonly changes: Change[] = [];
  /** Paths that a change of an earlier repair writes, and that change as text. */
  private readonly written = new Map<string, string>();

  constructor(home: string, port: RepairPort) {
    this.home = home;
    this.port = port;
  }

  /** Takes the repair over, unless it gets in the way of an earlier one; answers what speaks against it. */
  async take(outline: Outline, isRefused: boolean): Promise<Conflict[]> {
    const conflicts = outline.changes.flatMap((change) => this.collisions(change));
    if (conflicts.length > 0) return conflicts;
    if (isRefused) return [];
    for (const change of outline.changes) conflicts.push(...(await this.obstacles(change)));
    if (conflicts.length > 0) return conflicts;
    for (const change of outline.changes) this.put(change);
    this.gates.push(...outline.gates);
    this.locks.push(...outline.locks);
    this.notes.push(...outline.notes);
    return [];
  }

  private put(change: Change): void {
    const text = JSON.stringify(change);
    const isKnown = pathsOf(change).every((path) => this.written.get(path) === text);
    for (const path of pathsOf(change)) this.written.set(path, text);
    if (change.change === "rows" || !isKnown) this.changes.push(change);
  }

  /** What earlier repairs do to the same place. The same change twice is one; rows of a store are joined later. */
  private collisions(change: Change): Conflict[] {
    const text = JSON.stringify(change);
    if (change.change === "rows") return this.rowCollisions(change);
    return pathsOf(change)
      .filter((path) => this.written.has(path) && this.written.get(path) !== text)
      .map((path) => ({
        path,
        reason: "Another repair of the same plan changes this place: run them one after the other.",
      }));
  }

  private rowCollisions({ store, rows }: EditRows): Conflict[] {
    const known = this.changes.filter((one) => one.change === "rows" && one.store.path === store.path);
    if (known.length === 0 && this.written.has(store.path)) {
      return [{ path: store.path, reason: "Another repair of the same plan replaces this store." }];
    }
    const earlier = known.flatMap((one) => (one.change === "rows" ? one.rows : []));
    return rows
      .filter((row) => earlier.some((other) => other.key.toLowerCase() === row.key.toLowerCase() && !agree(row, other)))
      .map(({ key }) => ({
        path: store.path,
        reason: `Another repair of the same plan changes the row of ${key} as well.`,
      }));
  }

  /** What stands in the way on disk. */
  private async obstacles(change: Change): Promise<Conflict[]> {
    try {
      for (const path of newPathsOf(change)) {
        const there = await this.stateOf(path);
        if (there.is !== "absent" && !this.isWritten(change, path)) {
          return [{ path, reason: "Something stands at this place already, and nothing is written over it." }];
        }
      }
      if (change.change === "copy" || change.change === "rename" || change.change === "replace") {
        const from = change.change === "rename" ? change.path : change.from;
        if ((await this.stateOf(from)).is !== "file")
          return [{ path: from, reason: "There is no file at this place any more." }];
      }
      if (change.change === "rows") {
        for (const row of change.rows) await rowEdits(change.store, [row], this.reader(change.store.path));
      }
      return [];
    } catch (error) {
      if (!(error instanceof NotReadable)) throw error;
      return [{ path: this.relative(error.path), reason: `It can't be used: ${error.message}.` }];
    }
  }

  private isWritten(change: Change, path: string): boolean {
    return this.written.get(path) === JSON.stringify(change);
  }

  /** Steps in the order in which they run. What can't be looked at any more is a conflict. */
  async steps(): Promise<{ readonly steps: Step[]; readonly conflicts: Conflict[] }> {
    const steps: Step[] = [];
    const conflicts: Conflict[] = [];
    for (const change of this.joined().toSorted((a, b) => ORDER.indexOf(a.change) - ORDER.indexOf(b.change))) {
      try {
        steps.push(...(await this.stepsOf(change)));
      } catch (error) {
        if (!(error instanceof NotReadable)) throw error;
        conflicts.push({ path: this.relative(error.path), reason: `It can't be used: ${error.message}.` });
      }
    }
    return { steps, conflicts };
  }

  /** All changes, with those to rows of one store joined. */
  private joined(): Change[] {
    const others = this.changes.filter((one) => one.change !== "rows");
    const byStore = Map.groupBy(
      this.changes.filter((one) => one.change === "rows"),
      ({ store }) => store.path,
    );
    const rows = [...byStore.values()].map((edits): EditRows => {
      const why = [...new Set(edits.map((one) => one.why))].join(" ");
      return { change: "rows", store: edits[0]!.store, rows: edits.flatMap((one) => one.rows), why };
    });
    return [...others, ...rows];
  }

  private async stepsOf(change: Change): Promise<Step[]> {
    switch (change.change) {
      case "copy":
        return [await this.copyStep(change)];
      case "write":
        return [await this.textStep(change.path, change.text, change.why)];
      case "replace":
        return [await this.replaceStep(change)];
      case "rows":
        return [await this.rowsStep(change)];
      case "set-aside":
        return [
          {
            do: "move-aside",
            path: change.path,
            before: await this.stateOf(change.path),
            after: ABSENT,
            why: change.why,
          },
        ];
      case "rename":
        return [await this.renameStep(change)];
      case "folder":
        return this.folderSteps(change.path, change.why);
      case "link": {
        const { path, target, why } = change;
        const before = await this.stateOf(path);
        const aside: Step = {
          do: "move-aside",
          path,
          before,
          after: ABSENT,
          why: "It is set aside as a whole, and kept.",
        };
        const link: Step = { do: "make-symlink", path, before: ABSENT, after: { is: "symlink", target }, why };
        return before.is === "absent" ? [link] : [aside, link];
      }
    }
  }

  /** A copy keeps the permission bits of its source. */
  private async copyStep({ from, path, edits, keepsTime, why }: CopyFile): Promise<Step> {
    const source = await this.fileAt(from);
    const expect = contentOf(source);
    const after = edits.length === 0 ? expect : await this.edited(from, edits);
    const mode = source.mode ?? OWN_FILE;
    const mtimeMs = keepsTime ? (source.mtimeMs ?? null) : null;
    const content = { as: "copy", of: from, expect, edits } as const;
    return { do: "write-file", path, before: await this.stateOf(path), after, content, mode, mtimeMs, why };
  }

  private async replaceStep({ from, path, edits, why }: ReplaceFile): Promise<Step> {
    const before = await this.stateOf(path);
    const expect = contentOf(await this.fileAt(from));
    const after = edits.length === 0 ? expect : await this.edited(from, edits);
    const content = { as: "copy", of: from, expect, edits } as const;
    return { do: "write-file", path, before, after, content, mode: modeOf(before), mtimeMs: null, why };
  }

  private async textStep(path: string, text: string, why: string): Promise<Step> {
    const before = await this.stateOf(path);
    const after = hashed(text);
    return {
      do: "write-file",
      path,
      before,
      after,
      content: { as: "text", text },
      mode: modeOf(before),
      mtimeMs: null,
      why,
    };
  }

  private async rowsStep({ store, rows, why }: EditRows): Promise<Step> {
    const before = await this.stateOf(store.path);
    if (before.is === "absent") return this.textStep(store.path, newStoreText(rows), why);
    const edits = await rowEdits(store, rows, this.reader(store.path));
    const content = { as: "copy", of: store.path, expect: contentOf(await this.fileAt(store.path)), edits } as const;
    const after = await this.edited(store.path, edits);
    return { do: "write-file", path: store.path, before, after, content, mode: modeOf(before), mtimeMs: null, why };
  }

  private async renameStep({ path, to, why }: RenameFile): Promise<Step> {
    return { do: "rename", path, before: await this.stateOf(path), after: ABSENT, to, toBefore: ABSENT, why };
  }

  /** The folder and those around it, as far as they are not there. Our own folder is there before any step runs. */
  private async folderSteps(path: string, why: string): Promise<Step[]> {
    const steps: Step[] = [];
    for (let at = path; at !== "" && at !== FORENSICS_FOLDER; at = at.slice(0, Math.max(0, at.lastIndexOf("/")))) {
      if ((await this.stateOf(at)).is !== "absent") break;
      steps.unshift({ do: "make-folder", path: at, before: ABSENT, after: { is: "folder" }, mode: OWN_FOLDER, why });
    }
    return steps;
  }

  private stateOf(path: string): Promise<PathState> {
    return this.port.stateOf(this.absolute(path));
  }

  private async fileAt(path: string): Promise<FileState> {
    const state = await this.stateOf(path);
    if (state.is === "file") return state;
    throw new NotReadable(this.absolute(path), "there is no file at this place any more");
  }

  private async edited(path: string, edits: CopyFile["edits"]): Promise<FileState> {
    return { is: "file", ...(await this.port.hashOf(this.absolute(path), edits)) };
  }

  private reader(path: string): (offset: number, length: number) => Promise<Buffer> {
    return (offset, length) => this.port.read(this.absolute(path), offset, length);
  }

  private absolute(path: string): string {
    return path.startsWith("/") || /^[A-Za-z]:/.test(path) ? path : join(this.home, path);
  }

  private relative(path: string): string {
    return path.startsWith(`${this.home}/`) ? path.slice(this.home.length + 1) : path;
  }
}

/** The same row changed twice in ways that leave each other alone. */
function agree(a: EditRows["rows"][number], b: EditRows["rows"][number]): boolean {
  if (JSON.stringify(a) === JSON.stringify(b)) return true;
  if (a.edit === "add" || b.edit === "add") return false;
  return Object.keys(a.set).every(
    (name) => !Object.hasOwn(b.set, name) || JSON.stringify(a.set[name]) === JSON.stringify(b.set[name]),
  );
}

/** Paths that a change writes, home-relative. A folder that several need is nobody's. */
function pathsOf(change: Change): string[] {
  if (change.change === "rename") return [change.path, change.to];
  if (change.change === "rows") return [change.store.path];
  return change.change === "folder" ? [] : [change.path];
}

/** Paths at which nothing may stand yet. */
function newPathsOf(change: Change): string[] {
  if (change.change === "copy") return [change.path];
  return change.change === "rename" ? [change.to] : [];
}

function contentOf({ bytes, sha256 }: FileState): FileState {
  return { is: "file", bytes, sha256 };
}

function modeOf(before: PathState): number {
  return before.is === "file" ? (before.mode ?? OWN_FILE) : OWN_FILE;
}

function hashed(text: string): FileState {
  const bytes = Buffer.from(text, "utf8");
  return { is: "file", bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}
