/** `repair`: shows the plan, asks, runs it, and says how to take it back. */
import { count } from "../../model/amounts.ts";
import { EXIT } from "../exit.ts";
import { ASKING_HELP, ASKING_OPTIONS, plansFor } from "../repairing/asking.ts";
import { runAsked, RUN_OPTIONS, RUN_OPTIONS_HELP } from "../repairing/running.ts";
import { nothingPlannedLines, scanForRepair } from "../repairing/scanning.ts";
import { reportUnreadable, SCAN_OPTIONS, SCAN_OPTIONS_HELP } from "../scanning.ts";
import type { Verb } from "../verb.ts";

export const repair: Verb = {
  name: "repair",
  usage: "FINDING… [--yes]",
  summary: "runs the plan of a repair after asking; keeps a receipt that undoes it",
  help: `${ASKING_HELP}${RUN_OPTIONS_HELP}
Exit code: 0 done, 1 refused (nothing was written), 3 something could not be written (it was taken back).

${SCAN_OPTIONS_HELP}`,
  options: { ...SCAN_OPTIONS, ...ASKING_OPTIONS, ...RUN_OPTIONS },
  takes: [0, Infinity],
  async run(world, names, values) {
    const scanned = await scanForRepair(world, names, values);
    const unreadable = reportUnreadable(world, scanned);
    const { snapshot } = scanned;
    const plans = await plansFor(world, world.repairDesk(), snapshot, names, values);
    const runnable = plans.filter(({ plan }) => plan.steps.length > 0 || plan.conflicts.length > 0);
    if (runnable.length === 0) await world.terminal.lines(nothingPlannedLines(runnable));
    const question = `Run ${runnable.length === 1 ? "this plan" : `these ${count(runnable.length, "plan")}`}?`;
    const code = runnable.length === 0 ? EXIT.done : await runAsked(world, snapshot, runnable, values, question);
    await scanned.close();
    return code || unreadable;
  },
};
