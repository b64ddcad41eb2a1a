/** Answers what plans ask of the disk, by reading only. */
import { createHash } from "node:crypto";

import { FileError, readStretch } from "../../system/files.ts";
import { pathState } from "../../system/path-state.ts";
import { NotReadable, type RepairPort } from "../../repairs/port.ts";
import { timeSlices } from "../time-slices.ts";
import { editedBytes } from "../executor/copy.ts";

/** The port on the disk of this machine. What was hashed once is not hashed again while one plan is made. */
export function diskPort(): RepairPort {
  const breathe = timeSlices();
  const states = new Map<string, ReturnType<typeof pathState>>();
  return {
    stateOf: (path) =>
      readable(path, () => {
        const state = states.get(path) ?? pathState(path);
        states.set(path, state);
        return state;
      }),
    // A transcript may be read whole, stretch by stretch: whoever waits for an answer meanwhile gets it.
    read: async (path, offset, length) => {
      await breathe();
      return readable(path, () => readStretch(path, offset, length));
    },
    hashOf: (path, edits) =>
      readable(path, async () => {
        const hash = createHash("sha256");
        let bytes = 0;
        for (const chunk of editedBytes(path, edits)) {
          hash.update(chunk);
          bytes += chunk.length;
          await breathe();
        }
        return { bytes, sha256: hash.digest("hex") };
      }),
  };
}

async function readable<T>(path: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof FileError) throw new NotReadable(path, error.message);
    throw error;
  }
}
