/** How calls of tools and their results read in one line. */
import { asObject } from "../../formats/json-values.ts";
import { duration } from "../../model/amounts.ts";
import type { ToolCall, ToolResult } from "../../model/entry.ts";

/** Arguments that say alone what a call is about, in the words of the tools of agents; the first that is there is taken. */
const TELLING = [
  "command",
  "cmd",
  "script",
  "file_path",
  "filePath",
  "path",
  "query",
  "pattern",
  "url",
  "prompt",
  "message",
] as const;

/** Shorter work is over before anyone wonders. */
const WORTH_TELLING_MS = 2000;

const isTelling = (value: unknown): value is string | number | boolean =>
  typeof value === "number" || typeof value === "boolean" || (typeof value === "string" && value.trim() !== "");

/** What a call is about: "npm test", "action: poll, limit: 20", "". Untrusted, on as many lines as the arguments have. */
export function argumentsText(given: unknown): string {
  const named = asObject(given);
  if (named === undefined) return given === null ? "" : textOf(given);
  const main = TELLING.map((name) => named[name]).find(isTelling);
  if (main !== undefined) return String(main);
  const telling = Object.entries(named).filter(([, value]) => isTelling(value));
  return telling.map(([name, value]) => `${name}: ${String(value)}`).join(", ");
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));

/** The name of the tool that is called. Untrusted. */
export const toolName = ({ name }: Pick<ToolCall, "name">): string => (name === "" ? "a tool without a name" : name);

/** "exec: npm test", "exec". Untrusted, on as many lines as the arguments have. */
export function toolCallText(call: Pick<ToolCall, "arguments" | "name">): string {
  const telling = argumentsText(call.arguments);
  return telling === "" ? toolName(call) : `${toolName(call)}: ${telling}`;
}

/** "goes on in the background as mellow-cedar", "exit code 3, after 6 s", "failed", "" for a result of which nothing is known. */
export function toolResultText({ background, durationMs, exitCode, isError }: ToolResult): string {
  // Any other exit code says itself that it failed.
  const isUntold = isError && (exitCode === null || exitCode === 0);
  const parts = [
    ...(background === null ? [] : [`goes on in the background as ${background.slug}`]),
    ...(isUntold ? ["failed"] : []),
    ...(exitCode === null ? [] : [`exit code ${exitCode}`]),
    ...(durationMs === null || durationMs < WORTH_TELLING_MS ? [] : [`after ${duration(durationMs)}`]),
  ];
  return parts.join(", ");
}
