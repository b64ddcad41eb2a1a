/** Trajectory sidecars (since 2026.5): each line says which session key, session id and run it belongs to. */
import type { KeyClaim } from "../../model/reading.ts";
import { isBlank, type Line, linesOf, objectOf } from "../../formats/json-lines.ts";
import { type Scalar, topLevelScalars } from "../../formats/json-prefix.ts";
import { asText, asTime } from "../../formats/json-values.ts";
import { useHeadAndTail, type FileStat } from "../../system/files.ts";

/**
 * A sidecar up to this size is read whole, as it may tell of several sessions; of a larger one (real ones reach megabytes)
 * only the beginning is, which says whose file name it is: that holds for all headers that used the name.
 */
const MOST_BYTES = 64 << 10;
/** What is looked for stands in the first properties of a line; the rest of it may be megabytes. */
const LINE_HEAD_BYTES = 4096;

/** Up to here parsing all of a line costs less than looking for single properties. */
const SHORT_LINE_BYTES = 1024;

/** A claim before it is known under which name the sidecar stands. */
export type TrajectoryClaim = Omit<KeyClaim, "path" | "fileId" | "source">;

/** Claims of the sidecar at `file`, one per run. Throws FileError. */
export function readTrajectory(file: FileStat): readonly TrajectoryClaim[] {
  const bytes = file.size <= MOST_BYTES ? MOST_BYTES : LINE_HEAD_BYTES;
  return useHeadAndTail(file.path, bytes, 0, ({ head }) => trajectoryClaims(head));
}

/** Claims in the lines of `bytes`, of which the last may be cut: its first properties suffice. */
export function trajectoryClaims(bytes: Buffer): readonly TrajectoryClaim[] {
  const claims = new Map<string, TrajectoryClaim>();
  let number = 0;
  for (const line of linesOf(bytes)) {
    number += 1;
    if (isBlank(bytes, line)) continue;
    const fields = fieldsOf(bytes, line);
    const key = asText(fields["sessionKey"]);
    if (key === null) continue;
    const sessionId = asText(fields["sessionId"]);
    const runId = asText(fields["runId"]);
    const identity = `${key}\n${sessionId}\n${runId}`;
    if (claims.has(identity)) continue;
    claims.set(identity, { key, sessionId, runId, at: asTime(fields["ts"]), line: number });
  }
  return [...claims.values()];
}

/** Of a short line all properties; of a long one, or one that is no JSON as a whole, the first. */
function fieldsOf(bytes: Buffer, line: Line): Readonly<Record<string, unknown>> {
  const isShort = line.end - line.start <= SHORT_LINE_BYTES;
  const whole = isShort ? objectOf(bytes, line) : undefined;
  return whole ?? firstScalars(bytes.subarray(line.start, Math.min(line.end, line.start + LINE_HEAD_BYTES)));
}

function firstScalars(bytes: Buffer): Readonly<Record<string, Scalar>> {
  return Object.fromEntries(topLevelScalars(bytes));
}
