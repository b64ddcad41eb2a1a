// Prints esbuild's errors one per line with file, line and column; while watching, between two lines that say when a build
// starts and ends: what .vscode/tasks.json reads to fill the Problems panel and to know when F5 may go on.
import type { Message, Plugin } from "esbuild";

function lineOf({ text, location }: Message, severity: "error" | "warning"): string {
  if (!location) return `${severity}: ${text}`;
  return `${location.file}:${location.line}:${location.column + 1}: ${severity}: ${text}`;
}

/** Counts the bundles under way: F5 may go on only when all of them stand. */
export class WatchProgress {
  private running = 0;

  started(): void {
    if (this.running === 0) console.log("[bundles] started");
    this.running += 1;
  }

  finished(): void {
    this.running -= 1;
    if (this.running === 0) console.log("[bundles] finished");
  }
}

export function problemMatcher(progress?: WatchProgress): Plugin {
  return {
    name: "problem-matcher",
    setup(build) {
      build.onStart(() => progress?.started());
      build.onEnd((result) => {
        for (const warning of result.warnings) console.warn(lineOf(warning, "warning"));
        for (const error of result.errors) console.error(lineOf(error, "error"));
        progress?.finished();
      });
    },
  };
}
