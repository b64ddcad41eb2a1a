/** `undo`: takes back what a receipt says, after showing it. */
import { EXIT, usageError } from "../exit.ts";
import { homeOfReceipt } from "../repairing/receipts.ts";
import { runAsked, RUN_OPTIONS, RUN_OPTIONS_HELP } from "../repairing/running.ts";
import { scanForRepair } from "../repairing/scanning.ts";
import { homesMeant, reportUnreadable, SCAN_OPTIONS, SCAN_OPTIONS_HELP } from "../scanning.ts";
import type { Verb } from "../verb.ts";

export const undo: Verb = {
  name: "undo",
  usage: "[RECEIPT] [--yes]",
  summary: "takes a repair back: bytes, names, modes and times as they were",
  help: `RECEIPT is the id that repair and journal print; without it the newest one that can be undone is meant.
What has changed since is never written over: then nothing is done, and the reason is said.

  --home DIR       look in this home only
  --beside         put what the repair displaced beside what stands in its place now
${RUN_OPTIONS_HELP}
Exit code: 0 done, 1 refused or not confirmed (nothing was written), 3 something could not be written (it was taken back).

${SCAN_OPTIONS_HELP}`,
  options: { ...SCAN_OPTIONS, ...RUN_OPTIONS, home: { type: "string" }, beside: { type: "boolean" } },
  takes: [0, 1],
  async run(world, [receipt = null], values) {
    const scanned = await scanForRepair(world, [], values);
    const unreadable = reportUnreadable(world, scanned);
    const { snapshot } = scanned;
    const desk = world.repairDesk();
    const home = homeOfReceipt(desk, homesMeant(world, snapshot, values), receipt);
    const plan = home === null ? null : desk.planUndo(home, receipt, values["beside"] === true);
    if (home === null || plan === null)
      throw usageError(receipt === null ? "There is nothing to undo." : `There is no receipt "${receipt}".`);
    const code = await runAsked(world, snapshot, [{ home, plan }], values, "Undo it?");
    await scanned.close();
    return code === EXIT.done ? unreadable : code;
  },
};
