/** `textDocument/hover`: picks what a document is, and the hover that goes with it. */
import type { Connection, Hover, HoverParams } from "vscode-languageserver/node";

import { locateById, locateFragment } from "../engine/lookup.ts";
import type { LocatedFragment } from "../engine/lookup.ts";
import { eventsOfLock, eventsOfSession, gatewayEventLines } from "../engine/present/gateway-events.ts";
import { type Line, line } from "../engine/present/lines.ts";
import type { GatewayEvent } from "../model/gateway-event.ts";
import type { Lock } from "../model/lock.ts";
import type { AgentSnapshot, HomeSnapshot, Snapshot } from "../model/snapshot.ts";
import { pathWithin } from "../system/files.ts";
import { newest } from "./answers.ts";
import { addressOf } from "./documents/addresses.ts";
import type { Address } from "./documents/addresses.ts";
import { lockAt, placeInHomes } from "./home-places.ts";
import { headerHover } from "./hovers/header-hover.ts";
import { hoverContents } from "./hovers/lines.ts";
import { paragraphs } from "./hovers/parts.ts";
import type { HoverView } from "./hovers/parts.ts";
import { lockHover } from "./hovers/lock-hover.ts";
import { keyAt, rowAtLine, rowHover } from "./hovers/row-hover.ts";
import { signalOf } from "./reading/answering.ts";
import { entryLines } from "./reading/entry-hover.ts";
import { inTime } from "./reading/patience.ts";
import type { ReadingContext } from "./reading/reading.ts";
import { referenceTarget } from "./targets.ts";

export interface HoverContext extends ReadingContext {
  /** The client takes Markdown. */
  readonly markdown: boolean;
  readonly localOffset: (ms: number) => number;
  readonly documentation: string | undefined;
}

const viewOf = ({ host, documentation, localOffset }: HoverContext): HoverView => ({
  now: host.now,
  localOffset,
  documentation,
});

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

/** What the gateway's log says, as far as `own` chooses it; logs of many megabytes are read for it. */
async function loggedLines(
  { host }: HoverContext,
  { home }: HomeSnapshot,
  own: (events: readonly GatewayEvent[]) => readonly GatewayEvent[],
): Promise<Line[]> {
  const events = await inTime(host.gatewayEvents(home.path));
  return events === "late"
    ? [line("The gateway's log is still being read.", "dim")]
    : gatewayEventLines(own(events), host.now);
}

/** Of a whole fragment, with what the gateway's log says of its session. */
async function fragmentLines(
  context: HoverContext,
  { home, located: { agent, entry } }: { readonly home: HomeSnapshot; readonly located: LocatedFragment },
): Promise<Line[]> {
  const logged = await loggedLines(context, home, (all) => eventsOfSession(all, home.home.path, entry.session));
  return paragraphs(headerHover(home, agent, entry, viewOf(context)), logged);
}

/** Of a lock, with what the gateway's log says of it. */
async function lockLines(context: HoverContext, home: HomeSnapshot, lock: Lock): Promise<Line[]> {
  const logged = await loggedLines(context, home, (all) => eventsOfLock(all, home.home.path, lock));
  return paragraphs(lockHover(home, lock, viewOf(context)), logged);
}

/** Of a transcript. The first line of each part stands for the whole fragment as well. */
async function transcriptLines(
  context: HoverContext,
  params: HoverParams,
  fragment: { readonly home: HomeSnapshot; readonly located: LocatedFragment } | undefined,
  signal: AbortSignal,
): Promise<readonly Line[] | undefined> {
  const { position, textDocument } = params;
  const header = fragment === undefined || position.line > 0 ? [] : await fragmentLines(context, fragment);
  const own = await entryLines(context, textDocument.uri, position.line, viewOf(context), signal);
  const lines = paragraphs(header, own);
  return lines.length === 0 ? undefined : lines;
}

/** In a document of ours. */
async function linesInDocument(
  context: HoverContext,
  params: HoverParams,
  snapshot: Snapshot,
  address: Address,
  signal: AbortSignal,
): Promise<readonly Line[] | undefined> {
  const home = snapshot.homes.find((one) => one.home.path === address.home);
  if (home === undefined) return undefined;
  if (address.what === "store") {
    const agent = agentOfStore(home, pathWithin(address.home, address.file));
    return agent === undefined ? undefined : storeLines(context, params, home, agent);
  }
  const located = locateById(home, address.fragment);
  return located === undefined ? undefined : transcriptLines(context, params, { home, located }, signal);
}

const agentOfStore = (home: HomeSnapshot, path: string): AgentSnapshot | undefined =>
  home.agents.find((one) => one.reading.store.path === path);

async function linesFor(
  context: HoverContext,
  params: HoverParams,
  snapshot: Snapshot,
  signal: AbortSignal,
): Promise<readonly Line[] | undefined> {
  const { uri } = params.textDocument;
  const address = addressOf(uri);
  if (address !== null) return linesInDocument(context, params, snapshot, address, signal);
  const locked = lockAt(snapshot, uri);
  if (locked !== null) return lockLines(context, locked.home, locked.lock);
  const place = placeInHomes(snapshot, uri);
  if (place === null) return transcriptLines(context, params, undefined, signal);
  const { home, path } = place;
  const agent = agentOfStore(home, path);
  if (agent !== undefined) return storeLines(context, params, home, agent);
  const located = locateFragment(home, path);
  return transcriptLines(context, params, located === undefined ? undefined : { home, located }, signal);
}

export async function hover(context: HoverContext, params: HoverParams, signal: AbortSignal): Promise<Hover | null> {
  const snapshot = newest(context.host);
  const lines = await linesFor(context, params, snapshot, signal);
  if (lines === undefined) return null;
  return { contents: hoverContents(lines, context.markdown, (file) => referenceTarget(snapshot, file)) };
}

export function registerHover(connection: Connection, context: () => HoverContext): void {
  connection.onHover((params, token) => hover(context(), params, signalOf(token)));
}
