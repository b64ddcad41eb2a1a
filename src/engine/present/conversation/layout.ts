/** A conversation laid out in lines, with what an editor needs to fold, outline, link and colour it. Lines count from 0. */
import { type EntryPlace, entryPlaceId } from "../../../model/fragment.ts";
import { type FileReference, type Line, plainText, type Span } from "../lines.ts";

/** A stretch of a line. It may lead to an entry: to the raw line in its transcript, or to where the document shows it. */
export type Part = Span & { readonly raw?: EntryPlace; readonly shown?: EntryPlace };

/** What a stretch of a line leads to. */
export type LinkTarget =
  | { readonly to: "file"; readonly file: FileReference }
  | { readonly to: "raw" | "shown"; readonly entry: EntryPlace };

export interface PlacedLink {
  readonly line: number;
  /** In UTF-16 units, `end` exclusive. */
  readonly start: number;
  readonly end: number;
  readonly target: LinkTarget;
}

/** What a line is, for its colour. */
export type Mark = "title" | "boundary" | "user" | "assistant" | "other" | "work" | "link" | "doubt" | "trouble";

export interface Fold {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
  /** Folded when it is first shown, under a name that stays while the chain grows; null for what stays open. */
  readonly name: string | null;
}

export type OutlineKind = "fragment" | "user" | "assistant" | "work" | "event" | "trouble";

export interface OutlineNode {
  readonly name: string;
  readonly detail: string;
  readonly kind: OutlineKind;
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
  readonly children: readonly OutlineNode[];
}

/** Lines that show one entry. Extents may lie inside each other: the result of a tool inside the message that called it. */
export interface EntryExtent {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
  readonly entry: EntryPlace;
}

/** A conversation as text, and what stands where. */
export interface ConversationLayout {
  readonly text: string;
  readonly folds: readonly Fold[];
  readonly outline: readonly OutlineNode[];
  readonly links: readonly PlacedLink[];
  readonly marks: readonly (readonly [line: number, mark: Mark])[];
  /** In the order of their first lines. */
  readonly entries: readonly EntryExtent[];
  /** First line of each entry that is shown, by `entryPlaceId`. */
  readonly lineOf: ReadonlyMap<string, number>;
}

interface OpenNode extends Omit<OutlineNode, "children" | "end"> {
  readonly children: OutlineNode[];
}

/** Takes lines one after the other, and keeps what stands where. */
export class LayoutWriter {
  readonly #lines: Line[] = [];
  readonly #folds: Fold[] = [];
  readonly #links: PlacedLink[] = [];
  readonly #marks: [number, Mark][] = [];
  readonly #entries: EntryExtent[] = [];
  readonly #lineOf = new Map<string, number>();
  readonly #root: OutlineNode[] = [];
  readonly #open: OpenNode[] = [];

  /** Number of the line that comes next. */
  get next(): number {
    return this.#lines.length;
  }

  add(content: readonly Part[], mark?: Mark): void {
    const line = this.#lines.length;
    let start = 0;
    for (const part of content) {
      const end = start + part.text.length;
      const target = targetOf(part);
      if (target !== undefined) this.#links.push({ line, start, end, target });
      start = end;
    }
    this.#lines.push(content);
    if (mark !== undefined) this.#marks.push([line, mark]);
  }

  addAll(lines: readonly (readonly Part[])[], mark?: Mark): void {
    for (const line of lines) this.add(line, mark);
  }

  /** An empty line, unless one stands there. */
  gap(): void {
    if (this.#lines.length > 0 && this.#lines.at(-1)!.length > 0) this.add([]);
  }

  /** What `write` adds can be folded behind its first line. */
  fold(name: string | null, write: () => void): void {
    const start = this.next;
    const at = this.#folds.length;
    write();
    const end = this.#lastLine();
    // Outer folds come before those inside of them.
    if (end > start) this.#folds.splice(at, 0, { start, end, name });
  }

  /** What `write` adds shows this entry. */
  entry(entry: EntryPlace, write: () => void): void {
    const start = this.next;
    const at = this.#entries.length;
    const name = entryPlaceId(entry);
    if (!this.#lineOf.has(name)) this.#lineOf.set(name, start);
    write();
    this.#entries.splice(at, 0, { start, end: Math.max(start, this.#lastLine()), entry });
  }

  /** What `write` adds is one node of the outline, with the nodes that it adds itself below. */
  outline(node: Pick<OutlineNode, "detail" | "kind" | "name">, write: () => void): void {
    this.begin(node);
    write();
    this.finish();
  }

  /** The same for a node whose end is not known yet. */
  begin(node: Pick<OutlineNode, "detail" | "kind" | "name">): void {
    this.#open.push({ ...node, start: this.next, children: [] });
  }

  finish(): void {
    const node = this.#open.pop();
    if (node === undefined) return;
    const siblings = this.#open.at(-1)?.children ?? this.#root;
    siblings.push({ ...node, end: Math.max(node.start, this.#lastLine()) });
  }

  layout(): ConversationLayout {
    return {
      text: `${plainText(this.#lines)}\n`,
      folds: this.#folds,
      outline: this.#root.map(withTurns),
      links: this.#links,
      marks: this.#marks,
      entries: this.#entries,
      lineOf: this.#lineOf,
    };
  }

  /** The last line that is not empty. */
  #lastLine(): number {
    let last = this.#lines.length - 1;
    while (last > 0 && this.#lines[last]!.length === 0) last -= 1;
    return last;
  }
}

function targetOf({ file, raw, shown }: Part): LinkTarget | undefined {
  if (file !== undefined) return { to: "file", file };
  if (raw !== undefined) return { to: "raw", entry: raw };
  return shown === undefined ? undefined : { to: "shown", entry: shown };
}

/** In a fragment, what follows the words of a person belongs to them, up to the next ones. */
function withTurns(node: OutlineNode): OutlineNode {
  const children: OutlineNode[] = [];
  for (const child of node.children) {
    const turn = children.at(-1);
    if (turn?.kind !== "user" || child.kind === "user") children.push(child);
    else children.splice(-1, 1, { ...turn, end: child.end, children: [...turn.children, child] });
  }
  return { ...node, children };
}
