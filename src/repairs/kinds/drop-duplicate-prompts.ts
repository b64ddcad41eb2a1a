/** Takes branches out of a transcript that begin with a prompt that stands in the conversation as well. */
import { count } from "../../model/amounts.ts";
import type { Finding } from "../../model/finding.ts";
import type { HomeSnapshot } from "../../model/snapshot.ts";
import type { ByteEdit } from "../../model/plan.ts";
import { NOTHING, refused } from "../outline.ts";
import { type Choice, choiceReason, chosen, type Repair, type RepairInput } from "../repair.ts";
import { conversationIn, type Entry, reachOf } from "../transcript/conversation.ts";
import { type Branches, branchesIn } from "../transcript/duplicate-prompts.ts";
import { reachNote } from "../transcript/in-place.ts";
import {
  conversationAfter,
  isOurs,
  linesOf,
  transcriptOf,
  type TranscriptPlace,
  writingGuards,
} from "../transcript/place.ts";

export const dropDuplicatePrompts: Repair = {
  id: "drop-duplicate-prompts",
  title: "Take the duplicated prompts out",
  does:
    "Takes branches that begin with a prompt that is in use as well, behind the same entry, out of the transcript. Where the " +
    "conversation has left other branches too the choice says what becomes of these: `duplicates` keeps them, `active-branch` leaves " +
    "the branch in use alone, as OpenClaw's `doctor --fix` does. The transcript as it was is kept in the receipt.",
  never:
    "It touches nothing that the model is shown: the way from the end to the beginning stays the same, line by line.",
  codes: ["transcript/duplicate-prompt"],
  appliesTo,
  choices: async (input) => {
    const place = transcriptOf(input);
    return "reason" in place ? [] : choicesOf(await lookedAt(place, input));
  },
  outline: async (input) => {
    const place = transcriptOf(input);
    if ("reason" in place) return { ...NOTHING, conflicts: [place] };
    const { path } = place.fragment;
    const found = await lookedAt(place, input);
    if (found.branches.duplicated.size === 0) return refused(path, "No prompt stands there twice (any more).");
    const choices = choicesOf(found);
    const choice = chosen(choices, input.choice);
    if (choices.length > 0 && choice === null) return refused(path, choiceReason(choices, input.choice, ""));
    const unwanted = choice?.id === "active-branch" ? found.branches.left : found.branches.duplicated;
    const edits = withoutLines(unwanted);
    const why = "The same transcript without the branches that are there twice.";
    const after = await conversationAfter(place, input, edits);
    return {
      changes: [{ change: "replace", path, from: path, edits, why }],
      ...writingGuards(place.fragment, input),
      conflicts: [],
      notes: [
        `Taken out: ${count(unwanted.size, "entry")} on branches that the conversation has left.`,
        reachNote("Without them", place, reachOf(found.conversation), reachOf(after)),
      ],
    };
  },
};

/** A message that was only sent again is a person's own doing. */
function appliesTo(finding: Finding, home: HomeSnapshot): boolean {
  return finding.severity !== "info" && isOurs(finding, home);
}

interface LookedAt {
  readonly conversation: Awaited<ReturnType<typeof conversationIn>>;
  readonly branches: Branches;
}

async function lookedAt(place: TranscriptPlace, input: RepairInput): Promise<LookedAt> {
  const conversation = await conversationIn(linesOf(place, input));
  return { conversation, branches: await branchesIn(conversation, linesOf(place, input)) };
}

/** Nothing to choose where all that was left is there twice. */
function choicesOf({ branches: { duplicated, left } }: LookedAt): Choice[] {
  if (duplicated.size === 0 || duplicated.size === left.size) return [];
  return [
    {
      id: "duplicates",
      label: "Take out the duplicated prompts alone",
      detail: `${count(duplicated.size, "entry")}; other branches that were left stay`,
      isDefault: false,
    },
    {
      id: "active-branch",
      label: "Leave the branch in use alone, as OpenClaw's doctor does",
      detail: count(left.size, "entry"),
      isDefault: false,
    },
  ];
}

/** Edits that take these lines out, each with its newline; lines that follow each other as one. */
function withoutLines(unwanted: ReadonlySet<Entry>): ByteEdit[] {
  const edits: ByteEdit[] = [];
  for (const { length, offset } of [...unwanted].toSorted((a, b) => a.offset - b.offset)) {
    const last = edits.at(-1);
    if (last !== undefined && last.offset + last.length === offset) {
      edits[edits.length - 1] = { ...last, length: last.length + length + 1 };
    } else edits.push({ offset, length: length + 1, text: "" });
  }
  return edits;
}
