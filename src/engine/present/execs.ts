/** Background execs in words: in one line where room is short, in several where somebody asks. Secrets in commands and outputs are masked. */
import { duration } from "../../model/amounts.ts";
import type { ExecDelivery, ExecEnding, ExecNotice, ExecOrigin, ExecPlace, ExecRecord } from "../../model/exec.ts";
import type { ExecOutcome, NoticeForm } from "../../model/exec-trace.ts";
import type { Certainty } from "../../model/session.ts";
import { pathFrom } from "../../system/files.ts";
import { CERTAINTY_TONES, evidenceLine, fileSpan, indented, type Line, line, type Span, span } from "./lines.ts";
import { escaped, shortened } from "./names.ts";
import { placeLabel } from "./places.ts";
import { maskSecrets } from "./secrets.ts";
import { moment } from "./times.ts";

/** What a certainty means, for somebody who meets the word here. */
const CERTAINTY_WORDS: Readonly<Record<Certainty, string>> = {
  recorded: "recorded: OpenClaw wrote it down",
  derived: "derived: nothing else can be meant",
  assigned: "assigned: a person said so",
  inferred: "inferred: the best match, not a certain one",
};

const LONGEST_COMMAND = 80;

/** "completed with exit code 1", as OpenClaw words it. */
export function outcomeText({ exitCode, outcome, signal }: ExecOutcome): string {
  const how = outcome === null ? "ended" : outcome === "killed" ? "was killed" : outcome;
  if (signal !== null) return `${how} by ${signal}`;
  return exitCode === null ? how : `${how} with exit code ${exitCode}`;
}

/** The command on one line, `exec` where it is not known. */
function commandText(command: string | null, width = LONGEST_COMMAND): string {
  return command === null ? "a command" : shortened(maskSecrets(command).replaceAll(/\s+/g, " ").trim(), width);
}

/** "agents/main/sessions/x.jsonl:7", which leads there. `home` is the absolute path of the home. */
function entrySpan(home: string, { fragment, line: number }: ExecPlace): Span {
  const { archive, path, window } = fragment;
  const file = pathFrom(home, path);
  if (window === undefined) return fileSpan(`${path}:${number}`, { path: file, line: number });
  const part = { window, ...(archive === undefined ? {} : { archive }) };
  const text = `${placeLabel({ path, ...(archive === undefined ? {} : { archive }) })}, event ${window.fromSeq + number - 1}`;
  return fileSpan(text, { path: file, line: number, part });
}

/** "fresh-summit (make test): completed with exit code 0, told 12 s after it began" */
export function execSummary(record: ExecRecord): string {
  return escaped(`${record.slug} (${commandText(record.command)}): ${fateText(record)}`);
}

function fateText({ delivery, ended, startedAt, undelivered }: ExecRecord): string {
  if (delivery !== null) {
    const sure = delivery.certainty === "inferred" ? "most likely " : "";
    return `${outcomeText(delivery)}, ${sure}told${afterText(startedAt, delivery.place.at)}`;
  }
  if (ended !== null) return `${outcomeText(ended)}, as a poll saw${afterText(startedAt, ended.place.at)}`;
  switch (undelivered?.reason) {
    case "perhaps":
      return "no notice is surely about it";
    case "unknown":
      return "whether its end was told is not known";
    default:
      return "no notice of its end has come";
  }
}

function afterText(from: number | null, to: number | null): string {
  return from === null || to === null ? "" : ` ${duration(Math.max(0, to - from))} after it began`;
}

/** Why OpenClaw may never tell of an end (2026.3 to 2026.9): notices of commands without output are left out, and the others wait in memory. */
const WHY_NEVER =
  "OpenClaw tells of no command that printed nothing, and a restart of the gateway forgets what waits to be told.";

/** What an exec was, and what came of it. */
export function execLines(home: string, record: ExecRecord): Line[] {
  const { command, delivery, ended, pid, slug, startedAt, undelivered } = record;
  const began = startedAt === null ? "" : ` at ${moment(startedAt)}`;
  const process = pid === null ? "" : `, process ${pid}`;
  return [
    [span("Background exec "), span(slug, "strong"), span(` began${began}${process}.`)],
    ...commandLines(command),
    ...(delivery === null ? [] : deliveryLines(home, delivery)),
    ...(undelivered === null ? [] : [line(undelivered.text, "warning")]),
    ...(undelivered?.reason === "never" && ended === null ? [line(WHY_NEVER, "dim")] : []),
    ...(undelivered?.candidates ?? []).map((one) => indented([span("It can be meant at "), entrySpan(home, one)])),
    ...(ended === null ? [] : endLines(home, ended)),
  ];
}

function commandLines(command: string | null): Line[] {
  return command === null ? [] : [indented(line(commandText(command, 4 * LONGEST_COMMAND), "dim"))];
}

function deliveryLines(home: string, delivery: ExecDelivery): Line[] {
  const { alternatives, certainty, endedAt, evidence, output, place } = delivery;
  const when = endedAt === null ? "" : ` at ${moment(endedAt)}`;
  const told = place.at === null ? "" : ` at ${moment(place.at)}`;
  return [
    [span(`It ${outcomeText(delivery)}${when}; that was told${told} in `), entrySpan(home, place), span(".")],
    ...outputLines(output),
    certaintyLine(certainty),
    ...evidence.map((one) => indented(evidenceLine(home, one))),
    ...alternativeLines(home, alternatives),
  ];
}

function endLines(home: string, ended: ExecEnding): Line[] {
  const when = ended.place.at === null ? "" : ` at ${moment(ended.place.at)}`;
  return [
    [span(`A poll${when} saw that it ${outcomeText(ended)}: `), entrySpan(home, ended.place), span(".")],
    ...outputLines(ended.output),
    certaintyLine(ended.certainty),
  ];
}

function outputLines(output: string | null): Line[] {
  return output === null ? [] : [indented(line(`Output: ${maskSecrets(output)}`, "dim"))];
}

function certaintyLine(certainty: Certainty): Line {
  return [span("This is "), span(CERTAINTY_WORDS[certainty], CERTAINTY_TONES[certainty]), span(".")];
}

function alternativeLines(home: string, alternatives: readonly ExecPlace[]): Line[] {
  return alternatives.map((one) =>
    indented([span("It can also mean the exec begun at ", "warning"), entrySpan(home, one)]),
  );
}

const FORMS: Readonly<Record<NoticeForm | "completion-turn", string>> = {
  "system-line": "in a line that OpenClaw put before a message",
  "untrusted-line": "in a line before a message, marked as untrusted",
  "runtime-context": "in the hidden context of a heartbeat turn",
  "user-prompt": "in a prompt that stands in the user's place",
  "completion-turn": "in a turn of its own",
  trajectory: "in a turn of its own, of which the trajectory has the details",
};

/** What a notice says, and where the exec began that it tells of. */
export function noticeLines(home: string, notice: ExecNotice): Line[] {
  const { endedAt, form, open, origin, output, repeats, slug } = notice;
  const when = endedAt === null ? "" : ` at ${moment(endedAt)}`;
  const name =
    slug === null ? [span("A background exec, which is not named,")] : [span("Background exec "), span(slug, "strong")];
  return [
    [...name, span(` ${outcomeText(notice)}${when}. Told ${FORMS[form]}.`)],
    ...outputLines(output),
    ...(repeats === null ? [] : [[span("The same was told before in "), entrySpan(home, repeats), span(".")]]),
    ...(origin === null
      ? [line(`Where it began is not known: ${open ?? "nothing tells"}.`, "warning")]
      : originLines(home, origin)),
  ];
}

function originLines(home: string, origin: ExecOrigin): Line[] {
  const { alternatives, certainty, command, evidence, slug, start, startedAt } = origin;
  const began = startedAt === null ? "" : ` at ${moment(startedAt)}`;
  return [
    [span("It is "), span(slug, "strong"), span(`, which began${began} in `), entrySpan(home, start), span(".")],
    ...commandLines(command),
    certaintyLine(certainty),
    ...evidence.map((one) => indented(evidenceLine(home, one))),
    ...alternativeLines(home, alternatives),
  ];
}
