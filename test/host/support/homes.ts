// Homes made for one test: well-formed, written where they lie, as large as asked for.
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

export interface MadeHome {
  readonly folder: string;
  /** The agent's sessions folder. */
  readonly sessions: string;
  readonly ids: readonly string[];
  /** Adds one more session; resolves with what its key ends in. */
  readonly add: () => Promise<string>;
  readonly remove: () => Promise<void>;
}

const STARTED = Date.UTC(2026, 10, 20, 8);

function uuid(number: number): string {
  const hex = createHash("sha256").update(String(number)).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function transcript(id: string, number: number): string {
  const timestamp = new Date(STARTED + number * 1000).toISOString();
  const header = { type: "session", version: 3, id, timestamp, cwd: "/workspace" };
  const message = { role: "user", content: [{ type: "text", text: `Question ${number}` }], timestamp: STARTED };
  const entry = { type: "message", id: id.slice(0, 8), parentId: null, timestamp, message };
  return `${JSON.stringify(header)}\n${JSON.stringify(entry)}\n`;
}

/** The row of a session, whose transcript it writes. */
async function makeSession(place: string, id: string, number: number): Promise<object> {
  const sessionFile = path.join(place, `${id}.jsonl`);
  await writeFile(sessionFile, transcript(id, number));
  const at = STARTED + number * 1000;
  return { sessionId: id, sessionFile, updatedAt: at, sessionStartedAt: at, status: "done" };
}

/** Sessions `agent:main:s0` and so on, one live transcript each, nothing wrong with any. */
export async function makeHome(sessions: number): Promise<MadeHome> {
  const folder = path.join(await mkdtemp(path.join(tmpdir(), "sf-made-")), ".openclaw");
  const place = path.join(folder, "agents", "main", "sessions");
  await mkdir(place, { recursive: true });
  await writeFile(path.join(folder, "openclaw.json"), `{ "meta": { "lastTouchedVersion": "2026.5.12" } }\n`);
  const ids: string[] = [];
  const rows: Record<string, object> = {};
  const grow = async (): Promise<string> => {
    const number = ids.length;
    const id = uuid(number);
    ids.push(id);
    rows[`agent:main:s${number}`] = await makeSession(place, id, number);
    return `s${number}`;
  };
  const writeStore = (): Promise<void> => writeFile(path.join(place, "sessions.json"), JSON.stringify(rows, null, 2));
  while (ids.length < sessions) await grow();
  await writeStore();
  const add = async (): Promise<string> => {
    const name = await grow();
    await writeStore();
    return name;
  };
  const remove = (): Promise<void> => rm(path.dirname(folder), { recursive: true, force: true, maxRetries: 5 });
  return { folder, sessions: place, ids, add, remove };
}
