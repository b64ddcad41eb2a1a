/** Makes an archive usable again as a session of its own, beside whatever its key holds now. */
import { join } from "node:path";

import { utc } from "../../model/time.ts";
import { archiveConflict } from "../archives.ts";
import { agentId, fragmentAt, newRowNotes, rowWithKey, sessionFileOf, storeConflict, storeGuards } from "../facts.ts";
import { forkEdits, forkId } from "../fork.ts";
import { recoveredKey, recoveredRow } from "../new-row.ts";
import { NOTHING, refused } from "../outline.ts";
import type { Repair } from "../repair.ts";

export const restoreBeside: Repair = {
  id: "restore-beside",
  title: "Restore the archive as a session of its own",
  does:
    "Copies the archive's entries into a new transcript, under a new session id and with a header that names the archive " +
    "(`parentSession`, as OpenClaw's own forks have it), and adds a row `agent:<agent>:recovered:<session id>` for it.",
  never:
    "It leaves the archive and every other session as they are. A torn last line is left out of the copy, not of the archive.",
  codes: ["chain/unlinked-archive"],
  outline: async (input) => {
    const { target, home, now, port } = input;
    const found = fragmentAt(home, target.path);
    if (found === undefined) return refused(target.path, "There is no archive here any more.");
    const { agent, fragment } = found;
    const conflict = storeConflict(agent) ?? archiveConflict(fragment);
    if (conflict !== null) return { ...NOTHING, conflicts: [conflict] };
    const id = forkId(home.home.path, fragment, "beside");
    const key = recoveredKey(agentId(agent), id);
    if (rowWithKey(agent, key) !== undefined) return refused(target.path, `It was restored before, as ${key}.`);
    const archive = join(home.home.path, fragment.path);
    const header = { id, timestamp: utc(now), parentSession: archive };
    const edits = await forkEdits(fragment, archive, header, port);
    const path = `${agent.reading.sessionsPath}/${id}.jsonl`;
    const row = recoveredRow(id, sessionFileOf(home.home.path, path), now);
    const { store } = agent.reading;
    return {
      ...NOTHING,
      changes: [
        {
          change: "copy",
          from: fragment.path,
          path,
          edits,
          keepsTime: false,
          why: "The conversation of the archive, to go on with.",
        },
        { change: "rows", store, rows: [{ edit: "add", key, row }], why: `OpenClaw lists it as ${key}.` },
      ],
      ...storeGuards(agent, input),
      notes: newRowNotes(agent),
    };
  },
};
