/** Gives a session back the transcript that it lost, from a copy that is still there. */
import { join } from "node:path";

import { size } from "../../model/amounts.ts";
import type { Fragment } from "../../model/fragment.ts";
import type { HomeSnapshot } from "../../model/snapshot.ts";
import type { StoreRow } from "../../model/store.ts";
import { utc } from "../../model/time.ts";
import {
  agentNamed,
  isOutside,
  storeConflict,
  storeGuards,
  together,
  transcriptAt,
  transcriptGuards,
} from "../facts.ts";
import { endEdits } from "../fork.ts";
import { continuedNow } from "../new-row.ts";
import type { Change } from "../outline.ts";
import { NOTHING, refused } from "../outline.ts";
import { type Choice, choiceReason, chosen, type Repair, type RepairInput } from "../repair.ts";

/** A copy with the path under which the finding names it: home-relative, or absolute in another home. */
interface NamedCopy {
  readonly path: string;
  readonly label: string;
  readonly fragment: Fragment;
}

export const missingTranscript: Repair = {
  id: "copy-transcript",
  title: "Copy the transcript back to its place",
  does:
    "Copies one of the copies that the finding names (an archive, a checkpoint, a backup, another home's file) to the place " +
    "where the store expects the transcript, and dates the row now, so that the next turn continues the session. The copy that " +
    "it is made from stays as it is.",
  never: "It never writes over a transcript, and it moves or removes no copy.",
  codes: ["store/missing-transcript"],
  appliesTo: ({ related }, home) =>
    related.some(({ path }) => isOutside(path)) || namedBy(related, home, []).length > 0,
  choices: async (input) => choicesOf(copiesOf(input)),
  outline: async (input) => {
    const { target, home, now } = input;
    const agent = agentNamed(home, target.finding?.agent);
    const row = agent?.reading.store.rows.find(({ key }) => key === target.finding?.sessionKey);
    const path = row?.transcriptPath;
    if (agent === undefined || row === undefined || path === null || path === undefined) {
      return refused(target.path, "The row is not there any more.");
    }
    if (isOutside(path)) return refused(path, "The transcript's place lies outside the home.");
    const copies = copiesOf(input);
    const choices = choicesOf(copies);
    const choice = chosen(choices, input.choice);
    const copy = copies.find((one) => one.path === choice?.id);
    if (copy === undefined) {
      return refused(path, choiceReason(choices, input.choice, "No copy of it is left that could be put here."));
    }
    const conflict = storeConflict(agent);
    if (conflict !== null) return { ...NOTHING, conflicts: [conflict] };
    const changes: Change[] = [
      {
        change: "copy",
        from: copy.path,
        path,
        edits: await endEdits(
          copy.fragment,
          isOutside(copy.path) ? copy.path : join(home.home.path, copy.path),
          input.port,
        ),
        keepsTime: false,
        why: `The transcript of ${row.key}, from its ${copy.label}.`,
      },
    ];
    changes.push({
      change: "rows",
      store: agent.reading.store,
      rows: [{ edit: "set", key: row.key, set: { ...placeOf(row, join(home.home.path, path)), ...continuedNow(now) } }],
      why: `OpenClaw would begin ${row.key} anew, or drop it, by its former times.`,
    });
    return {
      ...NOTHING,
      changes,
      ...together(storeGuards(agent, input), transcriptGuards(path, false, input)),
      notes: notesOf(copy, row),
    };
  },
};

/**
 * OpenClaw looks for the transcript of a row that names a former place of the home there, and begins a new one in that place
 * (2026.5.12): such a row must name this place.
 */
function placeOf({ transcriptBy }: StoreRow, sessionFile: string): { readonly sessionFile?: string } {
  return transcriptBy === "moved" ? { sessionFile } : {};
}

function notesOf({ label, fragment }: NamedCopy, row: StoreRow): string[] {
  const notes: string[] = [];
  if (fragment.kind === "checkpoint")
    notes.push("A checkpoint ends where a compaction began: what was said after that is not in it.");
  if (fragment.tail.state === "torn") {
    notes.push(`The last line of the ${label} is not whole and is left out, so that a turn can go on behind it.`);
  }
  if (fragment.sessionId !== row.sessionId) {
    notes.push(`The ${label} has another session id than the row, which OpenClaw goes on with all the same.`);
  }
  return notes;
}

function copiesOf({ target, home, others }: RepairInput): NamedCopy[] {
  const copies = namedBy(target.finding?.related ?? [], home, others);
  const row = agentNamed(home, target.finding?.agent)?.reading.store.rows.find(
    ({ key }) => key === target.finding?.sessionKey,
  );
  // Earlier parts of the session are named as well, but are no copies.
  return copies.filter(
    ({ path, fragment }) => isOutside(path) || (fragment.sessionId ?? fragment.fileId) === row?.sessionId,
  );
}

/** The files that hold a transcript as it is, among those named. */
function namedBy(
  related: readonly { readonly path: string; readonly label: string }[],
  home: HomeSnapshot,
  others: readonly HomeSnapshot[],
): NamedCopy[] {
  const places = [{ root: "", home }, ...others.map((other) => ({ root: `${other.home.path}/`, home: other }))];
  return related.flatMap(({ path, label }) => {
    for (const place of places) {
      if (!path.startsWith(place.root)) continue;
      const within = path.slice(place.root.length);
      const fragment = within.endsWith(".zst")
        ? undefined
        : firstOf(place.home.agents, (one) => transcriptAt(one, within));
      if (fragment !== undefined) return [{ path, label, fragment }];
    }
    return [];
  });
}

function firstOf<T, R>(all: readonly T[], look: (one: T) => R | undefined): R | undefined {
  for (const one of all) {
    const found = look(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The only copy is taken unless another one is chosen. */
function choicesOf(copies: readonly NamedCopy[]): Choice[] {
  return copies.map(({ path, label, fragment }) => ({
    id: path,
    label: `${label}: ${path}`,
    detail: `${size(fragment.bytes)}, last message ${fragment.endedAt === null ? "at an unknown time" : utc(fragment.endedAt)}`,
    isDefault: copies.length === 1,
  }));
}
