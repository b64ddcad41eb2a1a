/** `history`: the messages of a session across all its archives, page by page from the newest. */
import { type Brief, continuationBrief, LONGEST_BRIEF, SHORTEST_BRIEF, USUAL_BRIEF } from "../../engine/brief/brief.ts";
import { historyPage, type HistoryRequest } from "../../engine/history/document.ts";
import { placeDocument } from "../../engine/history/places.ts";
import { historyText } from "../../engine/present/history-text.ts";
import { LostCursorError } from "../../engine/reading/chain-reader.ts";
import { decodeCursor } from "../../engine/reading/cursor.ts";
import { EXIT, usageError } from "../exit.ts";
import { type NamedSession, QUERY_HELP, sessionNamed } from "../naming-session.ts";
import { SCAN_OPTIONS, SCAN_OPTIONS_HELP } from "../scanning.ts";
import { environmentLines } from "../text/surroundings.ts";
import type { CliWorld, Values, Verb } from "../verb.ts";
import { wholeNumber } from "../whole-number.ts";
import { printJson } from "./print-json.ts";

/** Messages of a page unless told otherwise. */
const USUAL_LIMIT = 50;
const HIGHEST_LIMIT = 10_000;
/** Of one message; what is longer says how much was cut. */
const MOST_CHARACTERS = 200_000;

function cursorOf({ before }: Values): Pick<HistoryRequest, "before"> {
  if (typeof before !== "string") return {};
  const cursor = decodeCursor(before);
  if (cursor === null) throw usageError(`"${before}" is no cursor. It is the nextCursor of the page before.`);
  return { before: cursor };
}

function requestOf(world: CliWorld, values: Values): HistoryRequest {
  return {
    ...cursorOf(values),
    limit: wholeNumber("--limit", values["limit"], { usual: USUAL_LIMIT, lowest: 1, highest: HIGHEST_LIMIT }),
    archived: values["archived"] !== false,
    showSecrets: values["show-secrets"] === true,
    mostCharacters: MOST_CHARACTERS,
    now: world.now(),
    signal: world.signal,
  };
}

const BRIEF_SCHEMA = "session-forensics/brief/1";

const briefSize = ({ size }: Values): number =>
  wholeNumber("--size", size, { usual: USUAL_BRIEF, lowest: SHORTEST_BRIEF, highest: LONGEST_BRIEF });

function briefDocument({ hit: { agent, home, session } }: NamedSession, brief: Brief): unknown {
  return {
    schema: BRIEF_SCHEMA,
    home: home.home.path,
    agent: agent.reading.name,
    sessionKey: session.key,
    brief: brief.text,
    archivedMessagesAvailable: brief.archivedMessagesAvailable,
    truncated: brief.truncated,
    fragments: brief.fragments.map(({ fragment }) => placeDocument(fragment)),
    warnings: brief.warnings,
  };
}

async function printBrief(world: CliWorld, named: NamedSession, values: Values): Promise<void> {
  const { hit, scanned } = named;
  const request = { most: briefSize(values), now: world.now(), signal: world.signal };
  const brief = await continuationBrief(scanned.engine, hit, request);
  if (values["json"] === true) await printJson(world, scanned.snapshot, briefDocument(named, brief));
  else await world.terminal.out([brief.text]);
}

async function print(world: CliWorld, named: NamedSession, values: Values): Promise<void> {
  if (values["brief"] === true) return await printBrief(world, named, values);
  const { hit, scanned } = named;
  const page = await historyPage(scanned.engine, hit, requestOf(world, values));
  if (values["json"] === true) return await printJson(world, scanned.snapshot, page.document);
  await world.terminal.lines(environmentLines(scanned.snapshot));
  await world.terminal.lines(historyText(hit, page, { full: values["full"] === true }));
}

export const history: Verb = {
  name: "history",
  usage: "QUERY [--home DIR]",
  summary: "a session's messages across resets and archives, the newest page first",
  help: `${QUERY_HELP}
All fragments of the chain are read as one: live transcript, reset and deleted archives, windows of a database. The newest
page is printed, oldest message first; its cursor leads to the page before it. Keys, tokens and passwords in known shapes
are masked.

  --home DIR       look in this home only
  --limit N        messages of a page (${USUAL_LIMIT})
  --before CURSOR  the page before this cursor (nextCursor of the page after it)
  --no-archived    only what the session goes on in: nothing that a reset or a deletion put away
  --show-secrets   mask nothing
  --brief          a brief in Markdown instead, to paste into a fresh session: what was being done, the last requests, open
                   tool work, background commands and their fate, files touched, where the full text lies
  --size N         characters of the brief at most (${USUAL_BRIEF})
  --full           answers of tools whole, not their first lines
${SCAN_OPTIONS_HELP}`,
  options: {
    ...SCAN_OPTIONS,
    home: { type: "string" },
    limit: { type: "string" },
    before: { type: "string" },
    archived: { type: "boolean", default: true },
    "show-secrets": { type: "boolean" },
    brief: { type: "boolean" },
    size: { type: "string" },
    full: { type: "boolean" },
  },
  takes: [1, 1],
  async run(world, [query = ""], values) {
    // What was typed wrong is said before anything is read.
    requestOf(world, values);
    briefSize(values);
    const named = await sessionNamed(world, query, values);
    try {
      await print(world, named, values);
    } catch (error) {
      if (error instanceof LostCursorError) throw usageError(error.message);
      throw error;
    } finally {
      await named.scanned.close();
    }
    return EXIT.done;
  },
};
