// Runs a plan, given on stdin with a cut, until it kills itself there.
import { json } from "node:stream/consumers";

import { fileOperations } from "../../src/engine/executor/file-operations.ts";
import type { Plan } from "../../src/model/plan.ts";
import { type Cut, watched } from "./cut-points.ts";
import { executorOn } from "./executor.ts";

const { home, plan, cut } = (await json(process.stdin)) as { home: string; plan: Plan; cut: Cut };
await executorOn(home, { files: watched(fileOperations, () => undefined, cut) }).run(plan);
