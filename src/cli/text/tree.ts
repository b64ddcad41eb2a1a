/** A tree drawn with box characters. */
import { line, span } from "../../engine/present/lines.ts";
import type { Line } from "../../engine/present/lines.ts";

export interface Row {
  readonly label: Line;
  readonly detail: Line;
  /** Stands below it, before its children. */
  readonly note?: string;
  readonly children: readonly Row[];
}

/** Labels stand in a column of their own up to this width; a longer one just pushes its detail on. */
const WIDEST_COLUMN = 44;

const widthOf = (content: Line): number => content.reduce((sum, one) => sum + Array.from(one.text).length, 0);

function columnOf(rows: readonly Row[]): number {
  const widths = rows.filter((one) => one.detail.length > 0).map((one) => widthOf(one.label));
  return Math.max(0, ...widths.filter((one) => one <= WIDEST_COLUMN));
}

function rowLine(row: Row, stem: string, column: number): Line {
  const gap = " ".repeat(Math.max(0, column - widthOf(row.label)) + 2);
  const detail = row.detail.length === 0 ? [] : [span(gap), ...row.detail];
  return [...(stem === "" ? [] : line(stem, "dim")), ...row.label, ...detail];
}

function* noteLines({ note, children }: Row, indent: string): Generator<Line> {
  if (note !== undefined) yield line(`${indent}${children.length > 0 ? "│  " : "   "}${note}`, "dim");
}

function* branchLines(rows: readonly Row[], indent: string): Generator<Line> {
  const column = columnOf(rows);
  for (const [index, row] of rows.entries()) {
    const isLast = index === rows.length - 1;
    const below = `${indent}${isLast ? "   " : "│  "}`;
    yield rowLine(row, `${indent}${isLast ? "└─ " : "├─ "}`, column);
    yield* noteLines(row, below);
    yield* branchLines(row.children, below);
  }
}

/** The row at the top, and everything below it. */
export function* treeLines(top: Row): Generator<Line> {
  yield rowLine(top, "", 0);
  yield* noteLines(top, "");
  yield* branchLines(top.children, "");
}
