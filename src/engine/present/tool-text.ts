/** How calls of tools and their results read in one line. */
import { asObject, asText } from "../../formats/json-values.ts";
import { duration } from "../../model/amounts.ts";
import type { ToolCall, ToolResult } from "../../model/entry.ts";

/** What a call is told apart by, in the order in which one is looked for; else its first text. */
const TELLING = [
  "command",
  "cmd",
  "script",
  "path",
  "file_path",
  "filePath",
  "url",
  "query",
  "pattern",
  "action",
  "message",
];

/** "exec: npm test", "exec". Untrusted, on as many lines as the arguments have. */
export function toolCallText({ arguments: given, name }: Pick<ToolCall, "arguments" | "name">): string {
  const telling = tellingArgument(given);
  const tool = name === "" ? "a tool without a name" : name;
  return telling === null ? tool : `${tool}: ${telling}`;
}

function tellingArgument(given: unknown): string | null {
  if (typeof given === "string") return given === "" ? null : given;
  const named = asObject(given) ?? {};
  const texts = [...TELLING.map((name) => named[name]), ...Object.values(named)].map(asText);
  return texts.find((text) => text !== null && text.trim() !== "") ?? null;
}

/** "goes on in the background as mellow-cedar", "error, exit code 3, 1.2 s", "" for a result of which nothing is known. */
export function toolResultText({ background, durationMs, exitCode, isError }: ToolResult): string {
  const parts = [
    ...(background === null ? [] : [`goes on in the background as ${background.slug}`]),
    ...(isError ? ["error"] : []),
    ...(exitCode === null || (exitCode === 0 && !isError) ? [] : [`exit code ${exitCode}`]),
    ...(durationMs === null ? [] : [duration(durationMs)]),
  ];
  return parts.join(", ");
}
