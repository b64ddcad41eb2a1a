/** Receipts and refusals as readable lines: what a run did, what it displaced and where that lies, how to take it back. */
import { count } from "../../model/amounts.ts";
import { FORENSICS_FOLDER, type Plan, type Step } from "../../model/plan.ts";
import type { Outcome, Receipt, Refusal, StepRecord } from "../../model/receipt.ts";
import { pathFrom } from "../../system/files.ts";
import type { RunResult } from "../executor/executor.ts";
import { EMPTY, fileSpan, indented, type Line, line, span, type Tone } from "./lines.ts";
import { moment } from "./times.ts";

const OUTCOMES: Readonly<Record<Outcome, { readonly text: string; readonly tone: Tone }>> = {
  done: { text: "Done", tone: "good" },
  "rolled-back": { text: "Taken back: everything is as it was", tone: "warning" },
  partial: { text: "Taken back in part: something else had changed meanwhile", tone: "bad" },
  unfinished: { text: "Cut off, not settled yet", tone: "bad" },
};

/** "Done", "Taken back: everything is as it was" */
export const outcomeText = (outcome: Outcome): string => OUTCOMES[outcome].text;

/** Why a plan can't run, one paragraph each. */
export function* refusalLines(refusals: readonly Refusal[]): Generator<Line> {
  yield line("Refused: nothing was written.", "bad");
  for (const { reason } of refusals) yield indented(line(reason));
}

/** What came of a run just now. */
export function* resultLines(plan: Plan, result: RunResult): Generator<Line> {
  yield line(plan.title, "strong");
  if ("refusals" in result) {
    for (const one of refusalLines(result.refusals)) yield indented(one);
    return;
  }
  yield* receiptLines(result.receipt);
}

/** Earlier runs that had been cut off, and what became of them. */
export function* settledLines(settled: readonly Receipt[]): Generator<Line> {
  for (const receipt of settled) {
    yield line("An earlier run had been cut off and was settled first:", "warning");
    for (const one of receiptLines(receipt)) yield indented(one);
    yield EMPTY;
  }
}

/** One receipt: outcome, steps, what was kept, how to undo it. */
export function* receiptLines(receipt: Receipt): Generator<Line> {
  const { text, tone } = OUTCOMES[receipt.outcome];
  yield line(`${text}.`, tone);
  if (receipt.reason !== null) yield line(receipt.reason);
  for (const record of receipt.steps) yield* stepLines(receipt, record);
  yield [span("Receipt "), fileSpan(receipt.id, { path: pathFrom(receipt.plan.home, FORENSICS_FOLDER) })];
  yield* undoLines(receipt);
}

function* undoLines({ id, plan, undo }: Receipt): Generator<Line> {
  if (undo.state === "possible") yield line(`To take it back: ${commandFor(`undo ${id}`, plan.home)}`);
  if (undo.state === "undone") yield line(`Undone by ${undo.by}`, "dim");
}

/** The command line that does it in this home, whichever homes are found without a name. */
export function commandFor(verb: string, home: string): string {
  return `session-forensics ${verb} --home ${PLAIN.test(home) ? home : quoted(home)}`;
}

/** A word that no shell reads as more than itself. */
const PLAIN = /^[\w/.:@%+,=-]+$/;

/** In single quotes, which keep everything but themselves in POSIX shells. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** A run that was cut off and is not settled yet. */
export function cutOffLine({ plan, startedAt }: Receipt): Line {
  return [
    span("A repair was cut off: ", "warning"),
    span(plan.title, "strong"),
    span(`, begun ${moment(startedAt)} in `),
    fileSpan(plan.home, { path: plan.home }),
    span("."),
  ];
}

const DOINGS: Readonly<Record<Step["do"], string>> = {
  "write-file": "wrote",
  "move-aside": "moved aside",
  rename: "renamed",
  "make-folder": "made folder",
  "make-symlink": "made link",
};

const STATES: Readonly<Record<StepRecord["state"], string>> = {
  done: "",
  begun: " (not finished)",
  "taken-back": " (taken back)",
  kept: " (could not be taken back)",
};

function* stepLines({ plan }: Receipt, { step: index, state, aside }: StepRecord): Generator<Line> {
  const step = plan.steps[index];
  if (step === undefined) return;
  const file = (path: string): ReturnType<typeof fileSpan> => {
    const absolute = pathFrom(plan.home, path);
    return fileSpan(absolute, { path: absolute });
  };
  const to = step.do === "rename" ? [span(" to "), file(step.to)] : [];
  yield indented([span(`${DOINGS[step.do]} `), file(step.path), ...to, span(STATES[state])]);
  const kept = step.do === "move-aside" ? "it lies here now: " : "what stood there: ";
  if (aside !== null && state !== "taken-back") yield indented([span(kept, "dim"), file(aside)], 2);
}

/** All receipts of a home, the newest first. */
export function* journalLines(receipts: readonly Receipt[]): Generator<Line> {
  for (const receipt of receipts.toReversed()) {
    const { text, tone } = OUTCOMES[receipt.outcome];
    const undone = receipt.undo.state === "undone" ? ", undone" : "";
    yield [
      span(moment(receipt.startedAt), "dim"),
      span("  "),
      span(receipt.plan.title, "strong"),
      span("  "),
      span(`${text.toLowerCase()}${undone}`, tone),
    ];
    const steps = count(receipt.plan.steps.length, "step");
    const recovered = receipt.recovered ? ", settled after it was cut off" : "";
    yield indented(
      line(`${receipt.id}, ${steps}, by ${receipt.by.face} (pid ${receipt.by.pid} on ${receipt.by.host})${recovered}`),
    );
    if (receipt.reason !== null) yield indented(line(receipt.reason));
  }
}
