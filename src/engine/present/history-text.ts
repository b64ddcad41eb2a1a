/** A page of a session's history as a conversation to read: who said what, and where one fragment ends and the next begins. */
import { count, size } from "../../model/amounts.ts";
import type { LinkedFragment } from "../../model/session.ts";
import { placeId } from "../../model/fragment.ts";
import type { CallDocument, HistoryMessage } from "../history/messages.ts";
import type { HistoryPage } from "../history/document.ts";
import { historyCommand } from "../history/naming.ts";
import type { PlaceDocument } from "../history/places.ts";
import { endedByReset } from "../history/standing.ts";
import type { SessionHit } from "../query.ts";
import { programName, roleName } from "./homes.ts";
import { EMPTY, fileSpan, indented, line, span } from "./lines.ts";
import type { Line, Tone } from "./lines.ts";
import { shortened } from "./names.ts";
import { placeLabel, placeSpan } from "./places.ts";
import { kindName, sessionLabel } from "./sessions.ts";
import { moment, momentRange } from "./times.ts";

/** Lines and characters of a tool's answer that are shown; a person wants to see what was said. */
const MOST_TOOL_LINES = 12;
const LONGEST_TOOL_LINE = 400;
const LONGEST_CALL = 300;

export interface HistoryTextForm {
  /** Show the answers of tools whole. */
  readonly full: boolean;
}

const textLines = (text: string, tone: Tone = "plain"): Line[] =>
  text.split(/\r\n|\n|\r/).map((one) => line(one.replaceAll("\t", "    "), tone));

function shortToolLines(text: string): Line[] {
  const all = text.split(/\r\n|\n|\r/);
  const shown = all.slice(0, MOST_TOOL_LINES).map((one) => shortened(one.replaceAll("\t", "    "), LONGEST_TOOL_LINE));
  const rest = all.length - shown.length;
  return [
    ...shown.map((one) => line(one, "dim")),
    ...(rest === 0 ? [] : [line(`… ${count(rest, "more line")} (--full shows them)`, "dim")]),
  ];
}

function callLine({ arguments: given, name }: CallDocument): Line {
  const text = typeof given === "string" ? given : JSON.stringify(given);
  return [span("→ ", "dim"), span(name, "strong"), span(` ${shortened(text, LONGEST_CALL)}`, "dim")];
}

const SPEAKERS = { user: "User", assistant: "Assistant", tool: "Tool", system: "System" } as const;

const KINDS: Readonly<Record<string, string>> = {
  compaction: "Compaction: what was before, summed up",
  context: "Told to the model, not shown",
  "prompt-error": "The prompt failed",
  unreadable: "Damaged line",
};

function speaker(message: HistoryMessage): string {
  const { author, kind, role, tool } = message;
  if (kind !== undefined) return KINDS[kind] ?? kind;
  if (role === "tool") return `Tool ${tool ?? ""}`.trim();
  return author === "program" ? `${SPEAKERS[role]} (made by the agent program)` : SPEAKERS[role];
}

const TONES: Readonly<Record<HistoryMessage["role"], Tone>> = {
  user: "strong",
  assistant: "good",
  tool: "dim",
  system: "warning",
};

function headLine(message: HistoryMessage): Line {
  const at = message.at === null ? "no time" : moment(Date.parse(message.at));
  const model = message.role === "assistant" && message.model !== undefined ? ` · ${message.model}` : "";
  const failed = message.isError === true ? " · error" : "";
  const exit = message.exitCode === undefined ? "" : ` · exit code ${message.exitCode}`;
  const facts = `  ${at} · line ${message.line}${model}${failed}${exit}`;
  return [span(speaker(message), TONES[message.role]), span(facts, "dim")];
}

const entryName = (place: { readonly fragment: PlaceDocument; readonly line: number }): string =>
  `line ${place.line} of ${placeLabel(place.fragment)}`;

function execLines({ delivery, origin, originUnknown, undelivered }: HistoryMessage): Line[] {
  const lines: Line[] = [];
  if (delivery)
    lines.push(line(`Its completion was told in ${entryName(delivery)} (${delivery.certainty}).`, "warning"));
  if (delivery === null) lines.push(line(undelivered?.text ?? "No completion of it was told.", "warning"));
  if (origin)
    lines.push(line(`Tells of ${origin.slug}, started in ${entryName(origin)} (${origin.certainty}).`, "warning"));
  if (origin === null) lines.push(line(`What started it is open: ${originUnknown ?? "nothing says so"}`, "warning"));
  return lines;
}

function bodyLines(message: HistoryMessage, { full }: HistoryTextForm): Line[] {
  const { attachments, calls = [], cut, error, role, text } = message;
  const said = text === "" ? [] : role === "tool" && !full ? shortToolLines(text) : textLines(text);
  return [
    ...said,
    ...calls.map(callLine),
    ...(attachments === undefined ? [] : [line(`[${count(attachments, "attachment")}, not shown]`, "dim")]),
    ...(error === undefined ? [] : [line(`Error: ${error}`, "bad")]),
    ...(cut === undefined ? [] : [line(`[cut: ${count(cut, "more character")}]`, "dim")]),
    ...execLines(message),
  ];
}

const messageLines = (message: HistoryMessage, form: HistoryTextForm): Line[] => [
  headLine(message),
  ...bodyLines(message, form).map((one) => indented(one)),
  EMPTY,
];

function linkText({ link, open }: LinkedFragment): string {
  if (link === null) return open === null ? "the first fragment" : `what comes before it is open: ${open}`;
  return `continues the one before: ${link.certainty}`;
}

/** The line between two fragments: how the one before ended, and what ties the next to it. */
function boundaryLines(hit: SessionHit, linked: LinkedFragment): Line[] {
  const { home, session } = hit;
  const { fragment, link } = linked;
  const at = session.fragments.indexOf(linked);
  const before = session.fragments[at - 1]?.fragment;
  const ended =
    before === undefined
      ? []
      : [
          line(
            `──── ${endedByReset(session, before) ? "Reset" : `End of ${kindName(before.kind)}`}${before.archivedAt === null ? "" : ` ${moment(before.archivedAt)}`} ────`,
            "warning",
          ),
        ];
  return [
    ...ended,
    [
      span(`Fragment ${at + 1} of ${session.fragments.length}, ${kindName(fragment.kind)}: `, "strong"),
      placeSpan(home.home.path, fragment),
    ],
    indented(
      line(
        `${momentRange(fragment.startedAt, fragment.endedAt)} · ${size(fragment.bytes)} · ${linkText(linked)}`,
        "dim",
      ),
    ),
    ...(link?.evidence ?? []).map((one) => indented(line(one.text, "dim"), 2)),
    EMPTY,
  ];
}

function titleLines({ agent, home, session }: SessionHit): Line[] {
  return [
    line(session.key ?? sessionLabel(session, agent.reading.name), "strong"),
    [
      span(`${count(session.fragments.length, "fragment")} · agent ${agent.reading.name} of `),
      fileSpan(home.home.path, { path: home.home.path }),
      span(` (${programName(home.home)}, ${roleName(home.home.role)})`),
    ],
  ];
}

function olderLines(hit: SessionHit, { document }: HistoryPage): Line[] {
  const { archivedMessagesAvailable, nextCursor } = document;
  if (nextCursor !== null) return [line(`Older messages: ${historyCommand(hit, nextCursor)}`, "dim"), EMPTY];
  const leftOut =
    archivedMessagesAvailable && document.truncated && document.messages.every(({ cut }) => cut === undefined);
  return leftOut && !reachesArchives(hit, document)
    ? [line("Messages of archives are left out; without --no-archived they are shown.", "dim"), EMPTY]
    : [];
}

/** Whether the page shows something that was put away. */
function reachesArchives({ session }: SessionHit, { messages }: HistoryPage["document"]): boolean {
  const newest = session.fragments.at(-1)?.fragment;
  return messages.some(({ fragment }) => newest === undefined || placeId(fragment) !== placeId(newest));
}

/** The page, oldest message first. */
export function* historyText(hit: SessionHit, page: HistoryPage, form: HistoryTextForm): Generator<Line> {
  const { chain, document } = page;
  yield* titleLines(hit);
  for (const warning of document.warnings) yield line(`! ${warning}`, "warning");
  yield EMPTY;
  yield* olderLines(hit, page);
  let shown: LinkedFragment | null = null;
  for (const [index, message] of document.messages.entries()) {
    const { fragment } = chain.entries[index]!;
    if (fragment !== shown) yield* boundaryLines(hit, fragment);
    shown = fragment;
    yield* messageLines(message, form);
  }
  if (document.messages.length === 0) yield line("No messages.", "dim");
}
