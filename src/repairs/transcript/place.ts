/** The transcript that a repair is about: whether we may write it, and what must hold while we do. */
import { join } from "node:path";

import type { Finding } from "../../model/finding.ts";
import type { Fragment } from "../../model/fragment.ts";
import type { Conflict } from "../../model/plan.ts";
import type { AgentSnapshot, HomeSnapshot } from "../../model/snapshot.ts";
import { type FoundFragment, fragmentAt, isOutside, together, transcriptGuards } from "../facts.ts";
import type { Outline } from "../outline.ts";
import type { RepairInput } from "../repair.ts";
import { type Conversation, conversationIn } from "./conversation.ts";
import { editedStretches, type FileLines, linesIn, stretchesOf } from "./file-lines.ts";
import type { ByteEdit } from "../../model/plan.ts";

/** A transcript with its place on disk. */
export interface TranscriptPlace extends FoundFragment {
  /** Absolute. */
  readonly absolute: string;
}

/** The transcript of the target, or why it can't be repaired by us. */
export function transcriptOf({ target, home }: RepairInput): TranscriptPlace | Conflict {
  const found = fragmentAt(home, target.path);
  if (found === undefined) return { path: target.path, reason: "There is no transcript here (any more)." };
  return (
    transcriptConflict(found.agent, found.fragment) ?? { ...found, absolute: join(home.home.path, found.fragment.path) }
  );
}

/** For `appliesTo`: whether the finding is about a transcript that we may write. */
export function isOurs({ path }: Finding, home: HomeSnapshot): boolean {
  const found = fragmentAt(home, path);
  return found !== undefined && transcriptConflict(found.agent, found.fragment) === null;
}

function transcriptConflict({ reading }: AgentSnapshot, { path, kind, window }: Fragment): Conflict | null {
  const reason =
    reading.databases.length > 0
      ? "This agent keeps its sessions in a database, which this tool only reads: use OpenClaw's own commands."
      : window !== undefined || kind === "window" || kind === "cold" || path.endsWith(".zst")
        ? "It is packed, or lies in a database: only OpenClaw itself writes there."
        : kind === "imported"
          ? "It was put away by an import, which compares it with what it read: it stays as it is."
          : isOutside(path)
            ? "It lies outside the home."
            : null;
  return reason === null ? null : { path, reason };
}

/** What must hold and be held while the transcript is replaced. */
export function writingGuards(fragment: Fragment, input: RepairInput): Pick<Outline, "gates" | "locks"> {
  const why = "A running gateway owns the transcripts, and renames them without looking at their locks.";
  return together({ gates: [{ gate: "gateway-down", why }], locks: [] }, fileGuards(fragment, input));
}

/** Those about the file itself. An archive has no lock: OpenClaw does not write it. */
export function fileGuards({ path, kind }: Fragment, input: RepairInput): Pick<Outline, "gates" | "locks"> {
  const guards = transcriptGuards(path, true, input);
  return kind === "live" ? guards : { gates: guards.gates.filter(({ gate }) => gate === "quiet"), locks: [] };
}

/** Its lines as they are, or as they will be with these edits. Rejects with NotReadable. */
export function linesOf(
  { absolute }: TranscriptPlace,
  { port }: RepairInput,
  edits: readonly ByteEdit[] = [],
): FileLines {
  const stretches = stretchesOf(port, absolute);
  return linesIn(edits.length === 0 ? stretches : editedStretches(stretches, edits));
}

/** The conversation as it will be with these edits. */
export function conversationAfter(
  place: TranscriptPlace,
  input: RepairInput,
  edits: readonly ByteEdit[],
): Promise<Conversation> {
  return conversationIn(linesOf(place, input, edits));
}
