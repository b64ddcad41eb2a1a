/** Outlines of repairs that mend single lines of a transcript where it stands; what was lost is put beside it. */
import type { Stretch } from "../../formats/json-records.ts";
import { count } from "../../model/amounts.ts";
import type { ByteEdit } from "../../model/plan.ts";
import { NOTHING, type Change, type Outline, refused } from "../outline.ts";
import type { RepairInput } from "../repair.ts";
import { type Reach, reachOf, reachText } from "./conversation.ts";
import { type Bridge, bridgesOver, withBridges } from "./bridges.ts";
import { type LineTrouble, type Mending, mendLines, MOST_LINES, onlyStretches } from "./mending.ts";
import { conversationAfter, linesOf, transcriptOf, type TranscriptPlace, writingGuards } from "./place.ts";

/** How many places are named one by one. */
const MOST_NAMED = 10;

/** What an outline says in words. */
export interface MendingTexts {
  /** The repair's own. */
  readonly title: string;
  /** End of the name of the file that what was lost goes to, such as `torn-tail`. */
  readonly beside: string;
  /** Why the transcript is replaced. */
  readonly why: string;
  /** When there is nothing of the kind. */
  readonly nothing: string;
}

/** The outline that mends all lines with these troubles, and the line that the finding names. */
export async function mendingOutline(
  input: RepairInput,
  troubles: readonly LineTrouble[],
  texts: MendingTexts,
): Promise<Outline> {
  const place = transcriptOf(input);
  if ("reason" in place) return { ...NOTHING, conflicts: [place] };
  const mending = await mendLines(linesOf(place, input), new Set(troubles), input.target.finding?.range);
  if (mending.lines.length === 0) return refused(place.fragment.path, texts.nothing);
  const mended = await conversationAfter(place, input, mending.edits);
  const bridges = bridgesOver(mending, mended, input.now);
  const edits = withBridges(mending, bridges);
  const after = reachOf(bridges.length === 0 ? mended : await conversationAfter(place, input, edits));
  return {
    changes: replacing(place, input, { edits, lost: mending.lost, bytes: mending.bytes }, texts),
    ...writingGuards(place.fragment, input),
    conflicts: [],
    notes: [
      reachNote(`${texts.title}: ${linesText(mending)}`, place, mending.before, after),
      ...mendingNotes(mending),
      ...bridgeNotes(bridges),
    ],
  };
}

/** What a transcript becomes, and what of it goes beside. */
export interface Replacing {
  readonly edits: readonly ByteEdit[];
  readonly lost: readonly Stretch[];
  /** Size of the transcript as it is. */
  readonly bytes: number;
}

/** The changes that put the mended transcript in its place, after what was lost was put beside. */
export function replacing(
  { fragment: { path } }: TranscriptPlace,
  { now }: RepairInput,
  { edits, lost, bytes }: Replacing,
  { beside, why }: Pick<MendingTexts, "beside" | "why">,
): Change[] {
  const replace: Change = { change: "replace", path, from: path, edits, why };
  if (lost.length === 0) return [replace];
  const amount = lost.reduce((sum, { start, end }) => sum + end - start, 0);
  const sidecar: Change = {
    change: "copy",
    from: path,
    path: besidePath(path, beside, now),
    edits: onlyStretches(lost, bytes),
    keepsTime: false,
    why: `What is part of no whole entry (${count(amount, "byte")}), kept beside it as it was.`,
  };
  return [sidecar, replace];
}

/** `<transcript>.<what>-<time>`: neither OpenClaw nor a scan takes it for a transcript, an archive, a store or a lock. */
function besidePath(path: string, what: string, now: number): string {
  return `${path}.${what}-${new Date(now).toISOString().replaceAll(":", "-")}`;
}

/** How many messages can be reached, with what is done and the name of the transcript: a plan may be about several. */
export function reachNote(what: string, { fragment }: TranscriptPlace, before: Reach, after: Reach): string {
  const name = fragment.path.slice(fragment.path.lastIndexOf("/") + 1);
  return `${what}, ${name}, reachable: ${reachText(before, after)}.`;
}

function mendingNotes({ lines, left }: Mending): string[] {
  const notes: string[] = [];
  const nuls = lines.flatMap((line) => line.nuls);
  if (nuls.length > 0) {
    const runs = nuls.map(({ start, end }) => `${count(end - start, "byte")} from byte ${start} on`);
    notes.push(`NUL bytes stood at ${nuls.length === 1 ? "one place" : `${nuls.length} places`}: ${listed(runs)}.`);
  }
  const escaped = lines.flatMap((line) => line.escaped);
  if (escaped.length > 0) {
    notes.push(`Escaped: ${listed(escaped.map(({ offset, text }) => `${text} at byte ${offset}`))}.`);
  }
  if (left > 0) {
    const rest = `${count(left, "further line")} of the kind ${left === 1 ? "is" : "are"} left`;
    notes.push(`${rest}: not more than ${MOST_LINES} are mended in one go. Repair again after this.`);
  }
  return notes;
}

function bridgeNotes(bridges: readonly Bridge[]): string[] {
  const named = bridges.map(({ id, line }) => `line ${line} (${id})`);
  if (named.length === 0) return [];
  const which = named.length === 1 ? "An entry stands" : "Entries stand";
  return [
    `${which} in the place of what is lost, without words, so that what followed leads to what was before: ${listed(named)}.`,
  ];
}

function linesText({ lines }: Mending): string {
  return `${lines.length === 1 ? "line" : "lines"} ${listed(lines.map(({ line }) => String(line)))}`;
}

function listed(all: readonly string[]): string {
  const more = all.length - MOST_NAMED;
  return `${all.slice(0, MOST_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
