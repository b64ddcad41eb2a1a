/** `plan`: what a repair would change, in full, without writing anything. */
import { PLAN_SCHEMA } from "../../model/plan.ts";
import { EXIT } from "../exit.ts";
import { ASKING_HELP, ASKING_OPTIONS, plansFor } from "../repairing/asking.ts";
import { plannedDocument } from "../repairing/documents.ts";
import { previewLines } from "../repairing/running.ts";
import { nothingPlannedLines, scanForRepair } from "../repairing/scanning.ts";
import { reportCutOff } from "../repairing/settling.ts";
import { reportUnreadable, SCAN_OPTIONS, SCAN_OPTIONS_HELP } from "../scanning.ts";
import { environmentLines } from "../text/surroundings.ts";
import type { Verb } from "../verb.ts";
import { printJson } from "./print-json.ts";

export const plan: Verb = {
  name: "plan",
  usage: "FINDING… [--home DIR]",
  summary: "what a repair would change, step by step; writes nothing",
  help: `${ASKING_HELP}
Exit code: 0 it could run now, 1 something stands in its way.

${SCAN_OPTIONS_HELP}`,
  options: { ...SCAN_OPTIONS, ...ASKING_OPTIONS },
  takes: [0, Infinity],
  async run(world, names, values) {
    const scanned = await scanForRepair(world, names, values);
    const unreadable = reportUnreadable(world, scanned);
    const { snapshot } = scanned;
    reportCutOff(world, snapshot);
    const desk = world.repairDesk();
    const plans = await plansFor(world, desk, snapshot, names, values);
    const looked = await Promise.all(
      plans.map(async (one) => ({ ...one, refusals: await desk.check(one.home, one.plan) })),
    );
    if (values["json"] === true) {
      const documents = looked.map(({ plan: planned, refusals }) => plannedDocument(planned, refusals));
      await printJson(world, snapshot, { schema: PLAN_SCHEMA, plans: documents });
    } else {
      const lines = await previewLines(looked);
      await world.terminal.lines([...environmentLines(snapshot), ...lines, ...nothingPlannedLines(plans)]);
    }
    await scanned.close();
    return unreadable || (looked.some(({ refusals }) => refusals.length > 0) ? EXIT.findings : EXIT.done);
  },
};
