/** Tools for language models on the homes of tests. */
import type { ToolHost } from "../../src/engine/tools/tool.ts";
import { engineOn } from "./engines.ts";

/** A host of the tools that sees these homes alone, and searches without ripgrep. */
export function toolHostOn(paths: readonly string[], now: number): ToolHost {
  const engine = engineOn(paths);
  return {
    snapshot: async () => engine.snapshot ?? (await engine.scan()),
    readTranscript: (...args) => engine.readTranscript(...args),
    execs: (...args) => engine.execs(...args),
    now: () => now,
    ripgrep: () => Promise.resolve(null),
  };
}
