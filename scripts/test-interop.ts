// `npm run test:interop [-- FILE… --name PATTERN --openclaw FOLDER]`: test/interop against the real OpenClaw, installed into a temporary folder that is
// removed again. FOLDER is one in which it is installed already.
import { rmSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import { filesOf, runNodeTests } from "./stages/node-tests.ts";
import { inWords, isFine } from "./stages/tally.ts";
import { npm } from "./toolchain/npm.mjs";

/** A release that keeps sessions in files. */
const OPENCLAW = "openclaw@2026.5.12";

async function install(folder: string): Promise<void> {
  console.error(`Fetching ${OPENCLAW} (some 400 MB unpacked) …`);
  await writeFile(path.join(folder, "package.json"), '{ "private": true }\n');
  try {
    npm(["install", "--ignore-scripts", "--no-save", "--no-package-lock", OPENCLAW], { cwd: folder });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `${OPENCLAW} could not be installed, and these tests are about nothing else. Is the npm registry within reach? (${why})`,
      { cause: error },
    );
  }
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { name: { type: "string" }, openclaw: { type: "string" } },
});
const temporary = values.openclaw === undefined ? await mkdtemp(path.join(tmpdir(), "sf-openclaw-")) : undefined;
process.once("SIGINT", () => {
  if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  process.exit(130);
});
try {
  if (temporary !== undefined) await install(temporary);
  process.env["SESSION_FORENSICS_OPENCLAW"] = temporary ?? path.resolve(values.openclaw ?? "");
  const tally = await runNodeTests("interop", positionals.length > 0 ? positionals : filesOf("interop"), values.name);
  console.log(inWords(tally));
  process.exitCode = isFine(tally) ? 0 : 1;
} finally {
  if (temporary !== undefined) await rm(temporary, { recursive: true, force: true, maxRetries: 5 });
}
