// Locks on transcripts: the gateway's own lock manager waits for ours, and we for its.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { holdLock } from "./support/holder.ts";
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

before(async () => {
  world = await makeWorld();
  gateway = await startGateway(world);
  const { sessionId } = await gateway.turn(KEY, "the first words");
  transcript = path.join(sessionsOf(world), `${sessionId}.jsonl`);
});

after(async () => {
  await gateway?.stop();
  await world.close();
});

test("a turn waits while the executor holds the lock, and goes on when it is released", async (context) => {
  const holder = holdLock(context, world, transcript, "disguised");
  assert.equal(await holder.taken, "held");
  const requests = asked();
  const bytes = await readFile(transcript);
  const turn = gateway.turn(KEY, "words that must wait");
  await moment();
  assert.equal(asked(), requests, "the model was asked although the transcript was locked");
  assert.deepEqual(await readFile(transcript), bytes, "the transcript was written although it was locked");
  assert.equal(await holder.end(), "done", "the lock was taken away from its live holder");
  assert.deepEqual((await turn).texts, ["I was shown 2 messages of the user."]);
});

test("from a process that does not look like OpenClaw the lock is taken away; the executor notices and takes back", async (context) => {
  const holder = holdLock(context, world, transcript, "plain");
  assert.equal(await holder.taken, "held");
  await gateway.turn(KEY, "words that do not wait");
  assert.equal(await holder.end(), "rolled-back");
});

test("during a turn the gateway holds the lock, and the executor waits for the end", async (context) => {
  const requests = asked();
  const turn = gateway.turn(KEY, `slowly ${waiting(3000)}`);
  await world.model.askedMoreThan(requests);
  const payload = JSON.parse(await readFile(`${transcript}.lock`, "utf8")) as Record<string, unknown>;
  assert.deepEqual(Object.keys(payload), ["pid", "createdAt", "starttime"]);
  assert.equal(payload["pid"], gateway.pid);
  const holder = holdLock(context, world, transcript, "disguised");
  assert.equal(await holder.taken, "held");
  const text = await readFile(transcript, "utf8");
  assert.match(text, /I was shown 4 messages[^\n]*\n$/, "the lock came before the turn was over");
  assert.equal(await holder.end(), "done");
  await turn;
});
