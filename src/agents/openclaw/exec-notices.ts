/** Notices of completions, in the forms that OpenClaw gave them from 2026.3 to 2026.9: as lines before a text, and in its prompts. */
import type { ExecNoticeTrace, ExecOutcome, NoticeForm, UnnamedNoticeTrace } from "../../model/exec-trace.ts";
import { asTime } from "../../formats/json-values.ts";
import { contentText, entryTime, messageText, roleOf, type Entry } from "./entries.ts";
import { boundedName, boundedOutput } from "./exec-output.ts";
import { splitUserText } from "./user-text.ts";

/** What one entry tells of completions. */
export interface EntryNotices {
  /** In texts that OpenClaw alone writes. */
  readonly completed: readonly ExecNoticeTrace[];
  /** In texts that a person could have written as well. */
  readonly quoted: readonly ExecNoticeTrace[];
  readonly unnamed: readonly UnnamedNoticeTrace[];
}

const NONE: EntryNotices = { completed: [], quoted: [], unnamed: [] };

/** What the notices of an entry are told with. */
interface Where {
  readonly line: number;
  readonly entryId: string | null;
  readonly writtenAt: number | null;
}

/** The notices in an entry. `line` is its line in the fragment; `id` its id. */
export function noticesIn(entry: Entry, line: number, entryId: string | null): EntryNotices {
  const where = { line, entryId, writtenAt: entryTime(entry) };
  if (roleOf(entry) === "user") return noticesInUserText(messageText(entry), where);
  if (entry["type"] !== "custom_message" || entry["customType"] !== "openclaw.runtime-context") return NONE;
  return noticesInContext(contentText(entry["content"]), where);
}

/** The notices in the prompt of a run, which answered the entry at this line. */
export function noticesInPrompt(prompt: string, entry: Entry, line: number, entryId: string | null): ExecNoticeTrace[] {
  return namedIn(prompt, "trajectory", { line, entryId, writtenAt: entryTime(entry) });
}

/** Since 2026.5 a hidden entry beside the heartbeat turn carries the notice. */
function noticesInContext(text: string, where: Where): EntryNotices {
  const completed = namedIn(text, "runtime-context", where);
  const isUnnamed = completed.length === 0 && text.startsWith(UNNAMED_PROMPT);
  return { ...NONE, completed, unnamed: isUnnamed ? [unnamed("runtime-context", where)] : [] };
}

/** Only lines before the person's own text are OpenClaw's; 2026.4 marks some of them, and what people type like them, as untrusted. */
const SYSTEM_LINES = /^(?:System(?: \(untrusted\))?: [^\n]*\n?|[ \t]*\n)*/;
/**
 * `System: [2026-11-21 00:16:46 UTC] Exec completed (salty-gl, code 0) :: …` (2026.3). Other events have several lines, such as
 * commands that were approved, and further notices stand behind them.
 */
const SYSTEM_LINE = /^System( \(untrusted\))?: \[([^\]\n]+)\] (Exec (?:completed|failed|finished) \([^\n]*)$/gm;
/** 2026.4 writes its own prompts as texts of the user. */
const NAMED_PROMPTS = [
  "An async command you ran earlier has completed. The command completion details are:",
  "An async command you ran earlier completed without captured stdout/stderr. The completion details are:",
  "An async command the user already approved has completed.",
];
const UNNAMED_PROMPT = "An async command completion event was triggered, but ";
/** What 2026.9 sends into the session when an exec has ended: slug and output stand in the trajectory alone. */
const COMPLETION_TURN = "[OpenClaw exec completion]";

function noticesInUserText(text: string, where: Where): EntryNotices {
  if (text.startsWith(COMPLETION_TURN)) return { ...NONE, unnamed: [unnamed("completion-turn", where)] };
  const block = SYSTEM_LINES.exec(text)?.[0] ?? "";
  const beginning = block.trim() === "" ? "" : text;
  const lines = [...beginning.matchAll(SYSTEM_LINE)].flatMap(({ 1: untrusted, 2: stamp = "", 3: notice = "", index }) =>
    lineNotices(
      notice,
      stamp,
      untrusted === undefined && index < block.length ? "system-line" : "untrusted-line",
      where,
    ),
  );
  const body = splitUserText(text.slice(block.length)).body.trimStart();
  const prompted = NAMED_PROMPTS.some((prompt) => body.startsWith(prompt)) ? namedIn(body, "user-prompt", where) : [];
  const quoted = [...lines.filter(({ form }) => form === "untrusted-line"), ...prompted];
  const isUnnamed = lines.length === 0 && body.startsWith(UNNAMED_PROMPT);
  return {
    completed: lines.filter(({ form }) => form === "system-line"),
    quoted,
    unnamed: isUnnamed ? [unnamed("user-prompt", where)] : [],
  };
}

function unnamed(form: UnnamedNoticeTrace["form"], { entryId, line, writtenAt }: Where): UnnamedNoticeTrace {
  return { at: writtenAt, line, entryId, form };
}

/** A line holds one notice, at its beginning: behind that stands output, which may quote anything. */
function lineNotices(text: string, stamp: string, form: NoticeForm, where: Where): ExecNoticeTrace[] {
  const ended = noticeTime(stamp);
  return namedIn(text, form, where).map((trace) => (ended === null ? trace : { ...trace, at: ended, stated: true }));
}

/** `Exec completed (salty-gl, code 0) :: output`; an approved command's is `Exec finished (gateway id=…, session=…, code 0)`. */
const NOTICE =
  /^Exec (completed|failed|finished) \(([^()\n]*)\)(?: :: ([^\n]*)|(?: without captured[^\n]*)?\n(\S[^\n]*))?/gm;

function namedIn(text: string, form: NoticeForm, { entryId, line, writtenAt }: Where): ExecNoticeTrace[] {
  return [...text.matchAll(NOTICE)].flatMap(([, verb = "", inside = "", output, below]) => {
    const approvalId = boundedName(/\bid=([^,\s]+)/.exec(inside)?.[1] ?? null);
    const slug = boundedName(slugIn(inside)) ?? approvalId;
    if (slug === null) return [];
    const outcome = outcomeOf(verb, inside, output ?? (verb === "finished" ? below : undefined));
    const approved = approvalId === null ? {} : { approvalId };
    return [
      { slug, at: writtenAt, line, entryId, ...(writtenAt === null ? {} : { writtenAt }), form, outcome, ...approved },
    ];
  });
}

/** The slug is cut to eight characters; approvals write `session=<slug>`, whole, among other things, or none at all. */
function slugIn(inside: string): string | null {
  const session = /\bsession=([^,\s]+)/.exec(inside)?.[1];
  if (session !== undefined) return session;
  const first = inside.split(", ")[0] ?? "";
  return /^[^,=\s]+$/.test(first) ? first : null;
}

function outcomeOf(verb: string, inside: string, output: string | undefined): ExecOutcome {
  const code = /\bcode (-?\d+)/.exec(inside)?.[1];
  return {
    outcome: verb === "failed" ? "failed" : "completed",
    exitCode: code === undefined ? null : Number(code),
    signal: /\bsignal (\w+)/.exec(inside)?.[1] ?? null,
    output: output === undefined ? null : boundedOutput(output),
  };
}

/** `2026-11-21 00:16:46 UTC`, `… GMT+1` or `… GMT-3:30`, to the second; null when the zone is not understood. */
function noticeTime(stamp: string): number | null {
  const parts = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (?:UTC|GMT)(?:([+-])(\d{1,2})(?::(\d\d))?)?$/.exec(stamp);
  if (parts === null) return null;
  const [, day, time, sign = "+", hours = "0", minutes = "00"] = parts;
  return asTime(`${day}T${time}${sign}${hours.padStart(2, "0")}:${minutes}`);
}
