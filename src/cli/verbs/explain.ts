/** `explain`: from an error message to its cause, here and now. */
import { explainDocument } from "../../engine/explain/document.ts";
import { explain as explained, type Explanation } from "../../engine/explain/explain.ts";
import { explanationText } from "../../engine/present/explanation-text.ts";
import type { Line } from "../../engine/present/lines.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { environmentLines, nothingFoundLines } from "../text/surroundings.ts";
import { EXIT, usageError } from "../exit.ts";
import { reportUnreadable, SCAN_OPTIONS, SCAN_OPTIONS_HELP, scanHome } from "../scanning.ts";
import type { CliWorld, Values, Verb } from "../verb.ts";
import { printJson } from "./print-json.ts";

async function textOf(world: CliWorld, words: readonly string[]): Promise<string> {
  const isInput = words.length === 0 || (words.length === 1 && words[0] === "-");
  const text = isInput ? await world.readInput() : words.join(" ");
  if (text.trim() === "")
    throw usageError("There is nothing to explain: give the message as an argument, or on standard input.");
  return text;
}

function* explainLines(
  world: CliWorld,
  snapshot: Snapshot,
  explanation: Explanation,
  { home }: Values,
): Generator<Line> {
  yield* environmentLines(snapshot);
  if (snapshot.homes.length === 0) yield* nothingFoundLines(typeof home === "string" ? [home] : []);
  yield* explanationText(explanation, world.now());
}

export const explain: Verb = {
  name: "explain",
  usage: "[TEXT…]",
  summary: "an error message: what it means, whether it is still so, where, and what repairs it",
  help: `TEXT is what the agent, its doctor or its log said, whole: ids and paths in it lead to the place. Without TEXT, or with "-", it
is read from standard input.

  --home DIR       look in this home only
${SCAN_OPTIONS_HELP}`,
  options: { ...SCAN_OPTIONS, home: { type: "string" } },
  takes: [0, Infinity],
  async run(world, words, values) {
    const text = await textOf(world, words);
    const scanned = await scanHome(world, values);
    const { engine, snapshot } = scanned;
    const explanation = await explained(engine, snapshot, { text, signal: world.signal });
    if (values["json"] === true) await printJson(world, snapshot, explainDocument(explanation));
    else await world.terminal.lines(explainLines(world, snapshot, explanation, values));
    const code = reportUnreadable(world, scanned);
    await scanned.close();
    return code || EXIT.done;
  },
};
