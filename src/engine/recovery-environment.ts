/** The environment for recovery commands: those of a shell that is to work on the canonical home, and what they are now. */
import type { VariableSetting, World } from "../agents/program.ts";
import type { HomeIdentity } from "../model/home.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { programOf } from "./programs.ts";

/** One variable, as it must be and as it is; null where it is not set. */
export interface VariableChange extends VariableSetting {
  readonly was: string | null;
}

/** The home that recovery commands should work on: for a shadow or a nested home the canonical one, where it is known. */
export function recoveryHome(snapshot: Snapshot, { path, canonicalPath }: HomeIdentity): HomeIdentity | undefined {
  const wanted = canonicalPath ?? path;
  return snapshot.homes.find(({ home }) => home.path === wanted)?.home;
}

/** Every variable that decides where the home's program looks. */
export function recoveryEnvironment(home: HomeIdentity, world: Pick<World, "env" | "userHome">): VariableChange[] {
  const settings = programOf(home.program)?.environmentFor(home, world) ?? [];
  return settings.map((one) => ({ ...one, was: world.env[one.name] ?? null }));
}
