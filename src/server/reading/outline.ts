/** The outline of a transcript: its turns, and in each the calls of tools, answers, compactions and errors. */
import { duration, size } from "../../model/amounts.ts";
import { escaped } from "../../engine/present/names.ts";
import { clockTime } from "../../engine/present/times.ts";
import { toolResultText } from "../../engine/present/tool-text.ts";
import type { LineEntry } from "./line-entry.ts";
import { toolSteps, turnsOf } from "./turns.ts";
import type { ToolStep, Turn } from "./turns.ts";

export type OutlineKind =
  | "header"
  | "turn"
  | "machine-turn"
  | "call"
  | "answer"
  | "compaction"
  | "reset"
  | "error"
  | "notice"
  | "gap";

export interface OutlineNode {
  readonly kind: OutlineKind;
  /** Control characters escaped, on one line, never empty. */
  readonly name: string;
  readonly detail: string;
  /** Lines of the document, from 0; both belong to it. */
  readonly first: number;
  readonly last: number;
  readonly children: readonly OutlineNode[];
}

/** Of a name: an outline is a narrow column. */
const LONGEST_NAME = 80;

/** On one line and cut. */
function nameOf(text: string, otherwise: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  if (line === "") return otherwise;
  return escaped(
    line.length > LONGEST_NAME ? `${line.slice(0, LONGEST_NAME - 1).replace(/[\uD800-\uDBFF]$/, "")}…` : line,
  );
}

const timeOf = ({ at }: LineEntry): string => (at === null ? "" : clockTime(at));

const details = (...parts: readonly string[]): string => parts.filter((one) => one !== "").join(" · ");

function leaf(kind: OutlineKind, name: string, detail: string, first: number, last = first): OutlineNode {
  return { kind, name, detail, first, last, children: [] };
}

function callNode({ call, caller, result }: ToolStep): OutlineNode {
  const outcome = result?.toolResult ? toolResultText(result.toolResult) : "no result";
  return leaf("call", nameOf(call.text, "tool"), escaped(outcome), caller.line, result?.line ?? caller.line);
}

function failure(line: LineEntry): OutlineNode[] {
  const { error, kind, stop } = line;
  if (kind === "prompt-error") return [leaf("error", nameOf(error ?? "", "unknown error"), "prompt failed", line.line)];
  if (stop !== "error" && stop !== "aborted") return [];
  const word = stop === "aborted" ? "aborted" : "error";
  return [leaf("error", nameOf(error ?? "", word), word, line.line)];
}

/** What a line adds to the outline besides its calls of tools. */
function ownNodes(line: LineEntry): OutlineNode[] {
  const { compaction, kind, notices, role, text, trouble } = line;
  switch (kind) {
    case "header":
      return [leaf("header", nameOf(`Session ${line.id ?? "without an id"}`, "Session"), timeOf(line), line.line)];
    case "compaction": {
      const tokens = compaction?.tokensBefore ?? null;
      return [
        leaf(
          "compaction",
          "Compaction",
          details(tokens === null ? "" : `${tokens} tokens before`, timeOf(line)),
          line.line,
        ),
      ];
    }
    case "reset":
      return [leaf("reset", nameOf(text === "" ? "Reset" : `Reset: ${text}`, "Reset"), timeOf(line), line.line)];
    case "context":
      return [leaf("notice", nameOf(text, "hidden context"), "hidden context", line.line)];
    case "prompt-error":
      return failure(line);
    case "unreadable":
      return text === "" && trouble === null
        ? []
        : [leaf("error", "Unreadable line", escaped(trouble ?? ""), line.line)];
    case "message":
      return [
        ...notices.map((notice) => leaf("notice", nameOf(notice, "notice"), "notice", line.line)),
        ...(role === "assistant" && text.trim() !== ""
          ? [leaf("answer", nameOf(text, "answer"), timeOf(line), line.line)]
          : []),
        ...failure(line),
      ];
    case "model":
    case "setting":
    case "other":
      return [];
  }
}

function nodesOf(turn: Turn): OutlineNode[] {
  const steps = Map.groupBy(toolSteps(turn), ({ caller }) => caller);
  return turn.lines.flatMap((line) => [...ownNodes(line), ...(steps.get(line) ?? []).map(callNode)]);
}

/** From its first word to its last one. */
function turnDuration({ lines }: Turn): string {
  const times = lines.map(({ at }) => at).filter((at) => at !== null);
  const [first, last] = [times[0], times.at(-1)];
  return first === undefined || last === undefined || last <= first ? "" : duration(last - first);
}

/** Lines of a turn stand in the outline below it, those before the first turn by themselves. */
function turnNodes(turn: Turn): OutlineNode[] {
  const { lines, opening } = turn;
  const children = nodesOf(turn);
  if (opening === null) return children;
  const isPerson = opening.author === "person";
  const said = opening.text === "" && opening.attachments > 0 ? "(a picture)" : opening.text;
  return [
    {
      kind: isPerson ? "turn" : "machine-turn",
      name: nameOf(said, isPerson ? "a message without text" : "a prompt of the program"),
      detail: details(timeOf(opening), turnDuration(turn)),
      first: opening.line,
      last: lines.at(-1)?.line ?? opening.line,
      children,
    },
  ];
}

/** The nodes of lines that stand one behind the other. */
export const outlineOf = (lines: readonly LineEntry[]): OutlineNode[] => turnsOf(lines).flatMap(turnNodes);

/** What stands between two stretches of a large file. */
export const gapNode = (first: number, last: number, bytes: number): OutlineNode =>
  leaf("gap", `… ${size(bytes)} between, not listed`, `lines ${first + 1} to ${last + 1}`, first, last);

/** What is behind the listed part of a large file, as far as that is known: its lines are not counted yet. */
export const restNode = (line: number, bytes: number): OutlineNode =>
  leaf("gap", `… ${size(bytes)} more, not listed yet`, "the file is still being looked through", line);

/** The first so many nodes, children counted; then one that says how many turns are left out. */
export function bounded(nodes: readonly OutlineNode[], most: number): OutlineNode[] {
  let room = most;
  const shown: OutlineNode[] = [];
  for (const node of nodes) {
    if (room <= 0) {
      const left = nodes.length - shown.length;
      return [...shown, leaf("gap", `… ${left} more, not listed`, "", node.first, nodes.at(-1)!.last)];
    }
    const children = node.children.slice(0, room);
    room -= 1 + children.length;
    shown.push(children.length === node.children.length ? node : { ...node, children });
  }
  return shown;
}
