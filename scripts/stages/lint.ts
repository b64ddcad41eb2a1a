// Lint: the rules of .oxlintrc.json (the import rules of the house among them) and the format of every file.
import { codeFolders, runTool } from "./tool.ts";

export async function lint(): Promise<boolean> {
  const rules = await runTool("oxlint", "oxlint", ["--deny-warnings", ...codeFolders()]);
  const format = await runTool("oxfmt", "oxfmt", ["--check", ...codeFolders()]);
  if (format !== 0) console.error("`npm run format` puts the files above into form.");
  return rules === 0 && format === 0;
}
