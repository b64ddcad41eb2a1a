/** Copies a file that alone holds something to where no cleanup of OpenClaw looks. */
import { join } from "node:path";

import { savedFolder } from "../../model/kept-files.ts";
import { agentNamed, isOutside } from "../facts.ts";
import { NOTHING, type Change, refused } from "../outline.ts";
import type { Repair } from "../repair.ts";

export const saveOnlyCopy: Repair = {
  id: "save-only-copy",
  title: "Copy the only copy to safety",
  does:
    "Copies the file, with its time and permissions, to `.session-forensics/saved/<agent>` in the home, where no cleanup of " +
    "OpenClaw looks.",
  never: "It changes neither the file nor the database, and imports nothing.",
  codes: ["migration/only-copy"],
  outline: async ({ target, home, port }) => {
    const { finding, path } = target;
    const agent = agentNamed(home, finding?.agent)?.reading;
    if (agent === undefined || isOutside(path)) return refused(path, "The file lies outside the home.");
    const file = await port.stateOf(join(home.home.path, path));
    if (file.is !== "file") return refused(path, "The file is not there any more.");
    const folder = savedFolder(agent.name);
    const saved = `${folder}/${path.slice(path.lastIndexOf("/") + 1)}`;
    const there = await port.stateOf(join(home.home.path, saved));
    if (there.is === "file" && there.bytes === file.bytes)
      return { ...NOTHING, notes: [`It is saved already: ${saved}`] };
    const changes: Change[] = [
      { change: "folder", path: folder, why: "Files are kept here, beyond the reach of cleanups." },
      {
        change: "copy",
        from: path,
        path: saved,
        edits: [],
        keepsTime: true,
        why: "Nothing else holds what stands in it.",
      },
    ];
    return { ...NOTHING, changes };
  },
};
