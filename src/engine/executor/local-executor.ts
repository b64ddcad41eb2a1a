/** The executor of one home on this machine, out of a snapshot. */
import type { World } from "../../agents/program.ts";
import type { HomeSnapshot } from "../../model/snapshot.ts";
import { createExecutor, type Executor, type ExecutorOptions } from "./executor.ts";
import { localSurroundings } from "./local-surroundings.ts";

/** Who asks for runs: the name of the face, and the release of this tool. */
export interface Asker {
  readonly face: string;
  readonly version: string;
}

export function localExecutor(
  { home, agents }: HomeSnapshot,
  world: World,
  { face, version }: Asker,
  options: Pick<ExecutorOptions, "lockWaitMs"> = {},
): Executor {
  const { pid, host } = world.processes.self;
  const judged = { home, agents: agents.map(({ reading }) => reading) };
  return createExecutor({
    home: home.path,
    around: localSurroundings(judged, world),
    by: { pid, host, face, version },
    ...options,
  });
}
