/** A header put together from what else is known of a transcript, each part with where it is known from. */
import { join } from "node:path";

import { topLevelScalars } from "../../formats/json-prefix.ts";
import { asObject, asText, asTime } from "../../formats/json-values.ts";
import { parseTolerant } from "../../formats/json5.ts";
import { classifySessionFile } from "../../formats/session-file-names.ts";
import type { StoreRow } from "../../model/store.ts";
import { utc } from "../../model/time.ts";
import { agentId } from "../facts.ts";
import { NotReadable } from "../port.ts";
import type { RepairInput } from "../repair.ts";
import { forkId } from "../fork.ts";
import { objectIn } from "./conversation.ts";
import { linesOf, type TranscriptPlace } from "./place.ts";

/** The version that writes entries with ids and parents, all file-based releases that were seen (2026.3.24, 2026.5.12). */
const VERSION = 3;
const MOST_HEADER_BYTES = 64 << 10;
/** A row, a line of a trajectory and a config as far as they are read. */
const MOST_BYTES = 1 << 20;
/** Entries that are looked at for the first time. */
const MOST_LINES = 50;

interface Known<T> {
  readonly value: T;
  /** End of a sentence: "… from the store's row". */
  readonly from: string;
}

export interface KnownHeader {
  /** As OpenClaw orders them. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** A sentence for each part. */
  readonly notes: readonly string[];
}

/** The header as it is known. `damaged` is what stands in the place of the header: nothing in it is taken for granted. */
export async function knownHeader(place: TranscriptPlace, input: RepairInput, damaged: Buffer): Promise<KnownHeader> {
  const opening = await openingOf(place, input);
  const old = (name: string): Known<string> | undefined =>
    known(readableIn(damaged, name), "from what is left of the damaged header") ??
    known(asText(opening.header?.[name]), "from a header further down");
  const id = firstKnown(old("id"), ...idsKnown(place)) ?? madeUp(place, input);
  const written = old("timestamp");
  const timestamp = firstKnown(
    written === undefined ? undefined : known(asTime(written.value), written.from),
    known(opening.at, "from the first entry"),
    known(rowOf(place)?.sessionStartedAt, "from the store's row"),
    known(place.fragment.modifiedAt, "from the time of the file, for nothing else is known"),
  )!;
  const cwd = firstKnown(old("cwd"), ...(await foldersKnown(place, input)));
  const parent = old("parentSession");
  return {
    fields: {
      type: "session",
      ...(opening.hasIds ? { version: VERSION } : {}),
      id: id.value,
      timestamp: utc(timestamp.value),
      ...(cwd === undefined ? {} : { cwd: cwd.value }),
      ...(parent === undefined ? {} : { parentSession: parent.value }),
    },
    notes: [
      `The header's id ${id.value} is known ${id.from}, its time ${utc(timestamp.value)} ${timestamp.from}.`,
      cwd === undefined
        ? "The header names no working folder: nothing tells it, and OpenClaw then takes its own."
        : `The header's working folder ${cwd.value} is known ${cwd.from}.`,
    ],
  };
}

function known<T>(value: T | null | undefined, from: string): Known<T> | undefined {
  return value === null || value === undefined || value === "" ? undefined : { value, from };
}

function firstKnown<T>(...all: readonly (Known<T> | undefined)[]): Known<T> | undefined {
  return all.find((one) => one !== undefined);
}

/** A text that can still be read in a damaged header: of an entry, which names its parent, nothing is taken. */
function readableIn(damaged: Buffer, name: string): string | null {
  const text = damaged.toString("utf8", 0, MOST_HEADER_BYTES);
  if (!/"(?:cwd|version)"|"type" *: *"session"/.test(text) || text.includes('"parentId"')) return null;
  const quoted = new RegExp(String.raw`"${name}" *: *("(?:[^"\\\u0000-\u001f]|\\.)*")`).exec(text)?.[1];
  return quoted === undefined ? null : asText(parseTolerant(quoted).value);
}

/** The row that means this transcript; of several the one with the shorter key. */
export function rowOf({ agent, fragment }: TranscriptPlace): StoreRow | undefined {
  const rows = agent.reading.store.rows.filter(({ transcriptPath }) => transcriptPath === fragment.path);
  return rows.toSorted((a, b) => a.key.length - b.key.length)[0];
}

/** A row means its current transcript by its own id, while a file name may be older than what stands in the file (2026.5.12). */
function idsKnown(place: TranscriptPlace): (Known<string> | undefined)[] {
  return [known(rowOf(place)?.sessionId, "from the store's row"), known(place.fragment.fileId, "from the file's name")];
}

function madeUp({ fragment }: TranscriptPlace, { home }: RepairInput): Known<string> {
  return { value: forkId(home.home.path, fragment, "header"), from: "from nothing, and therefore a new one" };
}

interface Opening {
  /** Time of the first entry that has one; milliseconds, UTC. */
  readonly at: number | null;
  /** Whether entries name each other. */
  readonly hasIds: boolean;
  /** A header that is not in its place. */
  readonly header: Readonly<Record<string, unknown>> | null;
}

async function openingOf(place: TranscriptPlace, input: RepairInput): Promise<Opening> {
  let found: Opening = { at: null, hasIds: false, header: null };
  for await (const stretch of linesOf(place, input)) {
    for (const line of stretch) {
      if (line.number > MOST_LINES) return found;
      const value = objectIn(line);
      if (value === undefined) continue;
      if (value["type"] === "session") found = { ...found, header: found.header ?? value };
      else {
        const hasIds = found.hasIds || typeof value["id"] === "string";
        found = { ...found, hasIds, at: found.at ?? asTime(value["timestamp"]) };
      }
    }
  }
  return found;
}

/** Working folders that are known, the surest first. */
async function foldersKnown(place: TranscriptPlace, input: RepairInput): Promise<(Known<string> | undefined)[]> {
  const { agent, fragment, session } = place;
  const own = [...(session?.fragments.map((one) => one.fragment) ?? []), ...(session?.checkpoints ?? [])];
  const others = agent.reading.fragments.filter((one) => one !== fragment && one.cwd !== null);
  return [
    known(await folderInRow(place, input), "from the store's row"),
    known(await folderInTrajectory(place, input), "from its trajectory"),
    // After a reset by the RPC a header names the gateway's own folder (2026.5.12).
    known(own.findLast((one) => one.cwd !== null)?.cwd, "from another part of the session"),
    known(await folderInConfig(place, input), "from openclaw.json"),
    known(others.at(-1)?.cwd, "from another transcript of the agent"),
  ];
}

async function folderInRow(place: TranscriptPlace, input: RepairInput): Promise<string | null> {
  const row = rowOf(place);
  if (row === undefined || row.offset === null || row.length === null || row.length > MOST_BYTES) return null;
  const bytes = await readIfThere(input, place.agent.reading.store.path, row.offset, row.length);
  const value = asObject(parseTolerant(bytes.toString("utf8")).value);
  return asText(asObject(value?.["systemPromptReport"])?.["workspaceDir"]) ?? asText(value?.["spawnedWorkspaceDir"]);
}

/** Each line names it (2026.5.12); the trajectory bears the name of the transcript's first name. */
async function folderInTrajectory({ fragment }: TranscriptPlace, input: RepairInput): Promise<string | null> {
  const folder = fragment.path.slice(0, fragment.path.lastIndexOf("/") + 1);
  const name = classifySessionFile(fragment.path.slice(folder.length));
  if (!("fileId" in name)) return null;
  const bytes = await readIfThere(input, `${folder}${name.fileId}.trajectory.jsonl`, 0, MOST_BYTES);
  return asText(topLevelScalars(bytes).get("workspaceDir"));
}

async function folderInConfig({ agent }: TranscriptPlace, input: RepairInput): Promise<string | null> {
  const bytes = await readIfThere(input, "openclaw.json", 0, MOST_BYTES);
  const agents = asObject(asObject(parseTolerant(bytes.toString("utf8")).value)?.["agents"]);
  const list: unknown = agents?.["list"];
  const id = agentId(agent);
  const own = Array.isArray(list) ? list.map(asObject).find((one) => one?.["id"] === id) : undefined;
  return asText(own?.["workspace"]) ?? asText(asObject(agents?.["defaults"])?.["workspace"]);
}

/** The beginning of a file of the home; nothing when there is none that can be read. */
async function readIfThere({ home, port }: RepairInput, path: string, offset: number, length: number): Promise<Buffer> {
  try {
    return await port.read(join(home.home.path, path), offset, length);
  } catch (error) {
    if (error instanceof NotReadable) return Buffer.alloc(0);
    throw error;
  }
}
