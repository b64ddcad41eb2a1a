// `npm run docs`: writes docs/findings.md from the table of findings.
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { findingsPage } from "../src/checks/findings-page.ts";

const page = join(resolve(import.meta.dirname, ".."), "docs", "findings.md");
writeFileSync(page, findingsPage());
console.log(`Wrote ${page}`);
