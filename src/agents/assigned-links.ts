/** Links that a person set, as they stand in a home: one small file each in `.session-forensics/links`. */
import { join } from "node:path";

import type { AssignedLink, NamedFragment } from "../model/assigned-link.ts";
import { LINKS_FOLDER } from "../model/kept-files.ts";
import type { Skipped } from "../model/reading.ts";
import { asNumber, asObject, asText, asTime } from "../formats/json-values.ts";
import { FileError, list, readAll, statOf, troubleText } from "../system/files.ts";
import type { FactsMemo } from "./program.ts";

/** A link has some hundred bytes. */
const MOST_BYTES = 64 << 10;
/** No person sets more. */
const MOST_LINKS = 10_000;

/** The links of a home, in the order of their names. What is no link is named in `skipped`; none is followed or opened. */
export function readAssignedLinks(home: string, memo: FactsMemo, skipped: Skipped[]): readonly AssignedLink[] {
  const folder = join(home, LINKS_FOLDER);
  const links: AssignedLink[] = [];
  for (const name of namesIn(folder, skipped)) {
    const link = linkAt(join(folder, name), `${LINKS_FOLDER}/${name}`, memo, skipped);
    if (link !== null) links.push(link);
  }
  return links;
}

function namesIn(folder: string, skipped: Skipped[]): readonly string[] {
  try {
    return list(folder)
      .names.filter((name) => name.endsWith(".json"))
      .toSorted()
      .slice(0, MOST_LINKS);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (error.trouble !== "gone") skipped.push({ path: folder, reason: troubleText(error) });
    return [];
  }
}

function linkAt(absolute: string, path: string, memo: FactsMemo, skipped: Skipped[]): AssignedLink | null {
  try {
    const file = statOf(absolute);
    if (file === undefined) return null;
    const link = memo.get(file, "assigned-link/1", () => linkOf(path, readAll(absolute, MOST_BYTES)));
    if (link === null) skipped.push({ path: absolute, reason: "is no link that a person set: it names no fragment" });
    return link;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (error.trouble !== "gone") skipped.push({ path: absolute, reason: troubleText(error) });
    return null;
  }
}

/** The link in a file's bytes; null when they are none. */
export function linkOf(path: string, bytes: Buffer): AssignedLink | null {
  const value = objectIn(bytes);
  const agent = asText(value?.["agent"]);
  const fragment = namedFragment(value?.["sessionId"], value?.["path"], value?.["window"]);
  if (value === undefined || agent === null || fragment === null) return null;
  const previous = namedFragment(value["previousSessionId"], value["previousPath"], value["previousWindow"]);
  // Without a predecessor only a plain "none" is a statement; what can't be read is none.
  if (previous === null && value["previousPath"] !== null) return null;
  return {
    path,
    agent,
    fragment,
    previous,
    key: asText(value["logicalSessionKey"]),
    archiveReason: asText(value["archiveReason"]),
    by: asText(value["assignedBy"]),
    at: asTime(value["assignedAt"]),
  };
}

function objectIn(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(bytes.toString("utf8")));
  } catch {
    return undefined;
  }
}

function namedFragment(sessionId: unknown, path: unknown, window: unknown): NamedFragment | null {
  const place = asText(path);
  if (place === null || place === "") return null;
  const extent = asObject(window);
  const owner = asText(extent?.["sessionId"]);
  const fromSeq = asNumber(extent?.["fromSeq"]);
  const named = { sessionId: asText(sessionId), path: place };
  return owner === null || fromSeq === null ? named : { ...named, window: { sessionId: owner, fromSeq } };
}
