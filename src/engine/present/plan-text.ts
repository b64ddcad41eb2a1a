/** A plan's preview as readable lines: what will be written first, each change as a diff, then conditions and notes. */
import type { DiffLine, PlanPreview, StepPreview } from "../../model/plan-preview.ts";
import { EMPTY, fileSpan, indented, line, span, type Line, type Tone } from "./lines.ts";

const MARKS = { same: " ", added: "+", removed: "-", gap: "…" } as const;
const TONES: Readonly<Record<DiffLine["kind"], Tone>> = { same: "plain", added: "good", removed: "bad", gap: "dim" };

/** The whole preview. Paragraphs are single lines: a terminal or an editor wraps them. */
export function planText(preview: PlanPreview): Line[] {
  const { conflicts, steps } = preview;
  return [
    line(preview.title, "strong"),
    ...section(
      "Can't be done",
      conflicts.map(({ path, reason }) => [fileSpan(path, { path }), span(`: ${reason}`, "warning")]),
    ),
    ...(steps.length === 0 ? [EMPTY, line("Nothing would be changed.")] : written(preview)),
    ...steps.flatMap((step, index) => [EMPTY, ...stepLines(step, index + 1)]),
    ...section(
      "Only if",
      preview.conditions.map((one) => line(one)),
    ),
    ...section(
      "To know",
      preview.notes.map((one) => line(one)),
    ),
  ];
}

function written({ home, writes, stores }: PlanPreview): Line[] {
  const isStore = new Set(stores);
  return section(
    `Written in ${home}`,
    writes.map((path) => [
      fileSpan(path, { path }),
      ...(isStore.has(path) ? [span("  (store of sessions)", "warning")] : []),
    ]),
  );
}

function section(title: string, lines: readonly Line[]): Line[] {
  return lines.length === 0 ? [] : [EMPTY, line(title, "strong"), ...lines.map((one) => indented(one))];
}

function stepLines({ title, path, other, why, facts, diff }: StepPreview, number: number): Line[] {
  return [
    [span(`${number}. ${title}: `, "strong"), fileSpan(path, { path })],
    ...(other === null
      ? []
      : [indented([span(title === "Rename" ? "to " : "from ", "dim"), fileSpan(other, { path: other })])]),
    indented(line(why)),
    ...facts.map((fact) => indented(line(fact, "dim"))),
    ...diff.filter(isNeeded).map(({ kind, text }) => indented(line(`${MARKS[kind]} ${text}`.trimEnd(), TONES[kind]))),
  ];
}

/** Of two gaps in a row, one says it. */
function isNeeded({ kind, text }: DiffLine, index: number, diff: readonly DiffLine[]): boolean {
  return kind !== "gap" || text !== "" || diff[index - 1]?.kind !== "gap";
}
