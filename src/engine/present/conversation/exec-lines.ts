/** Background execs in a conversation: at the start where its completion was told, at the notice where it was started. */
import type { ExecNotice, ExecPlace } from "../../../model/exec.ts";
import type { EntryPlace } from "../../../model/fragment.ts";
import type { Certainty } from "../../../model/session.ts";
import type { ExecIndex } from "../../exec-index.ts";
import { outcomeText } from "../execs.ts";
import { CERTAINTY_TONES, span } from "../lines.ts";
import { placeLabel } from "../places.ts";
import { moment } from "../times.ts";
import { firstWords } from "./excerpts.ts";
import type { Part } from "./layout.ts";
import { dim, type View } from "./parts.ts";

const LONGEST_COMMAND = 100;
const LEAD = "↳ ";

/** "fragment 2, line 7": leads there. */
function placePart({ fragment, line }: ExecPlace, view: View): Part {
  const number = view.numberOf(fragment);
  const name = number === undefined ? placeLabel(fragment) : `fragment ${number}`;
  const where = fragment.window === undefined ? `line ${line}` : `event ${line - 1 + fragment.window.fromSeq}`;
  return { ...span(`${name}, ${where}`), shown: { fragment, line } };
}

const certaintyParts = (certainty: Certainty): Part[] => [
  dim(" ("),
  span(certainty, CERTAINTY_TONES[certainty]),
  dim(")"),
];

const atPart = (at: number | null): string => (at === null ? "" : ` ${moment(at)}`);

const others = (alternatives: readonly ExecPlace[], view: View): Part[] =>
  alternatives.length === 0
    ? []
    : [
        dim("; it can also be "),
        ...alternatives.flatMap((one, index) => [dim(index === 0 ? "" : ", "), placePart(one, view)]),
      ];

/** A line about an exec: link where it leads somewhere, doubt where nothing is known to lead to. */
export interface ExecLine {
  readonly line: Part[];
  readonly mark: "doubt" | "link";
}

const leading = (line: Part[]): ExecLine => ({ line, mark: "link" });

/** What came of the exec that this entry started. */
export function execStartLines(index: ExecIndex, entry: EntryPlace, view: View): ExecLine[] {
  return index.startedAt(entry).map(({ delivery, undelivered }) => {
    if (delivery !== null)
      return leading([
        span(`${LEAD}${outcomeText(delivery)}${atPart(delivery.endedAt)}, told in `),
        placePart(delivery.place, view),
        ...certaintyParts(delivery.certainty),
        ...others(delivery.alternatives, view),
      ]);
    return { line: [span(`${LEAD}${undelivered?.text ?? "Nothing tells how it ended."}`, "warning")], mark: "doubt" };
  });
}

/** The execs that this entry saw end. */
export function execEndLines(index: ExecIndex, entry: EntryPlace, view: View): ExecLine[] {
  return index
    .endedAt(entry)
    .flatMap(({ ended, slug, start }) =>
      ended === null
        ? []
        : [
            leading([
              span(`${LEAD}${slug} ${outcomeText(ended)}, started in `),
              placePart(start, view),
              ...certaintyParts(ended.certainty),
            ]),
          ],
    );
}

/** Where the execs were started of which this entry tells that they have ended. */
export function noticeLines(index: ExecIndex, entry: EntryPlace, view: View): ExecLine[] {
  return index.toldAt(entry).map((notice) => noticeLine(notice, view));
}

function noticeLine(notice: ExecNotice, view: View): ExecLine {
  const { open, origin, repeats } = notice;
  const again: Part[] = repeats === null ? [] : [dim("; told before in "), placePart(repeats, view)];
  if (origin === null) {
    const unknown = span(`${LEAD}${open ?? "Where it was started is not known."}`, "warning");
    return { line: [unknown, ...again], mark: "doubt" };
  }
  const command = origin.command === null ? "" : `: ${firstWords(origin.command, LONGEST_COMMAND, view)}`;
  return leading([
    span(`${LEAD}${origin.slug} was started${atPart(origin.startedAt)} in `),
    placePart(origin.start, view),
    ...certaintyParts(origin.certainty),
    span(command),
    ...others(origin.alternatives, view),
    ...again,
  ]);
}
