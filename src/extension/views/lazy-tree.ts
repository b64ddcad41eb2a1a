/** What the trees share: rows are asked for level by level, each level once until the content changes, long lists page by page. */
import * as vscode from "vscode";

import type { TooltipLine } from "../../protocol/items.ts";
import { MOST_AT_ONCE } from "../../protocol/pages.ts";
import type { Catalogue } from "../catalogue.ts";
import { isNotFound } from "../catalogue.ts";
import { ServerGoneError } from "../client/server-link.ts";
import { tooltipOf } from "./tooltip.ts";

/** What a tree knows of each of its nodes. */
export interface TreeNode<Node> {
  /** Unique in the view and stable across revisions, so that rows stay expanded and selected. */
  readonly id: string;
  readonly parent: Node | undefined;
}

/** The end of a list that goes on. */
export interface RestOf<Node> {
  readonly id: string;
  /** The node whose children the list is. */
  readonly parent: Node;
  readonly shown: number;
  readonly total: number;
}

/** One page of a long list. */
export interface Page<Item> {
  readonly total: number;
  readonly items: readonly Item[];
}

/** Rows of a list at first. */
export const PAGE = 100;
/** Rows that each "Show more…" adds. */
const STEP = 400;

export abstract class LazyTree<Node extends TreeNode<Node>>
  implements vscode.TreeDataProvider<Node>, vscode.Disposable
{
  protected readonly catalogue: Catalogue;
  readonly #log: vscode.LogOutputChannel;
  readonly #didChange = new vscode.EventEmitter<Node | undefined>();
  /** Children by node id, until the content changes. */
  #children = new Map<string, Promise<Node[]>>();
  /** How many rows of a list are shown, by the id of the node above it, where that is more than a page. */
  readonly #shown = new Map<string, number>();

  readonly onDidChangeTreeData = this.#didChange.event;

  constructor(catalogue: Catalogue, log: vscode.LogOutputChannel) {
    this.catalogue = catalogue;
    this.#log = log;
  }

  abstract getTreeItem(node: Node): vscode.TreeItem;

  /** Asks for what stands below the node, or at the top. */
  protected abstract childrenOf(node: Node | undefined): Promise<Node[]>;

  protected abstract tooltipLines(node: Node): readonly TooltipLine[];

  /** Forgets what was asked for and asks again for what is visible. */
  reload(): void {
    this.#children = new Map();
    this.redraw();
  }

  /** Like `reload`, with only the first page of every list. */
  startOver(): void {
    this.#shown.clear();
    this.reload();
  }

  /** Draws the rows again from what is known, so that "4 min ago" stays true. */
  redraw(): void {
    this.#didChange.fire(undefined);
  }

  /** Shows the next rows; resolves with the first of them. */
  async showMore({ parent, shown }: RestOf<Node>): Promise<Node | undefined> {
    this.#shown.set(parent.id, shown + STEP);
    this.#children.delete(parent.id);
    this.#didChange.fire(parent);
    return (await this.getChildren(parent))[shown];
  }

  /** A tooltip is made only when someone points at its row. */
  resolveTreeItem(item: vscode.TreeItem, node: Node): vscode.TreeItem {
    item.tooltip = tooltipOf(this.tooltipLines(node));
    return item;
  }

  getParent(node: Node): Node | undefined {
    return node.parent;
  }

  getChildren(node?: Node): Promise<Node[]> {
    const key = node?.id ?? "";
    const known = this.#children.get(key);
    if (known !== undefined) return known;
    const asked = this.childrenOf(node).catch((error: unknown) => this.#withoutAnswer(key, error));
    this.#children.set(key, asked);
    return asked;
  }

  dispose(): void {
    this.#didChange.dispose();
  }

  /**
   * As many rows of the list below `parent` as are to be shown, and, where the list goes on, a last one that `restRow`
   * makes. The first page is always asked for by itself.
   */
  protected async listBelow<Item>(
    parent: Node,
    ask: (offset: number, limit: number) => Promise<Page<Item>>,
    row: (item: Item) => Node,
    restRow: (rest: RestOf<Node>) => Node,
  ): Promise<Node[]> {
    const wanted = this.#shown.get(parent.id) ?? PAGE;
    let { total, items } = await ask(0, PAGE);
    const all = [...items];
    while (items.length > 0 && all.length < Math.min(wanted, total)) {
      ({ total, items } = await ask(all.length, Math.min(wanted - all.length, MOST_AT_ONCE)));
      all.push(...items);
    }
    // Pages of two revisions may overlap when something moved meanwhile; a row must not stand twice.
    const rows = [...new Map(all.map((item) => [row(item).id, row(item)])).values()];
    if (all.length >= total) return rows;
    return [...rows, restRow({ id: `${parent.id}/more`, parent, shown: all.length, total })];
  }

  /** A dead server or a vanished session leaves a gap that the next content fills. */
  #withoutAnswer(key: string, error: unknown): Node[] {
    this.#children.delete(key);
    if (!(error instanceof ServerGoneError) && !isNotFound(error))
      this.#log.error(`The rows below ${key === "" ? "the top" : key} could not be loaded.`, error);
    return [];
  }
}
