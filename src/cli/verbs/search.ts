/** `search`: a text in all transcripts, archives included, as the search goes. */
import { duration, size } from "../../model/amounts.ts";
import { SearchText } from "../../engine/present/search-text.ts";
import { searchDocument } from "../../engine/search/search-document.ts";
import { type SearchEvent, searchSessions, troubleWithText, USUAL_HITS } from "../../engine/search/search.ts";
import type { SearchProgress } from "../../model/search.ts";
import { usageError } from "../exit.ts";
import { reportUnreadable, SCAN_OPTIONS, SCAN_OPTIONS_HELP, type Scanned, scanHome } from "../scanning.ts";
import { environmentLines, nothingFoundLines } from "../text/surroundings.ts";
import type { CliWorld, Values, Verb } from "../verb.ts";
import { wholeNumber } from "../whole-number.ts";
import { printJson } from "./print-json.ts";

const HIGHEST_LIMIT = 1_000_000;
/** Progress is drawn no more often than this. */
const DRAW_EACH_MS = 500;

async function eventsOf(
  world: CliWorld,
  { engine, snapshot }: Scanned,
  text: string,
  values: Values,
): Promise<AsyncGenerator<SearchEvent>> {
  const limit = wholeNumber("--limit", values["limit"], { usual: USUAL_HITS, lowest: 1, highest: HIGHEST_LIMIT });
  return searchSessions(engine, snapshot, {
    text,
    limit,
    showSecrets: values["show-secrets"] === true,
    ripgrep: values["ripgrep"] === false ? null : await world.findRipgrep(),
    signal: world.signal,
  });
}

/** Draws on stderr how far the search has come, over what was drawn before. */
class ProgressLine {
  readonly #world: CliWorld;
  readonly #startedAt: number;
  #drawnAt: number;
  #isDrawn = false;

  constructor(world: CliWorld) {
    this.#world = world;
    this.#startedAt = world.now();
    this.#drawnAt = this.#startedAt;
  }

  draw({ bytes, ofBytes }: SearchProgress): void {
    const now = this.#world.now();
    if (!this.#world.terminal.interactive || now - this.#drawnAt < DRAW_EACH_MS) return;
    this.#drawnAt = now;
    this.#isDrawn = true;
    const took = duration(now - this.#startedAt);
    this.#world.terminal.err(`\r\u001b[KSearching… ${size(bytes)} of ${size(ofBytes)}, ${took}`);
  }

  clear(): void {
    if (this.#isDrawn) this.#world.terminal.err("\r\u001b[K");
    this.#isDrawn = false;
  }
}

async function show(
  world: CliWorld,
  scanned: Scanned,
  text: string,
  events: AsyncIterable<SearchEvent>,
): Promise<void> {
  const shown = new SearchText(text, world.userHome);
  const progress = new ProgressLine(world);
  await world.terminal.lines(environmentLines(scanned.snapshot));
  try {
    for await (const event of events) {
      if (event.what === "progress") progress.draw(event.progress);
      else {
        progress.clear();
        await world.terminal.lines(shown.lines(event));
      }
    }
  } finally {
    progress.clear();
  }
}

async function print(world: CliWorld, scanned: Scanned, text: string, values: Values): Promise<void> {
  const events = await eventsOf(world, scanned, text, values);
  if (values["json"] === true) await printJson(world, scanned.snapshot, await searchDocument(text, events));
  else await show(world, scanned, text, events);
}

export const search: Verb = {
  name: "search",
  usage: "TEXT [--home DIR]",
  summary: "a text in all transcripts, archives and databases included",
  help: `TEXT is looked for as it stands, upper and lower case alike, in what was said, in calls and answers of tools, in
thinking, errors and summaries, and in keys and ids of sessions. Where there is a ripgrep it helps; what is found is the
same without. That nothing is found is said, and the exit code is 0. Keys, tokens and passwords in known shapes are masked.

  --home DIR       look in this home only
  --limit N        lines to find at most (${USUAL_HITS})
  --show-secrets   mask nothing
  --no-ripgrep     read all files here
${SCAN_OPTIONS_HELP}`,
  options: {
    ...SCAN_OPTIONS,
    home: { type: "string" },
    limit: { type: "string" },
    "show-secrets": { type: "boolean" },
    ripgrep: { type: "boolean", default: true },
  },
  takes: [1, 1],
  async run(world, [text = ""], values) {
    const trouble = troubleWithText(text);
    if (trouble !== null) throw usageError(trouble);
    const { home } = values;
    const scanned = await scanHome(world, values);
    const code = reportUnreadable(world, scanned);
    if (scanned.snapshot.homes.length === 0 && values["json"] !== true)
      await world.terminal.lines(nothingFoundLines(typeof home === "string" ? [home] : []));
    else await print(world, scanned, text, values);
    await scanned.close();
    return code;
  },
};
