/** Keeping facts whose reading takes several time slices: the memo itself knows only reads that finish at once. */
import type { FileStat } from "../../system/files.ts";
import type { FactsMemo } from "../program.ts";

const NOT_KEPT = new Error("not kept");

/** What the memo has for this file, or what `read` gives, which is then kept. A read that rejects is not kept. */
export async function keptOrRead<T>(
  memo: FactsMemo,
  file: FileStat,
  reader: string,
  read: () => Promise<T>,
): Promise<T> {
  try {
    return memo.get<T>(file, reader, () => {
      throw NOT_KEPT;
    });
  } catch (error) {
    if (error !== NOT_KEPT) throw error;
  }
  const paths = readingBy(memo);
  paths.add(file.path);
  try {
    const facts = await read();
    return memo.get(file, reader, () => facts);
  } finally {
    paths.delete(file.path);
  }
}

/** Whether such a read of the file is going on: who only glances at it need not read it a second time meanwhile. */
export function isBeingRead(memo: FactsMemo, path: string): boolean {
  return readingBy(memo).has(path);
}

const READING = new WeakMap<FactsMemo, Set<string>>();

function readingBy(memo: FactsMemo): Set<string> {
  const paths = READING.get(memo) ?? new Set<string>();
  READING.set(memo, paths);
  return paths;
}
