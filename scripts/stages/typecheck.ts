// Type check of everything, tests and scripts included; of what runs in a page by a browser's types.
import { runTool } from "./tool.ts";

const PROJECTS = [".", "src/webview"];

export async function typecheck(): Promise<boolean> {
  const pretty = `${process.stdout.isTTY ?? false}`;
  let good = true;
  for (const project of PROJECTS)
    good = (await runTool("typescript", "tsc", ["--noEmit", "--pretty", pretty, "--project", project])) === 0 && good;
  return good;
}
