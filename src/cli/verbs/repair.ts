/** `repair`: shows the plan, asks, runs it, and says how to take it back. */
import { count } from "../../model/amounts.ts";
import { usageError } from "../exit.ts";
import { ASKING_HELP, ASKING_OPTIONS, plansFor } from "../repairing/asking.ts";
import { runAsked, RUN_OPTIONS, RUN_OPTIONS_HELP } from "../repairing/running.ts";
import { scanForRepair } from "../repairing/scanning.ts";
import { settleAsked } from "../repairing/settling.ts";
import { reportUnreadable, SCAN_OPTIONS, SCAN_OPTIONS_HELP } from "../scanning.ts";
import type { Verb } from "../verb.ts";

/** Options that name what `--settle` has no use for. */
const OTHER_AIMS = ["stale-locks", "all-safe", "repair", "choice"] as const;

export const repair: Verb = {
  name: "repair",
  usage: "FINDING… [--yes]",
  summary: "runs the plan of a repair after asking; keeps a receipt that undoes it",
  help: `${ASKING_HELP}  --settle         runs that were cut off: complete them or take them back, instead of findings
${RUN_OPTIONS_HELP}
Exit code: 0 done, 1 refused or not confirmed (nothing was written), 3 something could not be written (it was taken back).

${SCAN_OPTIONS_HELP}`,
  options: { ...SCAN_OPTIONS, ...ASKING_OPTIONS, ...RUN_OPTIONS, settle: { type: "boolean" } },
  takes: [0, Infinity],
  async run(world, names, values) {
    if (values["settle"] === true && (names.length > 0 || OTHER_AIMS.some((one) => values[one] !== undefined)))
      throw usageError("--settle stands alone: it means what was cut off, and no finding.");
    const scanned = await scanForRepair(world, names, values);
    const unreadable = reportUnreadable(world, scanned);
    const { snapshot } = scanned;
    if (values["settle"] === true) {
      const settled = await settleAsked(world, snapshot, values);
      await scanned.close();
      return settled || unreadable;
    }
    const plans = await plansFor(world, world.repairDesk(), snapshot, names, values);
    const runnable = plans.filter(({ plan }) => plan.steps.length > 0 || plan.conflicts.length > 0);
    const question = `Run ${runnable.length === 1 ? "this plan" : `these ${count(runnable.length, "plan")}`}?`;
    const code = await runAsked(world, snapshot, runnable, values, question);
    await scanned.close();
    return code || unreadable;
  },
};
