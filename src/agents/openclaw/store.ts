/** The store of one agent, `sessions.json`: its rows, its damage and its duplicates. Which transcript a row means is told elsewhere. */
import type { CheckpointRow, DuplicateRow, StoreDamage, StoreRow } from "../../model/store.ts";
import { scanObject, type ObjectEntry } from "../../formats/json-object.ts";
import { asFlag, asNumber, asObject, asText, asTime } from "../../formats/json-values.ts";
import { readAll, type FileStat } from "../../system/files.ts";
import type { ReadingContext } from "../program.ts";
import { keptOrRead } from "./memo.ts";

/** A row before it is known which transcript it means. */
export type BareRow = Omit<StoreRow, "transcriptPath" | "transcriptBy" | "offset" | "length" | "line"> & {
  readonly offset: number;
  readonly length: number;
  readonly line: number;
};

/** What one `sessions.json` says. Plain data, as kept across scans. */
export interface StoreFacts {
  readonly state: "ok" | "empty" | "damaged";
  readonly rows: readonly BareRow[];
  readonly damage: readonly StoreDamage[];
  readonly duplicates?: readonly DuplicateRow[];
}

/** Far beyond the largest store that users reported (154 MB). */
const MOST_BYTES = 1 << 30;
const ROWS_BETWEEN_BREATHS = 16;

/** Reads the store that stands at `file`. Rejects with FileError when it can't be read at all. */
export function readStore(file: FileStat, context: ReadingContext): Promise<StoreFacts> {
  return keptOrRead(context.memo, file, "openclaw/store/2", () =>
    storeFacts(readAll(file.path, MOST_BYTES), context.breathe),
  );
}

/** What a store's bytes say. Of a key that occurs twice the last row counts, as it does for JSON.parse and so for OpenClaw. */
export async function storeFacts(bytes: Buffer, breathe: () => Promise<void>): Promise<StoreFacts> {
  const rows = new Map<string, BareRow>();
  const damage: StoreDamage[] = [];
  const duplicates: DuplicateRow[] = [];
  let seen = 0;
  for (const item of scanObject(bytes)) {
    seen += 1;
    if (seen % ROWS_BETWEEN_BREATHS === 0) await breathe();
    if (item.what === "damage") {
      damage.push({ reason: item.reason, offset: item.offset, line: item.line, key: item.key });
      continue;
    }
    const row = readRow(bytes, item);
    if (row === null) {
      damage.push({ reason: "the row is no JSON object", offset: item.offset, line: item.line, key: item.key });
      continue;
    }
    const earlier = rows.get(item.key);
    if (earlier !== undefined) {
      const { key, sessionId, offset, length, line } = earlier;
      duplicates.push({ key, sessionId, offset, length, line });
    }
    rows.set(item.key, row);
  }
  if (seen === 0 && isBlank(bytes)) return { state: "empty", rows: [], damage: [] };
  return {
    state: damage.length === 0 ? "ok" : "damaged",
    rows: [...rows.values()],
    damage,
    ...(duplicates.length === 0 ? {} : { duplicates: duplicates.toSorted((a, b) => a.offset - b.offset) }),
  };
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09);
}

function readRow(bytes: Buffer, entry: ObjectEntry): BareRow | null {
  let value: Record<string, unknown> | undefined;
  try {
    value = asObject(JSON.parse(bytes.toString("utf8", entry.offset, entry.offset + entry.length)));
  } catch {
    value = undefined;
  }
  if (value === undefined) return null;
  const delivery = asObject(value["deliveryContext"]);
  return {
    key: entry.key,
    sessionId: asText(value["sessionId"]),
    sessionFile: asText(value["sessionFile"]),
    updatedAt: asTime(value["updatedAt"]),
    status: asText(value["status"]),
    startedAt: asTime(value["startedAt"]),
    endedAt: asTime(value["endedAt"]),
    sessionStartedAt: asTime(value["sessionStartedAt"]),
    lastInteractionAt: asTime(value["lastInteractionAt"]),
    abortedLastRun: asFlag(value["abortedLastRun"]),
    systemSent: asFlag(value["systemSent"]),
    compactionCount: asNumber(value["compactionCount"]),
    familyKey: asText(value["usageFamilyKey"]),
    familyIds: textsOf(value["usageFamilySessionIds"]),
    checkpoints: checkpointsOf(value["compactionCheckpoints"]),
    spawnedBy: asText(value["spawnedBy"]),
    forkedFrom: value["forkedFromParent"] === true ? asText(value["parentSessionKey"]) : null,
    label: asText(value["label"]),
    displayName: asText(value["displayName"]),
    channel: asText(value["lastChannel"]) ?? asText(value["channel"]) ?? asText(delivery?.["channel"]),
    lastTo: asText(value["lastTo"]) ?? asText(delivery?.["to"]),
    offset: entry.offset,
    length: entry.length,
    line: entry.line,
  };
}

const NO_TEXTS: readonly string[] = [];
const NO_CHECKPOINTS: readonly CheckpointRow[] = [];

function textsOf(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return NO_TEXTS;
  return value.filter((item): item is string => typeof item === "string");
}

/** `compactionCheckpoints[]`, written since 2026.5. */
function checkpointsOf(value: unknown): readonly CheckpointRow[] {
  if (!Array.isArray(value)) return NO_CHECKPOINTS;
  const rows: CheckpointRow[] = [];
  for (const item of value) {
    const checkpoint = asObject(item);
    const checkpointId = asText(checkpoint?.["checkpointId"]);
    if (checkpoint === undefined || checkpointId === null) continue;
    rows.push({
      checkpointId,
      sessionId: asText(checkpoint["sessionId"]),
      createdAt: asTime(checkpoint["createdAt"]),
      preCompactionFile: baseName(asObject(checkpoint["preCompaction"])?.["sessionFile"]),
      postCompactionFile: baseName(asObject(checkpoint["postCompaction"])?.["sessionFile"]),
    });
  }
  return rows;
}

/** Last part of a path of any system. */
function baseName(path: unknown): string | null {
  return typeof path === "string" ? (path.split(/[\\/]/).at(-1) ?? null) : null;
}
