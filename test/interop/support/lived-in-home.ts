// A home that the real OpenClaw has lived in: a session with a reset, a deleted one, one of another agent. And damage done to it.
import { readdir, readFile, rename, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { openclaw, withGateway } from "./openclaw.ts";
import { HANGING } from "./stand-in-model.ts";
import { type AgentName, type OpenClawWorld, sessionsOf } from "./world.ts";

/** Two messages, a reset, one more. */
export const INCIDENT = "agent:main:incident";
/** One message. */
export const OTHER = "agent:main:other";
/** One message, then deleted. */
export const GONE = "agent:main:gone";
/** One message, of another agent. */
export const OPS = "agent:ops:main";

export function liveIn(world: OpenClawWorld): Promise<void> {
  return withGateway(world, async ({ call, turn }) => {
    // The first client of a gateway is given the scopes that it asks for; later ones wait for a person.
    await call("sessions.delete", { key: "agent:main:nobody" });
    await turn(INCIDENT, "the north region is down");
    await turn(INCIDENT, "and the south region too");
    await call("sessions.reset", { key: INCIDENT });
    await turn(INCIDENT, "what was it about?");
    await turn(OTHER, "about something else");
    await turn("agent:main:third", "and about a third thing");
    await turn(GONE, "soon to be deleted");
    await call("sessions.delete", { key: GONE });
    await turn(OPS, "of another agent");
  });
}

const WEEKS_MS = 40 * 24 * 3600 * 1000;

type Store = Record<string, Record<string, unknown>>;

const storePath = (world: OpenClawWorld): string => path.join(sessionsOf(world), "sessions.json");

export async function storeOf(world: OpenClawWorld): Promise<Store> {
  return JSON.parse(await readFile(storePath(world), "utf8")) as Store;
}

/** Edits the store as somebody with an editor would. */
export async function editStore(world: OpenClawWorld, edit: (store: Store) => void): Promise<void> {
  const store = await storeOf(world);
  edit(store);
  await writeFile(storePath(world), JSON.stringify(store, null, 2));
}

/** File name of a session's live transcript. */
export const liveName = async (world: OpenClawWorld, key: string): Promise<string> =>
  path.basename(String((await storeOf(world))[key]?.["sessionFile"]));

/** The one file of an agent's sessions folder whose name has this in it. */
export async function fileWith(world: OpenClawWorld, part: string, agent: AgentName = "main"): Promise<string> {
  const names = (await readdir(sessionsOf(world, agent))).filter((name) => name.includes(part));
  const [name] = names;
  if (name === undefined || names.length > 1) throw new Error(`not one file with ${part}: ${names.join(", ")}`);
  return name;
}

/** A turn is cut off by a kill: a lock without a holder, and a row that says running. */
export function cutOffTurn(world: OpenClawWorld): Promise<void> {
  return withGateway(world, async (gateway) => {
    const asked = world.model.requests.length;
    await gateway.begin(INCIDENT, `never answered ${HANGING}`);
    await world.model.askedMoreThan(asked);
    await saysRunning(world);
    await gateway.kill();
  });
}

/** The row is written beside the turn, a moment earlier or later than the model is asked. */
async function saysRunning(world: OpenClawWorld): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if ((await storeOf(world))[INCIDENT]?.["status"] === "running") return;
    await sleep(50);
  }
  throw new Error("the row never said running");
}

/** Doctor archived the transcript, as it offers for what it takes for an orphan. */
export async function archivedByDoctor(world: OpenClawWorld): Promise<void> {
  const live = path.join(sessionsOf(world), await liveName(world, INCIDENT));
  await rename(live, `${live}.deleted.${stamp(Date.now())}`);
}

/** What befell a session was seen only weeks later, when its row is due to be dropped. */
export const weeksAgo =
  (damage: (world: OpenClawWorld) => Promise<void>) =>
  async (world: OpenClawWorld): Promise<void> => {
    await damage(world);
    await editStore(world, (store) => {
      const row = store[INCIDENT] ?? {};
      for (const name of ["updatedAt", "sessionStartedAt", "lastInteractionAt"])
        row[name] = Number(row[name]) - WEEKS_MS;
    });
  };

export const rowLost = (world: OpenClawWorld): Promise<void> =>
  editStore(world, (store) => {
    delete store[INCIDENT];
  });

/** The row of a session that once ran in the shadow came with its path. */
export async function pointsIntoShadow(world: OpenClawWorld): Promise<void> {
  await editStore(world, (store) => {
    const row = store[INCIDENT];
    if (row !== undefined) row["sessionFile"] = String(row["sessionFile"]).replace(world.home, shadowHome(world));
  });
}

/** The home was moved here from another place. */
export async function movedFromElsewhere(world: OpenClawWorld): Promise<void> {
  await editStore(world, (store) => {
    for (const row of Object.values(store)) {
      row["sessionFile"] = String(row["sessionFile"]).replace(
        world.home,
        path.join(world.root, "elsewhere", ".openclaw"),
      );
    }
  });
}

export async function tornStore(world: OpenClawWorld): Promise<void> {
  const { length } = await readFile(storePath(world));
  await truncate(storePath(world), Math.floor(length / 2));
}

/** The reset was 28 days ago. */
export async function agedArchive(world: OpenClawWorld): Promise<void> {
  const name = await fileWith(world, ".reset.");
  const aged = `${name.slice(0, name.indexOf(".reset."))}.reset.${stamp(Date.now() - 28 * 24 * 3600 * 1000)}`;
  await rename(path.join(sessionsOf(world), name), path.join(sessionsOf(world), aged));
}

/** HOME of the agent's isolated program, in which OpenClaw makes a second state directory when it is started there. */
const shadowUser = (world: OpenClawWorld): string =>
  path.join(world.home, "agents", "main", "agent", "codex-home", "home");
export const shadowHome = (world: OpenClawWorld): string => path.join(shadowUser(world), ".openclaw");

/** A message of a run in the shadow's HOME goes to its own `agent:main:main`. */
export async function runInShadow(world: OpenClawWorld, message: string): Promise<void> {
  const env = { ...world.env, HOME: shadowUser(world), OPENCLAW_CONFIG_PATH: path.join(world.home, "openclaw.json") };
  await openclaw({ ...world, env }, "agent", "--local", "--agent", "main", "--message", message);
}

/** The time in an archive's name. */
function stamp(at: number): string {
  return new Date(at).toISOString().replaceAll(":", "-");
}
