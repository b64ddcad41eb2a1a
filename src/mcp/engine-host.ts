/** The engine as the tools see it: homes as they are at each call. */
import type { Engine } from "../engine/engine.ts";
import type { ToolHost } from "../engine/tools/tool.ts";
import type { Snapshot } from "../model/snapshot.ts";

/** Calls that follow each other within this time see the same scan; milliseconds. */
const FRESH_MS = 1000;

export interface HostWorld extends Pick<ToolHost, "now" | "ripgrep"> {
  readonly engine: Engine;
}

export function engineHost({ engine, now, ripgrep }: HostWorld): ToolHost {
  let scannedAt = -Infinity;
  const snapshot = async (): Promise<Snapshot> => {
    const known = engine.snapshot;
    if (known !== null && Math.abs(now() - scannedAt) < FRESH_MS) return known;
    const scanned = await engine.scan();
    scannedAt = now();
    return scanned;
  };
  return {
    snapshot,
    now,
    ripgrep,
    readTranscript: (...args) => engine.readTranscript(...args),
    execs: (...args) => engine.execs(...args),
  };
}
