/** Prints a JSON document on stdout; what the document has no place for goes to stderr. */
import { plainText } from "../../engine/present/lines.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { jsonPieces } from "../json-output.ts";
import { environmentLines } from "../text/surroundings.ts";
import type { CliWorld } from "../verb.ts";

export async function printJson({ terminal }: CliWorld, snapshot: Snapshot, document: unknown): Promise<void> {
  const warnings = [...environmentLines(snapshot)];
  if (warnings.length > 0) terminal.err(`${plainText(warnings)}\n`);
  await terminal.out(jsonPieces(document));
}
