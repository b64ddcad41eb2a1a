/** `textDocument/hover`: picks what a document is, and the hover that goes with it. */
import type { Connection, Hover, HoverParams } from "vscode-languageserver/node";

import { locateFragment } from "../engine/lookup.ts";
import type { Line } from "../engine/present/lines.ts";
import type { AgentSnapshot, HomeSnapshot } from "../model/snapshot.ts";
import { newest } from "./answers.ts";
import type { EngineHost } from "./engine-host.ts";
import { lockAt, placeInHomes } from "./home-places.ts";
import { headerHover } from "./hovers/header-hover.ts";
import { hoverContents } from "./hovers/lines.ts";
import type { HoverView } from "./hovers/parts.ts";
import { lockHover } from "./hovers/lock-hover.ts";
import { keyAt, rowAtLine, rowHover } from "./hovers/row-hover.ts";
import type { OpenDocuments } from "./open-documents.ts";

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

function linesFor(context: HoverContext, params: HoverParams): readonly Line[] | undefined {
  const snapshot = newest(context.host);
  const { uri } = params.textDocument;
  const locked = lockAt(snapshot, uri);
  if (locked !== null) return lockHover(locked.home, locked.lock, viewOf(context));
  const place = placeInHomes(snapshot, uri);
  if (place === null) return undefined;
  const { home, path } = place;
  const agent = home.agents.find((one) => one.reading.store.path === path);
  if (agent !== undefined) return storeLines(context, params, home, agent);
  const located = params.position.line === 0 ? locateFragment(home, path) : undefined;
  return located === undefined ? undefined : headerHover(home, located.agent, located.entry, viewOf(context));
}

export function hover(context: HoverContext, params: HoverParams): Hover | null {
  const lines = linesFor(context, params);
  return lines === undefined ? null : { contents: hoverContents(lines, context.markdown) };
}

export function registerHover(connection: Connection, context: () => HoverContext): void {
  connection.onHover((params) => hover(context(), params));
}
