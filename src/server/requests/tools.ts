/** Answers `tool` and `brief`: what language models and fresh sessions ask of the engine. */
import type { Connection } from "vscode-languageserver/node";

import { continuationBrief, USUAL_BRIEF } from "../../engine/brief/brief.ts";
import { callTool } from "../../engine/tools/call.ts";
import type { ToolHost } from "../../engine/tools/tool.ts";
import { Refusal } from "../../protocol/errors.ts";
import { Method } from "../../protocol/methods.ts";
import type { BriefAnswer, BriefParams, ToolParams, ToolResult } from "../../protocol/tools.ts";
import { newest, refusal, sessionOrRefuse, wholeSnapshot } from "../answers.ts";
import type { EngineHost } from "../engine-host.ts";
import { signalOf } from "../reading/answering.ts";
import { answer } from "./register.ts";

export interface ToolsContext {
  readonly host: EngineHost;
  /** Absolute path of a ripgrep; null where there is none. */
  readonly ripgrep: () => Promise<string | null>;
}

function toolHost({ host, ripgrep }: ToolsContext): ToolHost {
  return {
    snapshot: () => wholeSnapshot(host),
    now: () => host.now,
    ripgrep,
    readTranscript: (...args) => host.readTranscript(...args),
    execs: (...args) => host.execs(...args),
  };
}

export async function runTool(
  context: ToolsContext,
  { input, name }: ToolParams,
  log: (line: string) => void,
  signal?: AbortSignal,
): Promise<ToolResult> {
  const outcome = await callTool(toolHost(context), { name, input, log, ...(signal === undefined ? {} : { signal }) });
  if (outcome === null) throw refusal(Refusal.notFound, `There is no tool ${name}.`, newest(context.host));
  return outcome.ok ? { text: JSON.stringify(outcome.answer), failed: false } : { text: outcome.message, failed: true };
}

export async function brief(host: EngineHost, { session }: BriefParams, signal?: AbortSignal): Promise<BriefAnswer> {
  const hit = sessionOrRefuse(await wholeSnapshot(host), session);
  const request = { most: USUAL_BRIEF, now: host.now, ...(signal === undefined ? {} : { signal }) };
  const { text, truncated } = await continuationBrief(host, hit, request);
  return { text, truncated };
}

export function registerTools(connection: Connection, context: () => ToolsContext): void {
  const log = (line: string): void => connection.console.error(line);
  answer(connection, Method.tool, (params, token) => runTool(context(), params, log, signalOf(token)));
  answer(connection, Method.brief, (params, token) => brief(context().host, params, signalOf(token)));
}
