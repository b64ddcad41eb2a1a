/** Answers `document`: what stands in a document that the server makes of something that is no text file. */
import type { Connection } from "vscode-languageserver/node";

import { locateById } from "../../engine/lookup.ts";
import type { HomeSnapshot, Snapshot } from "../../model/snapshot.ts";
import type { DocumentAnswer, DocumentParams } from "../../protocol/documents.ts";
import type { FileTarget } from "../../protocol/items.ts";
import { Refusal } from "../../protocol/errors.ts";
import { Method } from "../../protocol/methods.ts";
import { FileError, pathWithin, troubleText } from "../../system/files.ts";
import { newest, refusal } from "../answers.ts";
import { addressOf } from "../documents/addresses.ts";
import type { Address } from "../documents/addresses.ts";
import { storeDocument } from "../documents/store.ts";
import { transcriptDocument, transcriptVersion } from "../documents/transcript.ts";
import type { EngineHost } from "../engine-host.ts";
import { partsTarget } from "../targets.ts";
import { transcriptAt } from "../transcript-at.ts";
import { answer } from "./register.ts";

function homeOf(snapshot: Snapshot, { home: path }: Address): HomeSnapshot {
  const home = snapshot.homes.find((one) => one.home.path === path);
  if (home === undefined) throw refusal(Refusal.notFound, `${path} is no home that is known here.`, snapshot);
  return home;
}

async function transcript(
  host: EngineHost,
  snapshot: Snapshot,
  address: Address & { readonly what: "transcript" },
  known: string | undefined,
): Promise<DocumentAnswer> {
  const home = homeOf(snapshot, address);
  const located = locateById(home, address.fragment);
  if (located === undefined)
    throw refusal(Refusal.notFound, "This stretch of transcript is not there any more.", snapshot);
  if (known === transcriptVersion(located, address.part)) return null;
  return transcriptDocument(host, home, located, address.part);
}

function store(snapshot: Snapshot, address: Address, known: string | undefined): DocumentAnswer {
  const home = homeOf(snapshot, address);
  const path = pathWithin(home.home.path, address.file);
  const contents = storeDocument(home, path);
  if (contents === null) throw refusal(Refusal.notFound, `${path} is no store of this home any more.`, snapshot);
  return contents.version === known ? null : contents;
}

export async function documentContents(host: EngineHost, { uri, known }: DocumentParams): Promise<DocumentAnswer> {
  const snapshot = newest(host);
  const address = addressOf(uri);
  if (address === null) throw refusal(Refusal.notFound, "This address names nothing that can be shown.", snapshot);
  try {
    return address.what === "store"
      ? store(snapshot, address, known)
      : await transcript(host, snapshot, address, known);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw refusal(Refusal.notFound, `${error.path} can't be read: ${troubleText(error)}.`, snapshot);
  }
}

/** By the URI of a file, or of one of its parts. */
export function readableParts(host: EngineHost, uri: string): FileTarget | null {
  const shown = transcriptAt(newest(host), uri);
  return shown === undefined ? null : partsTarget(shown.home, shown.located);
}

export function registerContents(connection: Connection, host: () => EngineHost): void {
  answer(connection, Method.readableParts, ({ uri }) => readableParts(host(), uri));
  answer(connection, Method.document, (params) => documentContents(host(), params));
}
