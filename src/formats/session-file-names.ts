/** Names in an OpenClaw sessions folder: what each file is, told by its name alone (2026.1 to 2026.9). */

/** Why a transcript was put away under an archive name. */
export type ArchiveReason = "reset" | "deleted" | "bak";

/** A transcript's own name: `<id>.jsonl`, `<id>-topic-<n>.jsonl` or `<time>_<id>.jsonl`. */
export interface TranscriptName {
  /** Session id in the name. */
  readonly fileId: string;
  readonly topic: string | null;
  /** Time that prefixes the name in later builds; milliseconds, UTC. */
  readonly prefixedAt: number | null;
}

export type SessionFileName =
  | ({ readonly what: "live" } & TranscriptName)
  | ({
      readonly what: "archive";
      readonly reason: ArchiveReason;
      /** Stamp in the name; milliseconds, UTC. */
      readonly archivedAt: number;
      readonly compressed: boolean;
    } & TranscriptName)
  | ({ readonly what: "checkpoint"; readonly checkpointUuid: string } & TranscriptName)
  | ({ readonly what: "imported"; readonly importedAt: number } & TranscriptName)
  | { readonly what: "trajectory" | "trajectory-pointer"; readonly fileId: string }
  | { readonly what: "store" | "store-backup" | "store-temporary" }
  | { readonly what: "lock"; readonly of: "transcript" | "store" }
  | { readonly what: "repair-backup" | "migrated" | "temporary" | "foreign" };

/** OpenClaw's own pattern for archive stamps; the milliseconds are optional. */
const STAMP = String.raw`\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}(?:\.\d{3})?Z`;
const ARCHIVE = new RegExp(String.raw`^(.+)\.jsonl\.(reset|deleted|bak)\.(${STAMP})(?:\.[0-9a-f]{32})?(\.zst)?$`);
const TIME_PREFIX = /^(\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}-\d{3}Z)_(.+)$/;
const TOPIC = /^(.+?)-topic-(.+)$/;
const CHECKPOINT = /^(.+)\.checkpoint\.([0-9a-fA-F][0-9a-fA-F-]*)\.jsonl$/;
/** Since 2026.7.2 an import puts what it read away as `<key>.<name>.imported-<ms>`, with `.<n>` when that name is taken. */
const IMPORTED = /^(.+)\.jsonl\.imported-(\d+)(?:\.\d+)?$/;
const PUT_AWAY_CHECKPOINT = /\.([^.]+)\.checkpoint\.([0-9a-fA-F][0-9a-fA-F-]*)$/;
const PUT_AWAY_TRAJECTORY = /\.([^.]+)\.trajectory$/;
/** `<file>.bak-<pid>-<ms>` and `<file>.pre-doctor-branch-repair-<time>.bak`. */
const REPAIR_BACKUP = /\.jsonl(?:\.[^/]*)?\.(?:bak-[^/]+|pre-doctor-[^/]+\.bak)$|\.jsonl\.bak(?:\.\d+)?$/;
const MIGRATED = /\.(?:migrated|imported-\d+)(?:\.[^/]*)?$/;

/** Says what a file of a sessions folder is. Total: what nobody knows is `foreign`. */
export function classifySessionFile(name: string): SessionFileName {
  if (name.endsWith(".jsonl")) return transcriptLike(name);
  if (name.includes(".jsonl.")) return besideTranscript(name);
  if (name.startsWith("sessions.json")) return storeLike(name);
  if (name.endsWith(".trajectory-path.json")) {
    return { what: "trajectory-pointer", fileId: name.slice(0, -".trajectory-path.json".length) };
  }
  if (MIGRATED.test(name)) return { what: "migrated" };
  return { what: name.endsWith(".tmp") ? "temporary" : "foreign" };
}

/** Milliseconds of a stamp such as `2026-11-21T00-16-38.936Z` or `2026-07-15T00-22-18-733Z`; null when it is no date. */
export function stampTime(stamp: string): number | null {
  const parts = /^(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2})(?:[.-](\d{3}))?Z$/.exec(stamp);
  if (parts === null) return null;
  const [, day, hours, minutes, seconds, millis = "000"] = parts;
  const time = Date.parse(`${day}T${hours}:${minutes}:${seconds}.${millis}Z`);
  return Number.isNaN(time) ? null : time;
}

function transcriptLike(name: string): SessionFileName {
  if (name.endsWith(".trajectory.jsonl"))
    return { what: "trajectory", fileId: name.slice(0, -".trajectory.jsonl".length) };
  const checkpoint = name.includes(".checkpoint.") ? CHECKPOINT.exec(name) : null;
  if (checkpoint !== null) {
    const [, stem = "", checkpointUuid = ""] = checkpoint;
    return { what: "checkpoint", checkpointUuid, ...stemParts(stem) };
  }
  const stem = name.slice(0, -".jsonl".length);
  return stem === "" ? { what: "foreign" } : { what: "live", ...stemParts(stem) };
}

function besideTranscript(name: string): SessionFileName {
  if (name.endsWith(".jsonl.lock")) {
    return { what: "lock", of: "transcript" };
  }
  const archive = ARCHIVE.exec(name);
  if (archive !== null) {
    const [, stem = "", reason = "", stamp = "", zst] = archive;
    const archivedAt = stampTime(stamp);
    if (archivedAt !== null && isArchiveReason(reason)) {
      return { what: "archive", reason, archivedAt, compressed: zst !== undefined, ...stemParts(stem) };
    }
  }
  const imported = IMPORTED.exec(name);
  if (imported !== null) {
    const [, stem = "", time = ""] = imported;
    return importedLike(stem, Number(time));
  }
  if (name.endsWith(".tmp")) return { what: "temporary" };
  if (REPAIR_BACKUP.test(name)) return { what: "repair-backup" };
  return { what: MIGRATED.test(name) ? "migrated" : "foreign" };
}

function storeLike(name: string): SessionFileName {
  if (name === "sessions.json") return { what: "store" };
  if (name === "sessions.json.lock") return { what: "lock", of: "store" };
  if (name.endsWith(".tmp")) return { what: "store-temporary" };
  if (MIGRATED.test(name)) return { what: "migrated" };
  return {
    what: /^sessions\.json\.(?:bak|backup|pre-|corrupt|reset\.|deleted\.)/.test(name) ? "store-backup" : "foreign",
  };
}

function isArchiveReason(text: string): text is ArchiveReason {
  return text === "reset" || text === "deleted" || text === "bak";
}

function stemParts(stem: string): TranscriptName {
  const prefix = stem.charCodeAt(0) <= 0x39 ? TIME_PREFIX.exec(stem) : null;
  const prefixedAt = prefix === null ? null : stampTime(prefix[1] ?? "");
  const rest = prefixedAt === null ? stem : (prefix?.[2] ?? stem);
  const topic = rest.includes("-topic-") ? TOPIC.exec(rest) : null;
  return { fileId: topic?.[1] ?? rest, topic: topic?.[2] ?? null, prefixedAt };
}

/** A transcript is put away with what stood beside it: its trajectory, and checkpoints. */
function importedLike(stem: string, importedAt: number): SessionFileName {
  const trajectory = PUT_AWAY_TRAJECTORY.exec(stem);
  if (trajectory !== null) return { what: "trajectory", fileId: trajectory[1] ?? "" };
  const checkpoint = PUT_AWAY_CHECKPOINT.exec(stem);
  if (checkpoint !== null) {
    const [, name = "", checkpointUuid = ""] = checkpoint;
    return { what: "checkpoint", checkpointUuid, ...stemParts(name) };
  }
  return { what: "imported", importedAt, ...stemParts(stem.slice(stem.lastIndexOf(".") + 1)) };
}
