// Locks on transcripts: the gateway's own lock manager waits for ours, and we for its.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { holdLock, OPENCLAW_LIKE } from "./support/holder.ts";
import { startGateway, type Gateway } from "./support/openclaw.ts";
import { waiting } from "./support/stand-in-model.ts";
import { makeWorld, sessionsOf, type OpenClawWorld } from "./support/world.ts";

const KEY = "agent:main:incident";

let world: OpenClawWorld;
let gateway: Gateway;
let transcript: string;

/** How many turns the model was asked for. */
const asked = (): number => world.model.requests.length;

/** Gives the gateway the time in which it would have gone on, had it not waited. */
const moment = (): Promise<unknown> => sleep(4000);

async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await condition()) return;
    await sleep(50);
  }
  assert.fail(`${what} never came`);
}

before(async () => {
  world = await makeWorld();
  gateway = await startGateway(world);
  const { sessionId } = await gateway.turn(KEY, "the first words");
  transcript = path.join(sessionsOf(world), `${sessionId}.jsonl`);
});

after(async () => {
  await gateway.stop();
  await world.close();
});

test("a turn waits for a lock held by its own protocol, and goes on when it is released", async () => {
  const holder = holdLock(transcript, OPENCLAW_LIKE);
  await holder.taken;
  const requests = asked();
  const bytes = await readFile(transcript);
  const turn = gateway.turn(KEY, "words that must wait");
  await moment();
  assert.equal(asked(), requests, "the model was asked although the transcript was locked");
  assert.deepEqual(await readFile(transcript), bytes, "the transcript was written although it was locked");
  assert.equal(await holder.release(), true, "the lock was taken away from its live holder");
  assert.deepEqual((await turn).texts, ["I was shown 2 messages of the user."]);
});

test("a lock of a process that does not look like OpenClaw is taken away, though it lives", async () => {
  const holder = holdLock(transcript);
  await holder.taken;
  await gateway.turn(KEY, "words that do not wait");
  assert.equal(await holder.release(), false);
});

test("during a turn the gateway holds the lock, and whoever asks by its protocol waits for the end", async () => {
  const requests = asked();
  const turn = gateway.turn(KEY, `slowly ${waiting(3000)}`);
  await until("the model's request", () => asked() > requests);
  const payload = JSON.parse(await readFile(`${transcript}.lock`, "utf8")) as Record<string, unknown>;
  assert.deepEqual(Object.keys(payload), ["pid", "createdAt", "starttime"]);
  assert.equal(payload["pid"], gateway.pid);
  const holder = holdLock(transcript, OPENCLAW_LIKE);
  await holder.taken;
  const text = await readFile(transcript, "utf8");
  assert.ok(
    text.trimEnd().endsWith("}") && text.includes("I was shown 4 messages"),
    "the lock came before the turn was over",
  );
  assert.equal(await holder.release(), true);
  await turn;
});
