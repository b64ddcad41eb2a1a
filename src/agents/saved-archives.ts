/** Archives that were copied to safety, as they stand in a home's own folder. */
import { join } from "node:path";

import { savedFolder, type SavedArchive } from "../model/kept-files.ts";
import { FileError, list, statOf } from "../system/files.ts";

/** Those of one agent, in the order of their names. A folder that can't be listed holds none that can be relied on. */
export function readSavedArchives(home: string, agent: string): readonly SavedArchive[] {
  const folder = join(home, savedFolder(agent));
  try {
    return list(folder)
      .names.toSorted()
      .flatMap((name) => {
        const file = statOf(join(folder, name));
        return file?.kind === "file" ? [{ name, bytes: file.size }] : [];
      });
  } catch (error) {
    if (error instanceof FileError) return [];
    throw error;
  }
}
