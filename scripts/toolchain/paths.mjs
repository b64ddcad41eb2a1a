// Where the project keeps what it fetches and builds. Plain ESM: this runs before anything is installed, on Node 20 too.
import path from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..");
export const TOOLS = path.join(ROOT, ".tools");
export const MODULES = path.join(ROOT, "node_modules");
export const OUT = path.join(ROOT, "out");
export const DIST = path.join(ROOT, "dist");
