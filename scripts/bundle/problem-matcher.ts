// Prints esbuild's errors one per line with file, line and column, between two lines that say when a build starts and ends:
// what .vscode/tasks.json reads to fill the Problems panel and to know when F5 may go on.
import type { Message, Plugin } from "esbuild";

function lineOf({ text, location }: Message, severity: "error" | "warning"): string {
  if (!location) return `${severity}: ${text}`;
  return `${location.file}:${location.line}:${location.column + 1}: ${severity}: ${text}`;
}

export function problemMatcher(name: string): Plugin {
  return {
    name: "problem-matcher",
    setup(build) {
      build.onStart(() => console.log(`[bundle ${name}] started`));
      build.onEnd((result) => {
        for (const warning of result.warnings) console.warn(lineOf(warning, "warning"));
        for (const error of result.errors) console.error(lineOf(error, "error"));
        console.log(`[bundle ${name}] finished${result.errors.length > 0 ? " with errors" : ""}`);
      });
    },
  };
}
