/** A transcript of a gigabyte: how long a person waits until it shows, has an outline, and answers a hover. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, closeSync, mkdirSync, openSync, readSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { Method } from "../src/protocol/methods.ts";
import { connectClient, type LspClient } from "../test/support/lsp-client.ts";
import { Random } from "../test/support/random.ts";
import { conversation, END, header } from "./conversation.ts";

const SERVER = join(import.meta.dirname, "../dist/server.cjs");
const ID = "0a0b0c0d-1111-4222-8333-444455556666";
const BLOCK = 8 << 20;

/** Times in ms. */
export interface LargeTranscriptTimes {
  /** Reading the file from its beginning to its end, and nothing else. */
  readonly readMs: number;
  /** Its newest part as a document, the outline of that, and a hover in it. */
  readonly partMs: number;
  /** The same of the part in its middle. */
  readonly middleMs: number;
  /** The file itself, as a client sees it that opens it whole: its outline, and a hover near its beginning. */
  readonly outlineMs: number;
  /** A hover on its last line, for which all lines are counted; and then on one in its middle. */
  readonly lastLineMs: number;
  readonly lineMs: number;
}

/** Makes a home whose only session has a live transcript of at least so many bytes; the path of that. */
export function makeLargeTranscript(home: string, bytes: number): string {
  const sessions = join(home, "agents/main/sessions");
  mkdirSync(sessions, { recursive: true });
  writeFileSync(join(home, "openclaw.json"), "{}\n");
  const file = join(sessions, `${ID}.jsonl`);
  writeFileSync(file, header(ID, END - 1e9));
  const random = new Random(1);
  let block = "";
  while (block.length < BLOCK) {
    const lines = conversation(ID, "turn", END - 1e9 + block.length, END, random);
    block += lines.slice(lines.indexOf("\n") + 1);
  }
  for (let written = 0; written < bytes; written += Buffer.byteLength(block)) appendFileSync(file, block);
  const row = { sessionId: ID, sessionFile: file, updatedAt: END, status: "done" };
  writeFileSync(join(sessions, "sessions.json"), JSON.stringify({ "agent:main:main": row }, null, 2));
  return file;
}

function* chunksOf(file: string): Generator<Buffer> {
  const chunk = Buffer.allocUnsafe(1 << 20);
  const open = openSync(file, "r");
  for (let read = readSync(open, chunk); read > 0; read = readSync(open, chunk)) yield chunk.subarray(0, read);
  closeSync(open);
}

function readPlainly(file: string): number {
  const began = performance.now();
  let bytes = 0;
  for (const chunk of chunksOf(file)) bytes += chunk.length;
  if (bytes === 0) throw new Error(`${file} is empty`);
  return performance.now() - began;
}

/** Asks the server as shipped, in a process of its own, once it has seen the home. */
export async function largeTranscriptTimes(home: string, file: string): Promise<LargeTranscriptTimes> {
  readPlainly(file);
  const readMs = readPlainly(file);
  const env = { PATH: process.env["PATH"] ?? "", HOME: home, USERPROFILE: home };
  const child = spawn(process.execPath, [SERVER, "--stdio"], { env });
  const ended = once(child, "close");
  try {
    const client = await connectClient(child.stdout, child.stdin, {
      folders: [pathToFileURL(home).href],
      initializationOptions: { settings: { discoverUserHomes: false, rescanSeconds: 0 }, memoFolder: null },
    });
    await client.ask(Method.refresh, {});
    return { readMs, ...(await answers(client, file)) };
  } finally {
    child.kill();
    await ended;
  }
}

async function answers(client: LspClient, file: string): Promise<Omit<LargeTranscriptTimes, "readMs">> {
  const uri = pathToFileURL(file).href;
  const newest = (await client.ask(Method.readableParts, { uri }))?.uri ?? "";
  const partMs = await taking(() => openPart(client, newest));
  const older = (await client.ask(Method.document, { uri: newest }))?.older ?? "";
  const middle = older.replace(/(?<=part%3D%40|part%3D%2540)\d+/, (offset) => String(Math.floor(Number(offset) / 2)));
  const middleMs = await taking(() => openPart(client, middle));
  const outlineMs = await taking(() => outlineAndHover(client, uri));
  const lines = countLines(file);
  const lastLineMs = await taking(() => client.hover(uri, lines - 1));
  const lineMs = await taking(() => client.hover(uri, Math.floor(lines / 2)));
  return { partMs, middleMs, outlineMs, lastLineMs, lineMs };
}

/** As the editor shows a part: its text, sent back, its outline, and a hover. */
async function openPart(client: LspClient, uri: string): Promise<void> {
  const contents = await client.ask(Method.document, { uri });
  if (contents === null || contents.text === "") throw new Error(`${uri} has no contents`);
  await client.open(uri, contents.text);
  await outlineAndHover(client, uri);
}

async function outlineAndHover(client: LspClient, uri: string): Promise<void> {
  await client.request("textDocument/documentSymbol", { textDocument: { uri } });
  await client.hover(uri, 3);
}

async function taking(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function countLines(file: string): number {
  let lines = 0;
  for (const chunk of chunksOf(file))
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines += 1;
  return lines;
}
