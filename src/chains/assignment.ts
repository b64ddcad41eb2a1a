/**
 * Sparse assignment at the least total cost: every row takes one of its columns or stays alone, every column serves at
 * most one row. Shortest augmenting paths with potentials, so that the answer is the best one over all rows at once.
 */

/** One way in which a row may be served. */
export interface Option {
  readonly column: number;
  readonly cost: number;
}

export interface AssignmentProblem {
  readonly columns: number;
  /** For each row its options; a column appears at most once in a row. */
  readonly options: readonly (readonly Option[])[];
  /** For each row the cost of staying alone. */
  readonly alone: readonly number[];
}

export interface Assignment {
  /** For each row its column, or -1. */
  readonly column: Int32Array;
  /** At least how much the total would grow if `row` took this option instead; 0 for options of a best answer. */
  readonly regret: (row: number, option: Option) => number;
  /** The same for staying alone. */
  readonly regretAlone: (row: number) => number;
}

/** A binary heap of columns by distance. */
class ColumnHeap {
  private readonly heap: number[] = [];
  private readonly key: number[] = [];

  push(column: number, distance: number): void {
    let at = this.heap.length;
    this.heap.push(column);
    this.key.push(distance);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.key[parent]! <= distance) break;
      this.heap[at] = this.heap[parent]!;
      this.key[at] = this.key[parent]!;
      at = parent;
    }
    this.heap[at] = column;
    this.key[at] = distance;
  }

  /** Removes the nearest column; null when the heap is empty. */
  pop(): { column: number; distance: number } | null {
    if (this.heap.length === 0) return null;
    const column = this.heap[0]!;
    const distance = this.key[0]!;
    const lastColumn = this.heap.pop()!;
    const lastKey = this.key.pop()!;
    const size = this.heap.length;
    if (size === 0) return { column, distance };
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && this.key[child + 1]! < this.key[child]!) child += 1;
      if (this.key[child]! >= lastKey) break;
      this.heap[at] = this.heap[child]!;
      this.key[at] = this.key[child]!;
      at = child;
    }
    this.heap[at] = lastColumn;
    this.key[at] = lastKey;
    return { column, distance };
  }
}

/** Solves the problem. Rows with no options stay alone. */
export function assign(problem: AssignmentProblem): Assignment {
  const rows = problem.options.length;
  // Every row has a private column for staying alone: then each row surely finds one.
  const total = problem.columns + rows;
  const rowPotential = new Float64Array(rows);
  const columnPotential = new Float64Array(total);
  const rowOf = new Int32Array(total).fill(-1);
  const columnOf = new Int32Array(rows).fill(-1);
  const distance = new Float64Array(total).fill(Infinity);
  const cameFromRow = new Int32Array(total).fill(-1);
  const settled = new Uint8Array(total);

  const reduced = (row: number, column: number, cost: number): number =>
    cost - rowPotential[row]! - columnPotential[column]!;

  for (let start = 0; start < rows; start += 1) {
    // The first row's potential starts at its cheapest option, so that all reduced costs are at least zero.
    const first = cheapest(problem, start, columnPotential);
    rowPotential[start] = first.cost;
    if (rowOf[first.column] === -1) {
      rowOf[first.column] = start;
      columnOf[start] = first.column;
      continue;
    }
    const heap = new ColumnHeap();
    const touched: number[] = [];
    const scannedRows: { row: number; at: number }[] = [{ row: start, at: 0 }];
    const relax = (row: number, base: number): void => {
      const offer = (column: number, cost: number): void => {
        if (settled[column] === 1) return;
        const next = base + reduced(row, column, cost);
        if (next >= distance[column]!) return;
        if (distance[column] === Infinity) touched.push(column);
        distance[column] = next;
        cameFromRow[column] = row;
        heap.push(column, next);
      };
      for (const option of problem.options[row]!) offer(option.column, option.cost);
      offer(problem.columns + row, problem.alone[row]!);
    };
    relax(start, 0);
    let free = -1;
    let reach = 0;
    for (;;) {
      const nearest = heap.pop();
      if (nearest === null) break;
      if (settled[nearest.column] === 1 || nearest.distance > distance[nearest.column]!) continue;
      settled[nearest.column] = 1;
      reach = nearest.distance;
      const owner = rowOf[nearest.column]!;
      if (owner === -1) {
        free = nearest.column;
        break;
      }
      scannedRows.push({ row: owner, at: reach });
      relax(owner, reach);
    }
    for (const { row, at } of scannedRows) rowPotential[row]! += reach - at;
    for (const column of touched) {
      if (settled[column] === 1) columnPotential[column]! += distance[column]! - reach;
    }
    for (let column = free; column !== -1;) {
      const row = cameFromRow[column]!;
      const previous = columnOf[row]!;
      columnOf[row] = column;
      rowOf[column] = row;
      column = row === start ? -1 : previous;
    }
    for (const column of touched) {
      distance[column] = Infinity;
      settled[column] = 0;
    }
  }

  return {
    column: columnOf.map((column) => (column < problem.columns ? column : -1)),
    regret: (row, option) => Math.max(0, reduced(row, option.column, option.cost)),
    regretAlone: (row) => Math.max(0, reduced(row, problem.columns + row, problem.alone[row]!)),
  };
}

/** The column of the least reduced cost of a row under the present column potentials, with that cost. */
function cheapest(problem: AssignmentProblem, row: number, columnPotential: Float64Array): Option {
  const own = problem.columns + row;
  let column = -1;
  let cost = Infinity;
  const offer = (other: number, reduced: number): void => {
    if (reduced >= cost) return;
    column = other;
    cost = reduced;
  };
  for (const option of problem.options[row]!) offer(option.column, option.cost - columnPotential[option.column]!);
  offer(own, problem.alone[row]! - columnPotential[own]!);
  return { column, cost };
}
