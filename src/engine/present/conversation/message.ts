/** One entry of a conversation: who speaks, when, what is said, and what went wrong. Structure stands at the margin, words never do. */
import { count } from "../../../model/amounts.ts";
import type { TranscriptEntry } from "../../../model/entry.ts";
import type { ExecIndex } from "../../exec-index.ts";
import { span } from "../lines.ts";
import { isPossible, moment } from "../times.ts";
import { noticeLines } from "./exec-lines.ts";
import { excerpt, excerptLines, firstWords, MOST_SAID } from "./excerpts.ts";
import type { LayoutWriter, Mark, OutlineKind, Part } from "./layout.ts";
import { clock, dim, joined, placeOfEntry, rawPart, type View } from "./parts.ts";
import { writeLoneAnswer, writeWork } from "./tool-work.ts";
import type { Passage } from "./turns.ts";

const LONGEST_NAME = 80;
const LONGEST_NOTICE = 400;

/** What writing an entry needs beside it. */
export interface Surroundings {
  readonly execs: ExecIndex;
  readonly view: View;
  /** Nothing comes after the passage: what it waits for may still come. */
  readonly isLast: boolean;
}

/** Words for whoever speaks. */
function speakerOf({ author, kind, role }: TranscriptEntry): string {
  if (kind === "context") return "Hidden context";
  if (role === "user") return author === "program" ? "Program, as the user" : "User";
  if (role === "assistant") return author === "program" ? "Program, as the assistant" : "Assistant";
  return role === "tool" ? "Tool" : "System";
}

const MARKS: Readonly<Record<string, Mark>> = { User: "user", Assistant: "assistant" };
const KINDS: Readonly<Record<string, OutlineKind>> = { User: "user", Assistant: "assistant" };

function tokensOf({ usage }: TranscriptEntry): string | null {
  return usage === null ? null : `${usage.total.toLocaleString("en-US")} tokens`;
}

/** A person's words begin a turn and have the whole date; what follows has the time of day. */
const timeOf = (at: number | null, isWhole: boolean): string =>
  isWhole && at !== null && isPossible(at) ? moment(at) : clock(at);

function headingParts(passage: Passage, speaker: string): Part[] {
  const { entry } = passage.entry;
  const tokens = tokensOf(entry);
  const facts = [
    dim(timeOf(entry.at, speaker !== "Assistant")),
    passage.model === null ? null : dim(passage.model),
    tokens === null ? null : dim(tokens),
    rawPart(passage.entry),
  ];
  return [span(speaker, "strong"), dim("  "), ...joined(facts)];
}

const STOPS: Readonly<Partial<Record<NonNullable<TranscriptEntry["stop"]>, string>>> = {
  aborted: "Stopped before its end",
  length: "Cut off: the answer reached the model's limit",
  error: "Ended by an error",
};

/** What went wrong in the entry; empty when nothing did. */
function troubleOf({ error, stop }: TranscriptEntry): string[] {
  if (error !== null && error !== "") return [error];
  const stopped = stop === null ? undefined : STOPS[stop];
  return stopped === undefined ? [] : [stopped];
}

function writeTrouble(writer: LayoutWriter, entry: TranscriptEntry, view: View): void {
  for (const trouble of troubleOf(entry)) {
    const words = firstWords(trouble, LONGEST_NOTICE, view);
    writer.outline({ name: words, detail: "", kind: "trouble" }, () =>
      writer.add([span(`✗ ${words}`, "bad")], "trouble"),
    );
  }
}

/** What the program said to the model without a person: it is folded when it is first shown. */
const isBackstage = ({ author, kind, role }: TranscriptEntry): boolean =>
  kind === "context" || (author === "program" && role === "user");

function writeNotices(writer: LayoutWriter, { entry }: Passage, view: View): void {
  for (const notice of entry.entry.notices)
    writer.add([span("• "), span("notice", "strong"), span(`  ${firstWords(notice, LONGEST_NOTICE, view)}`)], "work");
}

function writeThinking(writer: LayoutWriter, { entry }: Passage, view: View): void {
  const text = entry.entry.thinking;
  if (text.trim() === "") return;
  const shown = excerpt(text, MOST_SAID, view);
  writer.fold(`${view.nameOf(placeOfEntry(entry))}/thinking`, () => {
    writer.add([span("• "), span("thought", "strong"), dim(`  ${count(shown.lines.length, "line")}`)], "work");
    writer.addAll(excerptLines(shown, 4));
  });
}

function writeWords(writer: LayoutWriter, { attachments, text }: TranscriptEntry, view: View): void {
  if (text.trim() !== "") writer.addAll(excerptLines(excerpt(text, MOST_SAID, view), 2));
  if (attachments > 0)
    writer.add([span("• "), span(`${count(attachments, "attachment")}, not shown here`, "dim")], "work");
}

function writeWorks(writer: LayoutWriter, { entry, works }: Passage, { execs, isLast, view }: Surroundings): void {
  works.forEach((work, index) => writeWork(writer, { work, caller: entry, index, isLast }, execs, view));
}

function writeMessage(writer: LayoutWriter, passage: Passage, surroundings: Surroundings): void {
  const { entry } = passage.entry;
  const { view } = surroundings;
  const speaker = speakerOf(entry);
  const write = (): void => {
    writeNotices(writer, passage, view);
    writeThinking(writer, passage, view);
    writeWords(writer, entry, view);
    writeWorks(writer, passage, surroundings);
    writeTrouble(writer, entry, view);
  };
  if (passage.continues) return write();
  const words = firstWords(entry.text, LONGEST_NAME, view);
  const node = { name: words || speaker, detail: words === "" ? clock(entry.at) : `${speaker} ${clock(entry.at)}` };
  writer.outline({ ...node, kind: KINDS[speaker] ?? "event" }, () => {
    writer.fold(isBackstage(entry) ? view.nameOf(placeOfEntry(passage.entry)) : null, () => {
      writer.add(headingParts(passage, speaker), MARKS[speaker] ?? "other");
      write();
    });
    for (const { line, mark } of noticeLines(surroundings.execs, placeOfEntry(passage.entry), view))
      writer.add(line, mark);
  });
}

/** What is no message: a line of its own, and the words that belong to it below. */
interface Event {
  readonly title: string;
  readonly text: string;
  readonly mark: Mark;
  /** Its words are folded when it is first shown. */
  readonly isFolded: boolean;
}

function eventOf(entry: TranscriptEntry): Event {
  const trouble = { mark: "trouble", isFolded: false } as const;
  const plain = { mark: "other", isFolded: true } as const;
  switch (entry.kind) {
    case "compaction": {
      const before = entry.compaction?.tokensBefore ?? null;
      const tokens = before === null ? "" : `: ${before.toLocaleString("en-US")} tokens before it`;
      return { title: `Compaction${tokens}`, text: entry.text, ...plain };
    }
    case "reset":
      return { title: entry.text === "" ? "Reset" : `Reset: ${entry.text}`, text: "", mark: "other", isFolded: false };
    case "prompt-error":
      return { title: "Prompt error", text: entry.error ?? entry.text, ...trouble };
    case "unreadable":
      return { title: `Can't be read: ${entry.trouble ?? "no reason is known"}`, text: "", ...trouble };
    default:
      return { title: `Model changed to ${entry.model ?? "an unknown one"}`, text: "", ...plain };
  }
}

function writeEvent(writer: LayoutWriter, { entry }: Passage, { view }: Surroundings): void {
  const { isFolded, mark, text, title } = eventOf(entry.entry);
  const lead = mark === "trouble" ? "✗ " : "── ";
  const words = firstWords(title, LONGEST_NOTICE, view);
  writer.outline(
    { name: words, detail: firstWords(text, LONGEST_NAME, view), kind: mark === "trouble" ? "trouble" : "event" },
    () =>
      writer.fold(isFolded ? view.nameOf(placeOfEntry(entry)) : null, () => {
        const tone = mark === "trouble" ? "bad" : "strong";
        writer.add(
          [
            span(lead + words, tone),
            dim("  "),
            ...joined([entry.entry.at === null ? null : dim(timeOf(entry.entry.at, true)), rawPart(entry)]),
          ],
          mark,
        );
        if (text.trim() !== "") writer.addAll(excerptLines(excerpt(text, MOST_SAID, view), 2));
      }),
  );
}

/** Writes one passage. */
export function writePassage(writer: LayoutWriter, passage: Passage, surroundings: Surroundings): void {
  const { continues, entry } = passage;
  const { kind, toolResult } = entry.entry;
  const isAnswer = toolResult !== null;
  if (!continues && !isAnswer) writer.gap();
  writer.entry(placeOfEntry(entry), () => {
    if (isAnswer) writeLoneAnswer(writer, entry, surroundings.execs, surroundings.view);
    else if (kind === "message" || kind === "context") writeMessage(writer, passage, surroundings);
    else writeEvent(writer, passage, surroundings);
  });
}
