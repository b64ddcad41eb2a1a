/** How entries follow each other: ids that occur twice, parents that are not there, branches that were left, prompts written twice. */
import type { DamageEvidence, TranscriptDamage } from "../../model/damage.ts";
import type { TranscriptEntry } from "../../model/entry.ts";
import { count } from "../../model/amounts.ts";
import { CONTEXT_BEGIN, withoutInternalContext } from "../../formats/internal-context.ts";
import { EntryTable, FLAG, wordsHash } from "./entry-table.ts";
import { brief, damageAt, type DamageList, type EntryRecord, type LinePlace, valueRange } from "./record.ts";

/** An entry whose parent has not been seen; it may stand further down. */
interface Waiting {
  readonly index: number;
  readonly parentId: string;
  readonly damage: TranscriptDamage;
}

/** A place where an entry may have been lost: then the next unknown parent may be that entry. */
interface Gap {
  readonly seq: number;
  readonly line: number | null;
}

/** More are counted, not kept. */
const MOST_WAITING = 1000;
const MOST_GAPS = 1000;
const NO_PARENT = -1;
const UNKNOWN_PARENT = -2;

/** The entries of a transcript as they come, and what their ids and parents show. */
export class EntryTree {
  readonly #table = new EntryTable();
  #lastId: string | null = null;
  /** Entries by the parent that they wait for. */
  readonly #waiting = new Map<string, Waiting[]>();
  #waitingCount = 0;
  readonly #gaps: Gap[] = [];
  /** Lines are numbered, events of a database are not. */
  #isNumbered = true;

  /** Whether every entry is followed. */
  get isWhole(): boolean {
    return !this.#table.isFull && this.#waitingCount < MOST_WAITING;
  }

  /** Something that may have been an entry can't be read here. */
  gap({ line, seq }: Gap): void {
    if (this.#gaps.length < MOST_GAPS) this.#gaps.push({ seq, line });
  }

  /** Takes the next entry, and says how it stands to those before: a copy of one of them, or behind one that was not seen. */
  take(record: EntryRecord, list: DamageList): "copy" | "unknown-parent" | "known" {
    const { entry, place } = record;
    const { id, parentId } = entry;
    if (id === null || this.#table.isFull) return "known";
    this.#isNumbered = place.line !== null;
    const parent = this.#parentOf(parentId, id);
    const known = this.#table.find(id);
    if (known !== -1) {
      const isCopy = this.#table.size(known) === place.size && this.#table.parent(known) === parent;
      list.add(this.#duplicate(record, id, known, isCopy));
      if (isCopy) return "copy";
      // Whatever id it had before, entries behind it may still name that one.
      this.gap(place);
    }
    const index = this.#add(record, id, parent);
    this.#lastId = id;
    this.#resolve(id, index);
    if (parent !== UNKNOWN_PARENT || parentId === null) return "known";
    this.#wait(record, index, parentId);
    return "unknown-parent";
  }

  /** What only the end shows; and of gaps, by their numbers, which entry was probably lost in them. Changes nothing. */
  end(list: DamageList): ReadonlyMap<number, DamageEvidence> {
    const { broken, lost } = this.#unresolved();
    for (const { damage } of broken) list.add(damage);
    this.#branches(list);
    return lost;
  }

  #parentOf(parentId: string | null, id: string): number {
    if (parentId === null) return NO_PARENT;
    // Mostly it is the entry above.
    const index =
      parentId === this.#lastId ? this.#table.length - 1 : parentId === id ? -1 : this.#table.find(parentId);
    return index === -1 ? UNKNOWN_PARENT : index;
  }

  #add({ entry, place }: EntryRecord, id: string, parent: number): number {
    const { offset, seq, size } = place;
    const isPrompt = entry.role === "user";
    return this.#table.add({
      id,
      parent: parent === UNKNOWN_PARENT ? NO_PARENT : parent,
      seq,
      offset,
      size,
      flags: flagsOf(entry) | (parent === UNKNOWN_PARENT ? FLAG.broken : 0),
      words: isPrompt ? wordsHash(withoutInternalContext(entry.text)) : 0,
    });
  }

  #duplicate(record: EntryRecord, id: string, known: number, isCopy: boolean): TranscriptDamage {
    const { entry, place } = record;
    const first = this.#placeOf(known);
    const where = place.line === null ? `event ${first.seq}` : `line ${first.line}`;
    const what = isCopy ? "This entry stands here a second time" : "Another entry has the same id";
    return damageAt(
      place,
      {
        code: "transcript/duplicate-id",
        // The way back from the last entry may go round in circles: observed, 2026.5.12 never finishes opening such a file.
        ...(isCopy ? {} : { severity: "error" }),
        ...valueRange(record, "id", id),
        message: `${what}: ${brief(id)} is the id of ${where} as well.`,
        evidence: [{ text: `the first entry with the id ${brief(id)}`, seq: first.seq, line: first.line }],
        other: { seq: first.seq, line: first.line, entryId: id },
      },
      entry,
    );
  }

  #wait(record: EntryRecord, index: number, parentId: string): void {
    this.#waitingCount += 1;
    if (this.#waitingCount > MOST_WAITING) return;
    const { entry, place } = record;
    const message =
      parentId === entry.id
        ? "This entry names itself as the one before it"
        : `This entry names ${brief(parentId)} as the one before it, and no entry has that id`;
    const damage = damageAt(
      place,
      {
        code: "transcript/broken-parent",
        ...valueRange(record, "parentId", parentId),
        message: `${message}: what was said before can't be reached from here.`,
        parentId,
      },
      entry,
    );
    const others = this.#waiting.get(parentId);
    if (others === undefined) this.#waiting.set(parentId, [{ index, parentId, damage }]);
    else others.push({ index, parentId, damage });
  }

  /** Entries that named this one before it came. */
  #resolve(id: string, parent: number): void {
    if (this.#waiting.size === 0) return;
    const waiting = this.#waiting.get(id)?.filter(({ index }) => !this.#leadsTo(parent, index)) ?? [];
    for (const { index } of waiting) {
      this.#table.setParent(index, parent);
      this.#table.unmark(index, FLAG.broken);
    }
    const rest = this.#waiting.get(id)?.filter((one) => !waiting.includes(one)) ?? [];
    if (rest.length === 0) this.#waiting.delete(id);
    else this.#waiting.set(id, rest);
  }

  /** Whether the way up from an entry passes another one: then that one can't be below it. */
  #leadsTo(from: number, wanted: number): boolean {
    let at = from;
    while (at >= 0 && at !== wanted) at = this.#table.parent(at);
    return at === wanted;
  }

  /** Of several unknown parents each gap before them explains one: there the damage is the gap. */
  #unresolved(): { broken: Waiting[]; lost: Map<number, DamageEvidence> } {
    const all = [...this.#waiting.values()].flat().toSorted((a, b) => a.damage.seq - b.damage.seq);
    const explained = new Set<string>();
    const lost = new Map<number, DamageEvidence>();
    const gaps = this.#gaps.toSorted((a, b) => a.seq - b.seq);
    for (const { damage, parentId } of all) {
      if (explained.has(parentId) || parentId === damage.entryId) continue;
      const at = gaps.findLastIndex(({ seq }) => seq <= damage.seq);
      const gap = gaps[at];
      if (gap === undefined) continue;
      gaps.splice(at, 1);
      explained.add(parentId);
      lost.set(gap.seq, {
        text: `entry ${brief(damage.entryId ?? "")} names ${brief(parentId)} as the one before it, which probably stood here`,
        seq: damage.seq,
        line: damage.line,
      });
    }
    return { broken: all.filter(({ parentId }) => !explained.has(parentId)), lost };
  }

  #branches(list: DamageList): void {
    const table = this.#table;
    if (table.length === 0) return;
    const onPath = this.#path();
    const branches = [...branchesOf(table, onPath).values()];
    const prompts = this.#promptsBeside(branches, onPath);
    for (const branch of branches) {
      const twin = prompts.get(table.parent(branch.root))?.find((at) => table.words(at) === table.words(branch.root));
      if (twin !== undefined && table.has(branch.root, FLAG.prompt)) list.add(this.#duplicatePrompt(branch, twin));
      else if (branch.answers > 0) list.add(this.#orphanBranch(branch));
    }
  }

  /** The entries that can be reached from the end; where a predecessor is missing, it goes on with the entry above. */
  #path(): Uint8Array {
    const table = this.#table;
    const onPath = new Uint8Array(table.length);
    for (let at = table.length - 1; at >= 0 && onPath[at] === 0;) {
      onPath[at] = 1;
      at = table.has(at, FLAG.broken) ? at - 1 : table.parent(at);
    }
    return onPath;
  }

  /** The prompts in use that have the same parents as these branches, by parent. */
  #promptsBeside(branches: readonly Branch[], onPath: Uint8Array): Map<number, number[]> {
    const table = this.#table;
    const prompts = new Map<number, number[]>();
    for (const { root } of branches) if (table.has(root, FLAG.prompt)) prompts.set(table.parent(root), []);
    if (prompts.size === 0) return prompts;
    for (let at = 0; at < onPath.length; at += 1)
      if (onPath[at] === 1 && table.has(at, FLAG.prompt)) prompts.get(table.parent(at))?.push(at);
    return prompts;
  }

  #duplicatePrompt({ answers, root }: Branch, twin: number): TranscriptDamage {
    const place = this.#placeOf(root);
    const other = this.#placeOf(twin);
    // A message that was sent again before it was answered.
    const isSentAgain =
      answers === 0 && !this.#table.has(root, FLAG.rewritten) && !this.#table.has(twin, FLAG.rewritten);
    return damageAt(place, {
      code: "transcript/duplicate-prompt",
      ...(isSentAgain ? { severity: "info" } : {}),
      message:
        `The same prompt stands twice behind the same entry. The one of ${nameOf(other)} is in use; this one, ` +
        `with ${count(answers, "answer")}, is on a branch that was left.`,
      evidence: [{ text: "the prompt in use", seq: other.seq, line: other.line }],
      other: { seq: other.seq, line: other.line, entryId: null },
    });
  }

  #orphanBranch({ answers, root, size }: Branch): TranscriptDamage {
    return damageAt(this.#placeOf(root), {
      code: "transcript/orphan-branch",
      message:
        `Here begins a branch of ${count(size, "entry")} with ${count(answers, "answer")} that the conversation has left: ` +
        "it can't be reached from the end of the transcript.",
    });
  }

  #placeOf(index: number): LinePlace {
    const seq = this.#table.seq(index);
    const line = this.#isNumbered ? seq + 1 : null;
    return { seq, line, offset: this.#table.offset(index), size: this.#table.size(index) };
  }
}

interface Branch {
  readonly root: number;
  size: number;
  answers: number;
}

/** The branches off the path, by their first entries. Where the path has a gap, what lies before it is no branch. */
function branchesOf(table: EntryTable, onPath: Uint8Array): Map<number, Branch> {
  const branches = new Map<number, Branch>();
  if (!onPath.includes(0)) return branches;
  const rootOf = new Int32Array(table.length).fill(NO_PARENT);
  for (let at = 0; at < table.length; at += 1) {
    if (onPath[at] === 1 || table.has(at, FLAG.broken)) continue;
    const parent = table.parent(at);
    const root = parent < 0 || onPath[parent] === 1 ? at : rootOf[parent]!;
    if (root < 0) continue;
    rootOf[at] = root;
    const branch = branches.get(root) ?? { root, size: 0, answers: 0 };
    branch.size += 1;
    if (table.has(at, FLAG.answer)) branch.answers += 1;
    branches.set(root, branch);
  }
  return branches;
}

function flagsOf({ author, kind, role, stop, text }: TranscriptEntry): number {
  if (kind !== "message") return 0;
  // What an aborted turn leaves, or the program says itself, is no answer of its own.
  const isAnswer = role === "assistant" && author === "model" && stop !== "aborted" && stop !== "error";
  const isPrompt = role === "user";
  return (
    FLAG.message |
    (isPrompt ? FLAG.prompt : 0) |
    (isAnswer ? FLAG.answer : 0) |
    (isPrompt && text.includes(CONTEXT_BEGIN) ? FLAG.rewritten : 0)
  );
}

function nameOf({ line, seq }: LinePlace): string {
  return line === null ? `event ${seq}` : `line ${line}`;
}
