/** Gives an agent a store again that OpenClaw can read: an older copy of it, or one made of what is left. */
import { join } from "node:path";

import { count, size } from "../../model/amounts.ts";
import type { Companion } from "../../model/reading.ts";
import type { AgentSnapshot } from "../../model/snapshot.ts";
import { utc } from "../../model/time.ts";
import { scanObject } from "../../formats/json-object.ts";
import { agentNamed, isOutside, storeGuards } from "../facts.ts";
import { NOTHING, type Outline, refused } from "../outline.ts";
import { NotReadable } from "../port.ts";
import { rebuiltStore } from "../rebuilt-store.ts";
import { type Choice, choiceReason, chosen, type Repair, type RepairInput } from "../repair.ts";

export const REBUILD = "rebuild";

export const unreadableStore: Repair = {
  id: "recover-store",
  title: "Give the agent a store that can be read",
  does:
    "Puts in place of `sessions.json` the newest copy beside it that can be read whole (`.tmp`, `.bak.<n>`, a backup), or one " +
    "that is made of what is left: every row that can still be read, byte for byte, and a row for each transcript without one, " +
    "under the key that trajectories and chains give it, else under `agent:<agent>:recovered:<session id>`.",
  never:
    "It throws nothing away: the damaged store is kept in the receipt, and its copies stay. No transcript is touched.",
  codes: ["store/unreadable", "store/missing"],
  appliesTo: (finding, home) => {
    const store = agentNamed(home, finding.agent)?.reading.store;
    return store?.state === "empty" || store?.state === "damaged" || store?.state === "missing";
  },
  choices: async (input) => choicesOf(input),
  outline: async (input) => {
    const { target, home } = input;
    const agent = agentNamed(home, target.finding?.agent);
    if (agent === undefined) return refused(target.path, "The agent is not there any more.");
    const { store, databases } = agent.reading;
    if (isOutside(store.path)) return refused(store.path, "The store lies outside the home.");
    if (databases.length > 0 || store.kind === "database")
      return refused(store.path, "This agent keeps its sessions in a database.");
    if (store.state === "ok" || store.state === "unreadable") return refused(store.path, "The store is not damaged.");
    const choices = await choicesOf(input);
    const choice = chosen(choices, input.choice);
    if (choice === null) return refused(store.path, choiceReason(choices, input.choice, ""));
    const guards = storeGuards(agent, input);
    return choice.id === REBUILD
      ? { ...(await rebuiltStore(agent, input)), ...guards }
      : { ...copied(agent, choice), ...guards };
  },
};

function copied({ reading }: AgentSnapshot, { id, label }: Choice): Outline {
  const path = reading.store.path;
  return {
    ...NOTHING,
    changes: [{ change: "replace", path, from: id, edits: [], why: `It is the ${label}.` }],
    notes: ["Sessions that were begun after this copy was made are not in it. Their transcripts show up as orphans."],
  };
}

/** Copies that can be read whole, the newest first; and to make a new store. */
async function choicesOf(input: RepairInput): Promise<Choice[]> {
  const { target, home } = input;
  const agent = agentNamed(home, target.finding?.agent);
  if (agent === undefined) return [];
  const known = agent.reading.store.rows.length;
  const copies: { readonly file: Companion; readonly rows: number }[] = [];
  for (const file of storeCopies(agent)) {
    const rows = await wholeRows(join(home.home.path, file.path), file.bytes, input);
    if (rows > 0) copies.push({ file, rows });
  }
  const best = copies.find(({ rows }) => rows >= known);
  const live = agent.reading.fragments.filter(({ kind }) => kind === "live").length;
  return [
    ...copies.map(({ file, rows }): Choice => ({
      id: file.path,
      label: `copy ${file.path.slice(file.path.lastIndexOf("/") + 1)} of ${utc(file.modifiedAt)}`,
      detail: `${count(rows, "row")}, ${size(file.bytes)}`,
      isDefault: file === best?.file,
    })),
    {
      id: REBUILD,
      label: "a store made of what is left",
      detail: `${count(known, "row")} that can still be read, ${count(live, "transcript")}`,
      isDefault: best === undefined,
    },
  ];
}

function storeCopies({ reading }: AgentSnapshot): Companion[] {
  return reading.companions
    .filter(({ what, bytes }) => bytes > 0 && (what === "store-backup" || what === "store-temporary"))
    .toSorted((a, b) => b.modifiedAt - a.modifiedAt);
}

/** Rows of a copy; 0 when OpenClaw could not read it, or nothing stands in it. */
async function wholeRows(path: string, bytes: number, { port }: RepairInput): Promise<number> {
  try {
    let rows = 0;
    for (const item of scanObject(await port.read(path, 0, bytes))) {
      if (item.what === "damage") return 0;
      rows += 1;
    }
    return rows;
  } catch (error) {
    if (error instanceof NotReadable) return 0;
    throw error;
  }
}
