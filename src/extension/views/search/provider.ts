/** Fills the Search view from what a search has found so far, while it goes on. */
import * as vscode from "vscode";

import type { GatheredSession, SearchResults } from "../../search/search-results.ts";
import { tooltipOf } from "../tooltip.ts";
import type { FoundSessionNode, MoreFoundNode, SearchNode, UnsearchedGroupNode } from "./nodes.ts";
import { tooltipLines, treeItemOf } from "./rows.ts";

/** Rows below a session at first, and how many each "Show more…" adds. */
const PAGE = 200;
const STEP = 1000;
/** So many sessions show their lines at once. */
const OPEN_SESSIONS = 20;
/** While a search runs the rows are drawn again no more often than this. */
const DRAW_EACH_MS = 150;

export class SearchProvider implements vscode.TreeDataProvider<SearchNode>, vscode.Disposable {
  readonly #results: SearchResults;
  readonly #didChange = new vscode.EventEmitter<SearchNode | undefined>();
  readonly #subscription: vscode.Disposable;
  /** By id: a row stays the same row while lines are added below it. */
  #sessions = new Map<string, FoundSessionNode>();
  /** How many rows are shown below a session, where that is more than a page. */
  readonly #shown = new Map<string, number>();
  #drawing: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.#didChange.event;

  constructor(results: SearchResults) {
    this.#results = results;
    this.#subscription = results.onDidChange(() => this.#drawSoon());
  }

  getTreeItem(node: SearchNode): vscode.TreeItem {
    return treeItemOf(node);
  }

  resolveTreeItem(item: vscode.TreeItem, node: SearchNode): vscode.TreeItem {
    item.tooltip = tooltipOf(tooltipLines(node));
    return item;
  }

  getParent(node: SearchNode): SearchNode | undefined {
    return node.parent;
  }

  getChildren(node?: SearchNode): SearchNode[] {
    if (node === undefined) return this.#top();
    if (node.kind === "foundSession") return this.#below(node);
    return node.kind === "unsearchedGroup" ? unsearchedBelow(node) : [];
  }

  /** Shows the next rows; gives the first of them. */
  showMore({ parent, shown }: MoreFoundNode): SearchNode | undefined {
    this.#shown.set(parent.id, shown + STEP);
    this.#didChange.fire(parent);
    return this.getChildren(parent)[shown];
  }

  dispose(): void {
    clearTimeout(this.#drawing);
    this.#subscription.dispose();
    this.#didChange.dispose();
  }

  #drawSoon(): void {
    if (this.#results.state.is === "none") {
      this.#sessions = new Map();
      this.#shown.clear();
    }
    this.#drawing ??= setTimeout(() => {
      this.#drawing = undefined;
      this.#didChange.fire(undefined);
    }, DRAW_EACH_MS);
  }

  #top(): SearchNode[] {
    const { sessions, unsearched } = this.#results;
    const rows: SearchNode[] = sessions.map((gathered, index) => this.#sessionNode(gathered, index));
    if (unsearched.length === 0) return rows;
    return [...rows, { kind: "unsearchedGroup", id: "unsearched", parent: undefined, unsearched }];
  }

  #sessionNode(gathered: GatheredSession, index: number): FoundSessionNode {
    const known = this.#sessions.get(gathered.id);
    if (known?.gathered === gathered) return known;
    const node: FoundSessionNode = {
      kind: "foundSession",
      id: gathered.id,
      parent: undefined,
      gathered,
      isOpen: index < OPEN_SESSIONS,
    };
    this.#sessions.set(gathered.id, node);
    return node;
  }

  #below(parent: FoundSessionNode): SearchNode[] {
    const { hits, names } = parent.gathered;
    const total = names.length + hits.length;
    const shown = Math.min(total, this.#shown.get(parent.id) ?? PAGE);
    const rows: SearchNode[] = [
      ...names.map((name, index) => ({ kind: "foundName", id: `${parent.id}/${index}`, parent, name }) as const),
      ...hits.slice(0, shown).map((line) => ({ kind: "foundLine", id: line.id, parent, line }) as const),
    ].slice(0, shown);
    return shown === total ? rows : [...rows, { kind: "moreFound", id: `${parent.id}/more`, parent, shown, total }];
  }
}

const unsearchedBelow = (parent: UnsearchedGroupNode): SearchNode[] =>
  parent.unsearched.map((item, index) => ({ kind: "unsearched", id: `${parent.id}/${index}`, parent, item }));
