/** `chain`: one session's chain, with the evidence of each link. */
import { resolve } from "node:path";

import { findingsOfSession, lockOfSession } from "../../engine/lookup.ts";
import { chainText } from "../../engine/present/chain-text.ts";
import { escaped } from "../../engine/present/names.ts";
import { sessionSummary } from "../../engine/present/sessions.ts";
import { canonicalHit, findSessions, SHORTEST_ID_PREFIX } from "../../engine/query.ts";
import type { SessionHit } from "../../engine/query.ts";
import { findingDocument, lockDocument, sessionDocument } from "../../engine/scan-document.ts";
import { realPath } from "../../system/files.ts";
import { EXIT, ExitError, usageError } from "../exit.ts";
import { reportUnreadable, SCAN_OPTIONS, SCAN_OPTIONS_HELP, scanFolders, scanPlaces } from "../scanning.ts";
import type { Scanned } from "../scanning.ts";
import { environmentLines } from "../text/surroundings.ts";
import type { CliWorld, Values, Verb } from "../verb.ts";
import { printJson } from "./print-json.ts";

const CHAIN_SCHEMA = "session-forensics/chain/1";

/** "…/agents/main/sessions/x.jsonl" lies in the home "…". */
const FILE_IN_HOME = /^(.+?)[\\/]agents[\\/][^\\/]+[\\/]sessions[\\/][^\\/]+$/;

/** Absolute paths that the query names if it is a file: as written, and with links resolved. */
function pathsOf(world: CliWorld, query: string): string[] {
  const path = resolve(world.workingFolder, query);
  return [...new Set([path, realPath(path) ?? path])];
}

/** The home to look in, else those of this user; a file names its home itself. */
async function scanFor(world: CliWorld, paths: readonly string[], values: Values): Promise<Scanned> {
  const { home } = values;
  if (typeof home === "string") return await scanFolders(world, [home], values);
  const holders = paths.flatMap((path) => FILE_IN_HOME.exec(path)?.[1] ?? []);
  return await scanPlaces(world, { paths: holders, discover: holders.length === 0 }, values);
}

function hitLine({ home, agent, session }: SessionHit): string {
  const name = session.key ?? session.fragments.at(-1)?.fragment.path ?? session.id;
  const summary = sessionSummary(session, lockOfSession(home, session));
  return `  ${escaped(name)}  ${summary}, agent ${escaped(agent.reading.name)} of ${escaped(home.home.path)}\n`;
}

const shortenedList = (hits: readonly SessionHit[]): string =>
  `${hits.slice(0, 20).map(hitLine).join("")}${hits.length > 20 ? `  … and ${hits.length - 20} more\n` : ""}`;

function pick(world: CliWorld, query: string, hits: readonly SessionHit[], home: unknown): SessionHit {
  const [first] = hits;
  if (first === undefined) {
    const where = typeof home === "string" ? ` in ${home}` : "";
    const hint = `Name a session key, a session id (at least ${SHORTEST_ID_PREFIX} characters of it) or a file; "session-forensics scan" lists them.`;
    throw usageError(`No session matches "${query}"${where}.\n${hint}`);
  }
  if (hits.length === 1) return first;
  const chosen = canonicalHit(hits);
  if (chosen === undefined)
    throw usageError(
      `"${query}" can mean ${hits.length} sessions. Name one more exactly, or its home with --home:\n${shortenedList(hits)}`,
    );
  const others = hits.filter((one) => one !== chosen);
  world.terminal.err(
    `This is the session of the canonical home. The same query also matches (see it with --home):\n${shortenedList(others)}`,
  );
  return chosen;
}

function chainDocument({ home, agent, session }: SessionHit): unknown {
  const lock = lockOfSession(home, session);
  return {
    schema: CHAIN_SCHEMA,
    home: home.home.path,
    agent: agent.reading.name,
    session: sessionDocument(session),
    locks: lock === undefined ? [] : [lockDocument(home.home.path, lock)],
    findings: findingsOfSession(home, session).map(findingDocument),
  };
}

export const chain: Verb = {
  name: "chain",
  usage: "QUERY [--home DIR]",
  summary: "one session's chain of fragments, and what each link rests on",
  help: `QUERY is a session key (agent:main:incident, or just incident), a session id (its first ${SHORTEST_ID_PREFIX} characters are
enough) or a file. When it can mean several sessions they are listed, and the exit code is 2.

  --home DIR       look in this home only
${SCAN_OPTIONS_HELP}`,
  options: { ...SCAN_OPTIONS, home: { type: "string" } },
  takes: [1, 1],
  async run(world, [query = ""], values) {
    const paths = pathsOf(world, query);
    const scanned = await scanFor(world, paths, values);
    if (reportUnreadable(world, scanned) !== EXIT.done) throw new ExitError(EXIT.unreadable, "Nothing was looked for.");
    const { snapshot } = scanned;
    const hit = pick(world, query, findSessions(snapshot, query, paths), values["home"]);
    if (values["json"] === true) await printJson(world, snapshot, chainDocument(hit));
    else await world.terminal.lines([...environmentLines(snapshot), ...chainText(hit, world.now())]);
    await scanned.close();
    return EXIT.done;
  },
};
