/** Makes an archive the current transcript of its key again; what is current now is archived first. */
import { join } from "node:path";

import { LINKS_FOLDER } from "../../model/kept-files.ts";
import type { AgentSnapshot } from "../../model/snapshot.ts";
import type { StoreRow } from "../../model/store.ts";
import { utc } from "../../model/time.ts";
import { archiveConflict, resetName } from "../archives.ts";
import {
  fragmentAt,
  newRowNotes,
  rowWithKey,
  sessionFileOf,
  storeConflict,
  storeGuards,
  together,
  transcriptGuards,
} from "../facts.ts";
import { forkEdits, forkId } from "../fork.ts";
import { linkPath, linkText } from "../link-file.ts";
import { begunNow, recoveredRow } from "../new-row.ts";
import { NOTHING, type Change, type RowEdit, refused } from "../outline.ts";
import type { Repair, RepairInput } from "../repair.ts";

export const restoreAsCurrent: Repair = {
  id: "restore-as-current",
  title: "Make the archive the current transcript of its session",
  does:
    "Puts the session's present transcript away under OpenClaw's own name (`.jsonl.reset.<time>`), copies the archive's " +
    "entries into a new transcript with a new session id, and points the session's row at it. The next turn goes on from there.",
  never:
    "It leaves the archive as it is, and loses nothing of the present transcript, which is then the newest archive.",
  codes: [],
  outline: async (input) => {
    const { target, home, choice } = input;
    const found = fragmentAt(home, target.path);
    if (found === undefined) return refused(target.path, "There is no archive here any more.");
    const { agent, fragment, session } = found;
    const conflict = storeConflict(agent) ?? archiveConflict(fragment);
    if (conflict !== null) return { ...NOTHING, conflicts: [conflict] };
    const key = choice ?? session?.key ?? null;
    if (key === null) return refused(target.path, "Nothing says which session it belongs to: choose a session key.");
    const row = rowWithKey(agent, key);
    if (row?.status === "running") return refused(target.path, `The row of ${row.key} says that a turn runs.`);
    return outlineFor({ agent, archive: fragment, key, row, input });
  },
};

interface Restoring {
  readonly agent: AgentSnapshot;
  readonly archive: NonNullable<ReturnType<typeof fragmentAt>>["fragment"];
  readonly key: string;
  readonly row: StoreRow | undefined;
  readonly input: RepairInput;
}

async function outlineFor({ agent, archive, key, row, input }: Restoring) {
  const { home, now, by, port } = input;
  const { reading } = agent;
  const from = join(home.home.path, archive.path);
  const id = forkId(home.home.path, archive, `current ${now}`);
  const path = `${reading.sessionsPath}/${id}.jsonl`;
  const edits = await forkEdits(archive, from, { id, timestamp: utc(now) }, port);
  const present = reading.fragments.find((one) => one.path === row?.transcriptPath && one.kind === "live");
  const changes: Change[] = [
    {
      change: "copy",
      from: archive.path,
      path,
      edits,
      keepsTime: false,
      why: `The conversation of the archive, as the next part of ${key}.`,
    },
    {
      change: "rows",
      store: reading.store,
      rows: [rowEdit(key, row, id, sessionFileOf(home.home.path, path), now)],
      why: `The row of ${key} points at it.`,
    },
  ];
  if (present !== undefined) {
    const to = resetName(present.path, now);
    const fragment = { sessionId: id, path };
    const previous = { sessionId: present.sessionId, path: to };
    const statement = { agent: reading.name, fragment, previous, key, archiveReason: "reset", by, at: now };
    changes.push(
      {
        change: "rename",
        path: present.path,
        to,
        why: `The present transcript of ${key} is put away as OpenClaw does it.`,
      },
      { change: "folder", path: LINKS_FOLDER, why: "Links that a person set are kept here." },
      {
        change: "write",
        path: linkPath(reading.name, fragment),
        text: linkText(statement),
        why: "It says which part came before.",
      },
    );
  }
  return {
    ...NOTHING,
    changes,
    ...together(
      storeGuards(agent, input),
      ...(present === undefined ? [] : [transcriptGuards(present.path, true, input)]),
    ),
    notes: row === undefined ? newRowNotes(agent) : [],
  };
}

/** As a reset does it: another id and file, begun now; the usage family goes on where the row has one. */
function rowEdit(key: string, row: StoreRow | undefined, id: string, sessionFile: string, now: number): RowEdit {
  if (row === undefined) return { edit: "add", key, row: recoveredRow(id, sessionFile, now) };
  const family = [...row.familyIds];
  if (row.sessionId !== null && !family.includes(row.sessionId)) family.push(row.sessionId);
  const usage = row.familyIds.length === 0 ? {} : { usageFamilySessionIds: [...family, id] };
  return { edit: "set", key: row.key, set: { sessionId: id, sessionFile, updatedAt: now, ...begunNow(now), ...usage } };
}
