/** `locks`: every lock with its verdict, its owner and the reasons. */
import { EMPTY } from "../../engine/present/lines.ts";
import type { Line } from "../../engine/present/lines.ts";
import { scanDocument } from "../../engine/scan-document.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { reportCutOff } from "../repairing/settling.ts";
import { reportUnreadable, SCAN_OPTIONS, SCAN_OPTIONS_HELP, scanFolders } from "../scanning.ts";
import { locksText } from "../text/locks.ts";
import { environmentLines, nothingFoundLines, skippedLines } from "../text/surroundings.ts";
import type { CliWorld, Verb } from "../verb.ts";
import { printJson } from "./print-json.ts";

function* locksLines(world: CliWorld, snapshot: Snapshot, folders: readonly string[]): Generator<Line> {
  yield* environmentLines(snapshot);
  if (snapshot.homes.length === 0) yield* nothingFoundLines(folders);
  else yield* locksText(snapshot, { userHome: world.userHome, now: world.now() });
  const skipped = [...skippedLines(snapshot, false)];
  if (skipped.length > 0) yield* [EMPTY, ...skipped];
}

export const locks: Verb = {
  name: "locks",
  usage: "[DIR…]",
  summary: "every lock: held, stale or unknown, by whom and why",
  help: `DIR is a home, or a folder to look for homes in. Without one, the homes of this user are looked for.
held: its owner lives. stale: nobody holds it any more. unknown: it can't be told from here; never treat it as stale.

${SCAN_OPTIONS_HELP}`,
  options: SCAN_OPTIONS,
  takes: [0, Infinity],
  async run(world, folders, values) {
    const scanned = await scanFolders(world, folders, values);
    const code = reportUnreadable(world, scanned);
    const { snapshot } = scanned;
    reportCutOff(world, snapshot);
    if (values["json"] === true)
      await printJson(world, snapshot, scanDocument(snapshot, { sessions: false, findings: false }));
    else await world.terminal.lines(locksLines(world, snapshot, folders));
    await scanned.close();
    return code;
  },
};
