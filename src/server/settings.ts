/** Settings as a client sends them: each field is checked on its own, and a senseless one leaves the default standing. */
import * as v from "valibot";

import type { Settings } from "../protocol/settings.ts";

export interface ServerSettings {
  readonly homes: readonly string[];
  readonly discoverUserHomes: boolean;
  readonly locksWarnAfterSeconds: number;
  readonly locksAutoClean: boolean;
  readonly quietSeconds: number;
  readonly rescanSeconds: number;
  readonly usePolling: boolean;
}

const texts = v.pipe(
  v.array(v.unknown()),
  v.transform((list) => list.filter((one) => typeof one === "string" && one.trim() !== "").map(String)),
);
const seconds = (lowest: number) => v.pipe(v.number(), v.finite(), v.minValue(lowest), v.maxValue(86_400 * 365));

const schema = v.object({
  homes: v.fallback(v.optional(texts, []), []),
  discoverUserHomes: v.fallback(v.optional(v.boolean(), true), true),
  locks: v.fallback(
    v.optional(
      v.object({
        warnAfterSeconds: v.fallback(v.optional(seconds(1), 60), 60),
        autoClean: v.fallback(v.optional(v.boolean(), false), false),
      }),
      {},
    ),
    { warnAfterSeconds: 60, autoClean: false },
  ),
  repairs: v.fallback(v.optional(v.object({ quietSeconds: v.fallback(v.optional(seconds(1), 10), 10) }), {}), {
    quietSeconds: 10,
  }),
  rescanSeconds: v.fallback(v.optional(seconds(0), 60), 60),
  usePolling: v.fallback(v.optional(v.boolean(), false), false),
});

/** Takes anything; `Settings` of the protocol says what is meant. */
export function readSettings(sent: unknown): ServerSettings {
  const isObject = typeof sent === "object" && sent !== null && !Array.isArray(sent);
  const { locks, repairs, ...others } = v.parse(schema, isObject ? sent : ({} satisfies Settings));
  return {
    ...others,
    locksWarnAfterSeconds: locks.warnAfterSeconds,
    locksAutoClean: locks.autoClean,
    quietSeconds: repairs.quietSeconds,
  };
}
