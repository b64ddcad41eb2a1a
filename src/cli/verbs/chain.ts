/** `chain`: one session's chain, with the evidence of each link. */
import { findingsOfSession, lockOfSession } from "../../engine/lookup.ts";
import { chainText } from "../../engine/present/chain-text.ts";
import type { SessionHit } from "../../engine/query.ts";
import { findingDocument, lockDocument, sessionDocument } from "../../engine/scan-document.ts";
import { EXIT } from "../exit.ts";
import { QUERY_HELP, sessionNamed } from "../naming-session.ts";
import { SCAN_OPTIONS, SCAN_OPTIONS_HELP } from "../scanning.ts";
import { environmentLines } from "../text/surroundings.ts";
import type { Verb } from "../verb.ts";
import { printJson } from "./print-json.ts";

const CHAIN_SCHEMA = "session-forensics/chain/1";

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
  help: `${QUERY_HELP}
  --home DIR       look in this home only
${SCAN_OPTIONS_HELP}`,
  options: { ...SCAN_OPTIONS, home: { type: "string" } },
  takes: [1, 1],
  async run(world, [query = ""], values) {
    const { hit, scanned } = await sessionNamed(world, query, values);
    const { snapshot } = scanned;
    if (values["json"] === true) await printJson(world, snapshot, chainDocument(hit));
    else await world.terminal.lines([...environmentLines(snapshot), ...chainText(hit, world.now())]);
    await scanned.close();
    return EXIT.done;
  },
};
