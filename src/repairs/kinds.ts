/** Every repair there is. */
import type { Finding } from "../model/finding.ts";
import type { HomeSnapshot } from "../model/snapshot.ts";
import { foreignSessionFile } from "./kinds/foreign-session-file.ts";
import { missingTranscript } from "./kinds/missing-transcript.ts";
import { orphanTranscript } from "./kinds/orphan-transcript.ts";
import { restoreAsCurrent } from "./kinds/restore-as-current.ts";
import { restoreBeside } from "./kinds/restore-beside.ts";
import { saveArchives } from "./kinds/save-archives.ts";
import { saveOnlyCopy } from "./kinds/save-only-copy.ts";
import { removeLink, setLink } from "./kinds/set-link.ts";
import { importShadow, linkShadow } from "./kinds/shadow-store.ts";
import { staleLock } from "./kinds/stale-lock.ts";
import { stuckRunning } from "./kinds/stuck-running.ts";
import { unreadableStore } from "./kinds/unreadable-store.ts";
import { cutTornTail } from "./kinds/cut-torn-tail.ts";
import { dropPartialJson } from "./kinds/drop-partial-json.ts";
import { escapeControls } from "./kinds/escape-controls.ts";
import { rebuildHeader } from "./kinds/rebuild-header.ts";
import { setLinesAside } from "./kinds/set-lines-aside.ts";
import { splitRecords } from "./kinds/split-records.ts";
import { stripNuls } from "./kinds/strip-nuls.ts";
import { dropDuplicatePrompts } from "./kinds/drop-duplicate-prompts.ts";
import { mendParents } from "./kinds/mend-parents.ts";
import { pairToolCalls } from "./kinds/pair-tool-calls.ts";
import { renewDuplicateIds } from "./kinds/renew-duplicate-ids.ts";
import type { Repair } from "./repair.ts";

/** In the order in which they are offered. */
export const REPAIRS: readonly Repair[] = [
  staleLock,
  missingTranscript,
  unreadableStore,
  orphanTranscript,
  foreignSessionFile,
  stuckRunning,
  importShadow,
  linkShadow,
  setLink,
  removeLink,
  restoreBeside,
  restoreAsCurrent,
  saveArchives,
  saveOnlyCopy,
  cutTornTail,
  splitRecords,
  stripNuls,
  escapeControls,
  dropPartialJson,
  setLinesAside,
  rebuildHeader,
  dropDuplicatePrompts,
  pairToolCalls,
  mendParents,
  renewDuplicateIds,
];

export function repairWithId(id: string): Repair | undefined {
  return REPAIRS.find((repair) => repair.id === id);
}

/** What may be offered for findings of a code, the usual repair first. */
export function repairsFor(code: string): readonly Repair[] {
  const known = BY_CODE.get(code) ?? REPAIRS.filter(({ codes }) => codes.includes(code));
  BY_CODE.set(code, known);
  return known;
}

const BY_CODE = new Map<string, readonly Repair[]>();

/** The finding with the ids of the repairs that apply to it, the usual one first; the same object as long as these do. */
export function withRepairs(finding: Finding, home: HomeSnapshot): Finding {
  const usual = repairsFor(finding.code);
  if (usual.length === 0) return finding;
  const repairs = usual.filter(({ appliesTo }) => appliesTo?.(finding, home) ?? true).map(({ id }) => id);
  if (repairs.length === 0) return finding;
  const known = SHOWN.get(finding);
  if (known?.repairs.join() === repairs.join()) return known;
  const shown = { ...finding, repairs };
  SHOWN.set(finding, shown);
  return shown;
}

const SHOWN = new WeakMap<Finding, Finding>();
