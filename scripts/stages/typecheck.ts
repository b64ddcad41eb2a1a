// Type check of everything, tests and scripts included.
import { runTool } from "./tool.ts";

export async function typecheck(): Promise<boolean> {
  return (await runTool("typescript", "tsc", ["--noEmit", "--pretty", `${process.stdout.isTTY ?? false}`])) === 0;
}
