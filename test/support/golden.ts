// Whole outputs compared with files: `UPDATE_GOLDEN=1` writes them anew, and the difference is to be read before committing.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const FOLDER = path.join(import.meta.dirname, "..", "fixtures", "golden");

export function matchesGolden(name: string, actual: string): void {
  const file = path.join(FOLDER, `${name}.txt`);
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(file, actual);
  assert.equal(actual, readFileSync(file, "utf8"));
}
