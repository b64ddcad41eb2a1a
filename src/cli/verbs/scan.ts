/** `scan`: homes, agents, sessions and fragments, with locks and findings. */
import { EMPTY } from "../../engine/present/lines.ts";
import type { Line } from "../../engine/present/lines.ts";
import { scanDocument } from "../../engine/scan-document.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { reportCutOff } from "../repairing/settling.ts";
import { reportUnreadable, SCAN_OPTIONS, SCAN_OPTIONS_HELP, scanFolders } from "../scanning.ts";
import { allFindings, findingsLines } from "../text/findings.ts";
import { homeTrees } from "../text/home-tree.ts";
import { closingLines, environmentLines, nothingFoundLines, skippedLines } from "../text/surroundings.ts";
import { treeLines } from "../text/tree.ts";
import type { CliWorld, Verb } from "../verb.ts";
import { printJson } from "./print-json.ts";

function* scanLines(world: CliWorld, snapshot: Snapshot, folders: readonly string[], all: boolean): Generator<Line> {
  const { userHome } = world;
  yield* environmentLines(snapshot);
  if (snapshot.homes.length === 0) yield* nothingFoundLines(folders);
  for (const tree of homeTrees(snapshot, { userHome, now: world.now(), all })) {
    yield* treeLines(tree);
    yield EMPTY;
  }
  yield* findingsLines(allFindings(snapshot), { userHome, full: false, all });
  yield* skippedLines(snapshot, all);
  if (snapshot.homes.length > 0) yield* closingLines(snapshot);
}

export const scan: Verb = {
  name: "scan",
  usage: "[DIR…]",
  summary: "homes, agents, sessions and their fragments, with locks and findings",
  help: `DIR is a home, or a folder to look for homes in. Without one, the homes of this user are looked for.
A session's fragments stand newest first; in --json oldest first.

  --all            show every session, fragment and finding
${SCAN_OPTIONS_HELP}`,
  options: { ...SCAN_OPTIONS, all: { type: "boolean" } },
  takes: [0, Infinity],
  async run(world, folders, values) {
    const scanned = await scanFolders(world, folders, values);
    const code = reportUnreadable(world, scanned);
    const { snapshot } = scanned;
    reportCutOff(world, snapshot);
    if (values["json"] === true)
      await printJson(world, snapshot, scanDocument(snapshot, { sessions: true, findings: true }));
    else await world.terminal.lines(scanLines(world, snapshot, folders, values["all"] === true));
    await scanned.close();
    return code;
  },
};
