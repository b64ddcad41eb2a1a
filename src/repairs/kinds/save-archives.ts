/** Copies archives that OpenClaw is about to remove to where its maintenance never looks. */
import { join } from "node:path";

import type { Fragment } from "../../model/fragment.ts";
import { savedFolder } from "../../model/kept-files.ts";
import type { AgentReading } from "../../model/reading.ts";
import { agentNamed, isOutside } from "../facts.ts";
import { NOTHING, type Change, refused } from "../outline.ts";
import type { Repair } from "../repair.ts";

/** A finding names so many files at most. */
const MOST_NAMED = 20;

export const saveArchives: Repair = {
  id: "save-archives",
  title: "Copy the archives to safety",
  does:
    "Copies each archive that is about to be removed, with its time and permissions, to `.session-forensics/saved/<agent>` in " +
    "the home, where OpenClaw's maintenance never looks; and shows the line of openclaw.json that ends the removal.",
  never: "It changes no archive and no setting of OpenClaw.",
  codes: ["chain/archive-expiring"],
  outline: async ({ target, home, port }) => {
    const agent = agentNamed(home, target.finding?.agent)?.reading;
    if (agent === undefined || isOutside(agent.sessionsPath))
      return refused(target.path, "The archives lie outside the home.");
    const folder = savedFolder(agent.name);
    const changes: Change[] = [
      { change: "folder", path: folder, why: "Archives are kept here, beyond the reach of maintenance." },
    ];
    for (const archive of expiring(agent, target.finding?.related ?? [])) {
      const path = `${folder}/${baseName(archive.path)}`;
      const there = await port.stateOf(join(home.home.path, path));
      if (there.is === "file" && there.bytes === archive.bytes) continue;
      changes.push({
        change: "copy",
        from: archive.path,
        path,
        edits: [],
        keepsTime: true,
        why: "OpenClaw is about to remove it.",
      });
    }
    return { ...NOTHING, changes, notes: [HOW_TO_KEEP] };
  },
};

const HOW_TO_KEEP =
  'To keep reset archives for good, write into openclaw.json: "session": { "maintenance": { "resetArchiveRetention": false } }. ' +
  "It counts from the next start of the gateway on.";

/** Those that the finding names; where it could not name all, every reset archive of the agent. */
function expiring({ fragments }: AgentReading, related: readonly { readonly path: string }[]): Fragment[] {
  const named = new Set(related.map(({ path }) => path));
  const isAll = named.size >= MOST_NAMED;
  return fragments.filter(
    ({ kind, path, window }) =>
      kind === "reset" && window === undefined && !isOutside(path) && (isAll || named.has(path)),
  );
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
