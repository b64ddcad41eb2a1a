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
  const facts = await read();
  return memo.get(file, reader, () => facts);
}
