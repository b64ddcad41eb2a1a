// A session whose transcript the next turn would wipe says so wherever it is shown, until its header is rebuilt.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { plainText } from "../../../src/engine/present/lines.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { headerHover } from "../../../src/server/hovers/header-hover.ts";
import { rowHover } from "../../../src/server/hovers/row-hover.ts";
import { fragmentItem } from "../../../src/server/items/fragment-item.ts";
import { sessionItem } from "../../../src/server/items/session-item.ts";
import { agentIn, homeAt, sessionOf } from "../../support/engines.ts";
import { goodHome, IDS, MAIN, settle } from "../../support/good-home.ts";
import { onlyTrouble, repaired, scanned } from "../../support/repairs.ts";
import { NOW } from "../../support/world.ts";

const KEY = "agent:main:subagent:77";
const VIEW = { now: NOW, localOffset: () => 0, documentation: undefined };

/** Everything that the tree and the hovers say of the session. */
function shown(snapshot: Snapshot, path: string): string[] {
  const home = homeAt(snapshot, path);
  const agent = agentIn(home, "main");
  const session = sessionOf(agent, KEY);
  const linked = session.fragments.at(-1)!;
  const subject = { home, agent, session };
  const item = sessionItem(subject);
  return [
    item.description,
    item.tooltip.map(({ name, text }) => `${name ?? ""}: ${text}`).join("\n"),
    fragmentItem(subject, linked.fragment, linked).description,
    plainText(headerHover(home, agent, { session, fragment: linked.fragment, linked, position: 0 }, VIEW)),
    plainText(rowHover({ home, agent }, KEY, VIEW) ?? []),
  ];
}

test("a session with a header that can't be read is marked, until the header is rebuilt", async (t) => {
  const home = goodHome(t);
  const path = join(home, MAIN, `${IDS.subagent}.jsonl`);
  writeFileSync(path, readFileSync(path, "utf8").replace(/^[^\n]*\n/, ""));
  settle(home);
  const before = await scanned(home);
  for (const text of shown(before, home)) assert.match(text, /do not resume/i);
  assert.match(onlyTrouble(before).message, /Do not resume this session/);
  await repaired(before, { finding: onlyTrouble(before).id });
  for (const text of shown(await scanned(home), home)) assert.doesNotMatch(text, /do not resume/i);
});
