/** A tool call with its answer: what was asked and what came of it on one line, the whole of both folded behind it. */
import { asObject } from "../../../formats/json-values.ts";
import { count } from "../../../model/amounts.ts";
import type { ExecIndex } from "../../exec-index.ts";
import type { ChainEntry } from "../../reading/chain-reader.ts";
import { line, type Line, span } from "../lines.ts";
import { argumentsText, toolName, toolResultText } from "../tool-text.ts";
import { execEndLines, execStartLines } from "./exec-lines.ts";
import { excerpt, excerptLines, firstWords, MOST_OF_TOOL, withoutTerminalCodes } from "./excerpts.ts";
import type { LayoutWriter } from "./layout.ts";
import { dim, joined, placeOfEntry, rawPart, type View } from "./parts.ts";
import type { ToolWork } from "./turns.ts";

const LONGEST_SUMMARY = 120;

const textOf = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? ""));

function argumentLines(value: unknown, view: View): Line[] {
  const given = asObject(value);
  const text =
    given === undefined
      ? textOf(value)
      : Object.entries(given)
          .map(([name, one]) => `${name}:${textOf(one).includes("\n") ? "\n" : " "}${textOf(one)}`)
          .join("\n");
  return text === "" || value === null ? [] : excerptLines(excerpt(text, MOST_OF_TOOL, view), 4);
}

/** "exit code 0, 3 lines", "failed, 1 line", "done": what came of a call. */
function answerWords({ entry }: ChainEntry): string {
  const { attachments, text, toolResult } = entry;
  const lines = text.trim() === "" ? 0 : text.trimEnd().split("\n").length;
  const parts = [
    toolResult === null ? "" : toolResultText(toolResult),
    lines === 0 || toolResult?.background ? "" : count(lines, "line"),
    attachments === 0 ? "" : count(attachments, "attachment"),
  ];
  return parts.filter((one) => one !== "").join(", ") || "done";
}

function answerLines(answer: ChainEntry, view: View): Line[] {
  const { text, attachments } = answer.entry;
  const shown = text.trim() === "" ? [] : excerptLines(excerpt(withoutTerminalCodes(text), MOST_OF_TOOL, view), 4);
  const beside = attachments === 0 ? [] : [line(`    (${count(attachments, "attachment")}, not shown here)`, "dim")];
  return [...shown, ...beside];
}

export interface WorkInPlace {
  readonly work: ToolWork;
  /** The entry that called. */
  readonly caller: ChainEntry;
  /** Place of the call among those of its entry, from 0. */
  readonly index: number;
  /** Nothing comes after it: its answer may still be under way. */
  readonly isLast: boolean;
}

/** Writes a call with its answer, where it has one. */
export function writeWork(writer: LayoutWriter, place: WorkInPlace, execs: ExecIndex, view: View): void {
  const { caller, index, isLast, work } = place;
  const { answer, call } = work;
  const words = firstWords(argumentsText(call.arguments), LONGEST_SUMMARY, view);
  const isTrouble = answer === null ? !isLast : answer.entry.toolResult?.isError === true;
  const came = answer === null ? (isLast ? "no result yet" : "no result") : answerWords(answer);
  const heading = [
    span(isTrouble ? "✗ " : "• "),
    span(toolName(call), "strong"),
    span(words === "" ? "" : `  ${words}`),
    dim("  → "),
    span(firstWords(came, LONGEST_SUMMARY, view), isTrouble ? "bad" : "plain"),
    dim("  "),
    ...joined([rawPart(caller), answer === null ? null : rawPart(answer)]),
  ];
  writer.outline(
    { name: call.name || "tool", detail: `${words} → ${came}`, kind: isTrouble ? "trouble" : "work" },
    () => {
      writer.fold(`${view.nameOf(placeOfEntry(caller))}/${index}`, () => {
        writer.add(heading, isTrouble ? "trouble" : "work");
        writer.addAll(argumentLines(call.arguments, view));
        if (answer !== null)
          writer.entry(placeOfEntry(answer), () => {
            writer.add([dim("  result")]);
            writer.addAll(answerLines(answer, view));
          });
      });
      if (answer !== null) writeExecs(writer, answer, execs, view);
    },
  );
}

/** An answer whose call is not shown: in a page before, or nowhere. */
export function writeLoneAnswer(writer: LayoutWriter, answer: ChainEntry, execs: ExecIndex, view: View): void {
  const { toolResult } = answer.entry;
  const name = toolResult?.name ?? "a tool";
  const isTrouble = toolResult?.isError === true;
  const came = answerWords(answer);
  writer.outline({ name, detail: `→ ${came}`, kind: isTrouble ? "trouble" : "work" }, () => {
    writer.fold(view.nameOf(placeOfEntry(answer)), () => {
      const heading = [span(isTrouble ? "✗ " : "• "), span(name, "strong"), dim("  → "), span(came), dim("  ")];
      writer.add([...heading, rawPart(answer)], isTrouble ? "trouble" : "work");
      writer.addAll(answerLines(answer, view));
    });
    writeExecs(writer, answer, execs, view);
  });
}

/** Where a background command that this answer started, or saw end, came from and went to. */
function writeExecs(writer: LayoutWriter, answer: ChainEntry, execs: ExecIndex, view: View): void {
  const place = placeOfEntry(answer);
  for (const { line: told, mark } of [...execStartLines(execs, place, view), ...execEndLines(execs, place, view)])
    writer.add(told, mark);
}
