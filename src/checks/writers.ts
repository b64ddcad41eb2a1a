/** Who may be writing to a database: since 2026.8 no transcript has a lock of its own, only the gateway has one. */
import type { Lock } from "../model/lock.ts";
import type { CheckedHome } from "./rule.ts";

/** alive: a gateway holds this home; unknown: that can't be told from here; none: nobody does. */
export type Writer = "alive" | "unknown" | "none";

export function writerOf({ locks }: CheckedHome): Writer {
  const gateways = locks.filter(isGateway);
  if (gateways.some(({ verdict }) => verdict === "held")) return "alive";
  return gateways.some(({ verdict }) => verdict === "unknown") ? "unknown" : "none";
}

/** The locks as an evidence would name them. */
export function gatewayLocks({ locks }: CheckedHome): readonly Lock[] {
  return locks.filter(isGateway);
}

function isGateway({ of }: Lock): boolean {
  return of === "gateway";
}
