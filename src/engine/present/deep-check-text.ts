/** What a deep check read, in a sentence. */
import { count, size } from "../../model/amounts.ts";
import type { DeepCheckCounts } from "../deep-check/deep-checks.ts";

/** `Read whole: 44 transcripts, 103 kB in 326 lines.` */
export function readText({ bytes, failed, known, lines, transcripts }: DeepCheckCounts): string {
  const unchanged = known === 0 ? "" : ` ${known} of them had not changed since they were read last.`;
  const missing = failed.length === 0 ? "" : ` ${count(failed.length, "transcript")} could not be read.`;
  return `Read whole: ${count(transcripts, "transcript")}, ${size(bytes)} in ${count(lines, "line")}.${unchanged}${missing}`;
}
