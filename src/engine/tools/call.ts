/** Calls a tool for a face: whatever happens, the model gets an answer that it can go on with. */
import { FileError } from "../../system/files.ts";
import { toolNamed } from "./table.ts";
import { type ToolAnswer, type ToolHost, ToolRefusal } from "./tool.ts";

export type ToolOutcome =
  | { readonly ok: true; readonly answer: ToolAnswer }
  /** A plain sentence for the model: what is wrong, and what to do instead. */
  | { readonly ok: false; readonly message: string };

export interface ToolCallRequest {
  readonly name: string;
  readonly input: unknown;
  readonly signal?: AbortSignal;
  /** For errors that are nobody's input. */
  readonly log: (line: string) => void;
}

/** Null for a tool that there is not. Rejects only when the signal was aborted. */
export async function callTool(host: ToolHost, request: ToolCallRequest): Promise<ToolOutcome | null> {
  const { input, log, name, signal } = request;
  const tool = toolNamed(name);
  if (tool === undefined) return null;
  try {
    return { ok: true, answer: await tool.run(host, input, signal) };
  } catch (error) {
    if (signal?.aborted === true) throw error;
    return { ok: false, message: failureText(error, log) };
  }
}

function failureText(error: unknown, log: ToolCallRequest["log"]): string {
  if (error instanceof ToolRefusal) return error.message;
  if (error instanceof FileError)
    return `${error.path} could not be read: ${error.message}. It may have been moved meanwhile: call list_sessions again.`;
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return `The tool failed: ${error instanceof Error ? error.message : String(error)}`;
}
