/** Hover on a line of a transcript: who speaks and when, what it cost, what it answers, and how it begins. */
import { toolCallText, toolResultText } from "../../engine/present/tool-text.ts";
import { line, span } from "../../engine/present/lines.ts";
import type { Line } from "../../engine/present/lines.ts";
import { localMoment, momentAgo } from "../../engine/present/times.ts";
import { count, duration } from "../../model/amounts.ts";
import type { TokenUsage, TranscriptEntry } from "../../model/entry.ts";
import type { HoverView } from "../hovers/parts.ts";
import { paragraphs } from "../hovers/parts.ts";
import type { LineEntry } from "./line-entry.ts";
import { answeredBy, stepsOf } from "./relations.ts";
import type { Answered } from "./relations.ts";

/** Of a text so many lines, and so many characters of each, are shown. */
const MOST_LINES = 8;
const LONGEST_LINE = 160;

/** The text as lines, cut. */
function beginning(text: string): Line[] {
  const all = text.trim().split(/\r\n|\n|\r/);
  const shown = all
    .slice(0, MOST_LINES)
    .map((one) => line(one.length > LONGEST_LINE ? `${one.slice(0, LONGEST_LINE)}…` : one));
  if (text.trim() === "") return [];
  return all.length > MOST_LINES ? [...shown, line(`… ${count(all.length - MOST_LINES, "more line")}`, "dim")] : shown;
}

function speakerOf({ attachments, author, role, toolResult }: TranscriptEntry): string {
  const pictures = attachments === 0 ? "" : `, with ${count(attachments, "attachment")}`;
  if (role === "tool") return `Result of ${toolResult?.name ?? "a tool"}${pictures}`;
  if (role === "assistant")
    return author === "program" ? "Notice of the program, in the model's name" : "Answer of the model";
  if (role === "user") return `${author === "person" ? "Message of a person" : "Prompt of the program"}${pictures}`;
  return "Message of the program";
}

function titleOf(entry: TranscriptEntry): string {
  switch (entry.kind) {
    case "header":
      return "Header of the transcript";
    case "message":
      return speakerOf(entry);
    case "compaction":
      return "Compaction: what stood before was summed up";
    case "reset":
      return "Reset: a new conversation begins under the same id";
    case "model":
      return "Change of the model";
    case "setting":
      return "Setting";
    case "prompt-error":
      return "A prompt failed before the model answered";
    case "context":
      return "Hidden context: told to the model, not shown";
    case "other":
      return "Bookkeeping";
    case "unreadable":
      return "This line can't be read";
  }
}

function timeLines({ at }: TranscriptEntry, { localOffset, now }: HoverView): Line[] {
  if (at === null) return [line("It has no time.")];
  const local = localMoment(at, localOffset);
  return [line(momentAgo(at, now)), ...(local === null ? [] : [line(`${local} here`)])];
}

/** "1,204 tokens in, 56 out, 900 from cache" */
function tokensText({ cacheRead, cacheWrite, input, output, total }: TokenUsage): string {
  const cache = [
    ...(cacheRead === 0 ? [] : [`${cacheRead} from cache`]),
    ...(cacheWrite === 0 ? [] : [`${cacheWrite} to cache`]),
  ];
  return [`${total} tokens: ${input} in`, `${output} out`, ...cache].join(", ");
}

const STOPS = {
  done: "",
  tools: "Stopped to call tools.",
  length: "Stopped at its longest length.",
  error: "Ended by an error.",
  aborted: "Aborted.",
} as const;

function factLines(entry: TranscriptEntry): Line[] {
  const { compaction, error, model, stop, toolResult, trouble, usage } = entry;
  const result = toolResult === null ? "" : toolResultText(toolResult);
  const tokens = compaction?.tokensBefore ?? null;
  return [
    ...(model === null ? [] : [line(`Model ${model}`)]),
    ...(usage === null ? [] : [line(tokensText(usage))]),
    ...(result === "" ? [] : [line(`It ${toolResult?.background === null ? "ended" : "was started"}: ${result}`)]),
    ...(tokens === null ? [] : [line(`${count(tokens, "token")} before it`)]),
    ...(stop === null || STOPS[stop] === "" ? [] : [line(STOPS[stop])]),
    ...(error === null ? [] : [line(`Error: ${error}`, "strong")]),
    ...(trouble === null ? [] : [line(trouble)]),
  ];
}

const QUOTED = 60;

function quoted({ call, to }: Answered): string {
  const text = (call?.text ?? to.text).replaceAll(/\s+/g, " ").trim();
  return text === "" ? "" : `: ${text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text}`;
}

/** "Answers line 12, after 4 s: Start the build" */
function answerLines(entry: TranscriptEntry, answered: Answered | null): Line[] {
  if (answered === null) return [];
  const { to } = answered;
  const word = answered.call !== null || entry.role === "assistant" ? "Answers" : "Follows";
  const took = entry.at === null || to.at === null || entry.at < to.at ? "" : `, after ${duration(entry.at - to.at)}`;
  return [line(`${word} line ${to.line + 1}${took}${quoted(answered)}`)];
}

function callLines(entry: TranscriptEntry, own: LineEntry | undefined, around: readonly LineEntry[]): Line[] {
  const steps = own === undefined ? [] : stepsOf(around, own);
  return entry.toolCalls.map((call, index) => {
    const result = steps[index]?.result ?? null;
    const outcome = result === null ? "no result in this turn" : `result in line ${result.line + 1}`;
    const answeredAt = result?.at ?? null;
    const took = answeredAt === null || entry.at === null ? "" : `, ${duration(answeredAt - entry.at)} later`;
    const [first = ""] = toolCallText(call).split("\n");
    return [
      span("Calls "),
      span(first.length > LONGEST_LINE ? `${first.slice(0, LONGEST_LINE)}…` : first, "strong"),
      span(` (${outcome}${took})`),
    ];
  });
}

/**
 * What the line says. `around` are lines of the same document before and after it; `more` are lines that tell where a background
 * command comes from, or where it went.
 */
export function lineHover(
  entry: TranscriptEntry,
  lineNumber: number,
  around: readonly LineEntry[],
  view: HoverView,
  more: readonly Line[] = [],
): Line[] {
  const own = around.find((one) => one.line === lineNumber);
  const id =
    entry.id === null
      ? []
      : [line(`id ${entry.id}${entry.parentId === null ? "" : `, after ${entry.parentId}`}`, "dim")];
  return paragraphs(
    [line(titleOf(entry), "strong"), ...timeLines(entry, view)],
    [
      ...factLines(entry),
      ...answerLines(entry, own === undefined ? null : answeredBy(around, own)),
      ...callLines(entry, own, around),
    ],
    more,
    entry.notices.flatMap(beginning),
    entry.kind === "header" ? [] : beginning(entry.text),
    entry.thinking === "" ? [] : [line("Reasoning", "strong"), ...beginning(entry.thinking)],
    id,
  );
}
