/** Every agent program that can be read: one folder under agents/ each. */
import { openclaw } from "../agents/openclaw/index.ts";
import type { AgentProgram } from "../agents/program.ts";
import type { Program } from "../model/home.ts";

export const PROGRAMS: readonly AgentProgram[] = [openclaw];

/** The program of a home; undefined for one that can't be read. */
export const programOf = (program: Program): AgentProgram | undefined =>
  PROGRAMS.find((one) => one.program === program);
