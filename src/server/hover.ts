/** `textDocument/hover`: picks what a document is, and the hover that goes with it. */
import type { Connection, Hover, HoverParams } from "vscode-languageserver/node";

import { locateById, locateFragment } from "../engine/lookup.ts";
import type { Line } from "../engine/present/lines.ts";
import type { AgentSnapshot, HomeSnapshot, Snapshot } from "../model/snapshot.ts";
import { pathWithin } from "../system/files.ts";
import { newest } from "./answers.ts";
import { addressOf } from "./documents/addresses.ts";
import type { Address } from "./documents/addresses.ts";
import type { EngineHost } from "./engine-host.ts";
import { lockAt, placeInHomes } from "./home-places.ts";
import { headerHover } from "./hovers/header-hover.ts";
import { hoverContents } from "./hovers/lines.ts";
import type { HoverView } from "./hovers/parts.ts";
import { lockHover } from "./hovers/lock-hover.ts";
import { keyAt, rowAtLine, rowHover } from "./hovers/row-hover.ts";
import type { OpenDocuments } from "./open-documents.ts";
import { referenceTarget } from "./targets.ts";

export interface HoverContext {
  readonly host: EngineHost;
  readonly documents: OpenDocuments;
  /** The client takes Markdown. */
  readonly markdown: boolean;
  readonly documentation: string | undefined;
}

const viewOf = ({ host, documentation }: HoverContext): HoverView => ({ now: host.now, documentation });

function storeLines(
  context: HoverContext,
  { textDocument: { uri }, position }: HoverParams,
  home: HomeSnapshot,
  agent: AgentSnapshot,
): Line[] | undefined {
  const document = context.documents.text(uri);
  const key =
    document === undefined ? rowAtLine(agent.reading.store.rows, position.line)?.key : keyAt(document, position);
  return key === undefined || key === null ? undefined : rowHover({ home, agent }, key, viewOf(context));
}

/** In a document of ours. The first line of each part stands for the whole fragment. */
function linesInDocument(
  context: HoverContext,
  params: HoverParams,
  snapshot: Snapshot,
  address: Address,
): readonly Line[] | undefined {
  const home = snapshot.homes.find((one) => one.home.path === address.home);
  if (home === undefined) return undefined;
  if (address.what === "store") {
    const agent = agentOfStore(home, pathWithin(address.home, address.file));
    return agent === undefined ? undefined : storeLines(context, params, home, agent);
  }
  const located = params.position.line === 0 ? locateById(home, address.fragment) : undefined;
  return located === undefined ? undefined : headerHover(home, located.agent, located.entry, viewOf(context));
}

const agentOfStore = (home: HomeSnapshot, path: string): AgentSnapshot | undefined =>
  home.agents.find((one) => one.reading.store.path === path);

function linesFor(context: HoverContext, params: HoverParams, snapshot: Snapshot): readonly Line[] | undefined {
  const { uri } = params.textDocument;
  const address = addressOf(uri);
  if (address !== null) return linesInDocument(context, params, snapshot, address);
  const locked = lockAt(snapshot, uri);
  if (locked !== null) return lockHover(locked.home, locked.lock, viewOf(context));
  const place = placeInHomes(snapshot, uri);
  if (place === null) return undefined;
  const { home, path } = place;
  const agent = agentOfStore(home, path);
  if (agent !== undefined) return storeLines(context, params, home, agent);
  const located = params.position.line === 0 ? locateFragment(home, path) : undefined;
  return located === undefined ? undefined : headerHover(home, located.agent, located.entry, viewOf(context));
}

export function hover(context: HoverContext, params: HoverParams): Hover | null {
  const snapshot = newest(context.host);
  const lines = linesFor(context, params, snapshot);
  if (lines === undefined) return null;
  return { contents: hoverContents(lines, context.markdown, (file) => referenceTarget(snapshot, file)) };
}

export function registerHover(connection: Connection, context: () => HoverContext): void {
  connection.onHover((params) => hover(context(), params));
}
