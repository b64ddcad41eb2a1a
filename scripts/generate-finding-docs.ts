// `npm run docs`: writes docs/findings.md and docs/repairs.md from the tables of findings and repairs.
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { findingsPage } from "../src/checks/findings-page.ts";
import { repairsFor } from "../src/repairs/kinds.ts";
import { repairsPage } from "../src/repairs/repairs-page.ts";

const docs = join(resolve(import.meta.dirname, ".."), "docs");
for (const [name, page] of [
  ["findings.md", findingsPage(repairsFor)],
  ["repairs.md", repairsPage()],
] as const) {
  writeFileSync(join(docs, name), page);
  console.log(`Wrote ${join(docs, name)}`);
}
