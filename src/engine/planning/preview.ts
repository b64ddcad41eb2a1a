/** A plan as a person reads it before it runs. Reads the stretches around each edit, and nothing else. */
import { join } from "node:path";

import { lineDiff } from "../../formats/line-diff.ts";
import { count, size } from "../../model/amounts.ts";
import type { DiffLine, PlanPreview, StepPreview } from "../../model/plan-preview.ts";
import {
  type ByteEdit,
  type FileContent,
  type FileState,
  type Plan,
  type Step,
  type WriteFile,
  writesOf,
} from "../../model/plan.ts";
import { pathFrom } from "../../system/files.ts";
import { NotReadable, type RepairPort } from "../../repairs/port.ts";
import { diskPort } from "./disk-port.ts";

/** Bytes read before and behind an edit, to show the lines around it. */
const AROUND_BYTES = 4096;
/** A part of a file that is shown by itself. */
const MOST_PART_BYTES = 64 << 10;
const MOST_LINES = 120;
const MOST_CHARACTERS = 300;
const HASH_DIGITS = 16;

type CopiedContent = Extract<FileContent, { as: "copy" }>;

export async function previewPlan(plan: Plan, port: RepairPort = diskPort()): Promise<PlanPreview> {
  const steps: StepPreview[] = [];
  for (const step of plan.steps) steps.push(await stepPreview(step, plan.home, port));
  return {
    planId: plan.id,
    title: plan.title,
    home: plan.home,
    writes: writesOf(plan),
    stores: plan.locks.filter(({ of }) => of === "store").map(({ target }) => join(plan.home, target)),
    steps,
    conditions: plan.gates.map((gate) => condition(gate, plan.home)),
    conflicts: plan.conflicts.map(({ path, reason }) => ({ path: pathFrom(plan.home, path), reason })),
    notes: plan.notes,
  };
}

function condition(gate: Plan["gates"][number], home: string): string {
  switch (gate.gate) {
    case "gateway-down":
      return `No gateway runs. ${gate.why}`;
    case "lock-free":
      return `Nobody holds ${join(home, gate.path)}. ${gate.why}`;
    case "still-stale":
      return `${join(home, gate.path)} is still stale. ${gate.why}`;
    case "quiet":
      return `${join(home, gate.path)} was not written to for ${Math.round(gate.quietMs / 1000)} s. ${gate.why}`;
  }
}

async function stepPreview(step: Step, home: string, port: RepairPort): Promise<StepPreview> {
  const path = join(home, step.path);
  const base = { path, other: null, why: step.why, facts: [], diff: [] };
  switch (step.do) {
    case "move-aside": {
      const facts = step.before.is === "file" ? [fileText(step.before)] : [`a ${step.before.is}`];
      return { ...base, title: "Move aside, into the receipt", facts };
    }
    case "rename": {
      const facts = step.before.is === "file" ? [fileText(step.before)] : [];
      return { ...base, title: "Rename", other: join(home, step.to), facts };
    }
    case "make-folder":
      return { ...base, title: "Make a folder", facts: [modeText(step.mode)] };
    case "make-symlink":
      return { ...base, title: "Make a symbolic link", facts: [`to ${step.after.target}`] };
    case "write-file":
      return { ...base, ...(await writePreview(step, home, port)) };
  }
}

async function writePreview(
  step: WriteFile,
  home: string,
  port: RepairPort,
): Promise<Partial<StepPreview> & { title: string }> {
  const { content, before, after, mode } = step;
  const becomes = before.is === "file" ? `from ${fileText(before)} to ${fileText(after)}` : fileText(after);
  const facts = [becomes, modeText(mode)];
  if (content.as !== "copy") {
    const title = before.is === "absent" ? "Write a new file" : "Replace a file";
    return { title, facts, diff: newText(content) };
  }
  const own = content.of === step.path;
  const source = pathFrom(home, content.of);
  if (!own && isSmallPart(step, content)) {
    const text = await keptText(source, content.expect, content.edits, port);
    return {
      title: "Copy a part of a file",
      other: source,
      facts,
      diff: text === null ? [] : newText({ as: "text", text }),
    };
  }
  const title = own
    ? "Change a file"
    : before.is === "absent"
      ? "Copy a file"
      : "Replace a file by a copy of another one";
  const edits = content.edits.length === 0 ? [] : [`${count(content.edits.length, "change")} to its bytes`];
  return {
    title,
    other: own ? null : source,
    facts: [...facts, ...edits],
    diff: await editsDiff(source, content.expect, content.edits, port),
  };
}

/** Less than half of the other file, and short enough to be shown. */
function isSmallPart({ after }: WriteFile, { expect }: CopiedContent): boolean {
  return after.bytes <= MOST_PART_BYTES && after.bytes * 2 < expect.bytes;
}

/** What is left of a file with these edits; null when it can't be read any more. */
async function keptText(
  path: string,
  file: FileState,
  edits: readonly ByteEdit[],
  port: RepairPort,
): Promise<string | null> {
  const parts: Buffer[] = [];
  let at = 0;
  try {
    for (const { offset, length, text } of [...edits, { offset: file.bytes, length: 0, text: "" }]) {
      if (offset > at) parts.push(await port.read(path, at, offset - at));
      parts.push(Buffer.from(text));
      at = offset + length;
    }
  } catch (error) {
    if (error instanceof NotReadable) return null;
    throw error;
  }
  return Buffer.concat(parts).toString("utf8");
}

function fileText({ bytes, sha256 }: FileState): string {
  return `${size(bytes)}, sha256 ${sha256.slice(0, HASH_DIGITS)}…`;
}

function modeText(mode: number): string {
  return `mode ${mode.toString(8).padStart(4, "0")}`;
}

function newText(content: Exclude<FileContent, { as: "copy" }>): DiffLine[] {
  const text = content.as === "text" ? content.text : Buffer.from(content.base64, "base64").toString("utf8");
  return readable(lineDiff("", text));
}

/** Edits that stand near each other are shown as one stretch. */
async function editsDiff(
  path: string,
  file: FileState,
  edits: readonly ByteEdit[],
  port: RepairPort,
): Promise<DiffLine[]> {
  const lines: DiffLine[] = [];
  try {
    for (const group of groupsOf(edits)) {
      if (lines.length > MOST_LINES) break;
      const [first, last] = [group[0]!, group.at(-1)!];
      const from = Math.max(0, first.offset - AROUND_BYTES);
      const until = Math.min(file.bytes, last.offset + Math.min(last.length, AROUND_BYTES) + AROUND_BYTES);
      const bytes = await port.read(path, from, until - from);
      lines.push(...stretchDiff(bytes, from, group, file.bytes));
    }
  } catch (error) {
    if (!(error instanceof NotReadable)) throw error;
    return [];
  }
  return readable(lines);
}

function groupsOf(edits: readonly ByteEdit[]): ByteEdit[][] {
  const groups: ByteEdit[][] = [];
  for (const edit of edits) {
    const last = groups.at(-1)?.at(-1);
    if (last !== undefined && edit.offset - last.offset - last.length < AROUND_BYTES) groups.at(-1)!.push(edit);
    else groups.push([edit]);
  }
  return groups;
}

/** The difference inside one stretch, without the lines that it cuts at its ends. */
function stretchDiff(bytes: Buffer, from: number, edits: readonly ByteEdit[], fileBytes: number): DiffLine[] {
  const parts: Buffer[] = [];
  let at = 0;
  for (const { offset, length, text } of edits) {
    parts.push(bytes.subarray(at, offset - from), Buffer.from(text));
    at = Math.min(bytes.length, offset - from + length);
  }
  const after = Buffer.concat([...parts, bytes.subarray(at)]);
  const start = from === 0 ? 0 : Math.max(0, bytes.subarray(0, edits[0]!.offset - from).indexOf(0x0a) + 1);
  const rest = bytes.subarray(at);
  const cut = from + bytes.length >= fileBytes ? rest.length : Math.max(0, rest.lastIndexOf(0x0a) + 1);
  const drop = rest.length - cut;
  return lineDiff(
    bytes.toString("utf8", start, bytes.length - drop),
    after.toString("utf8", start, after.length - drop),
  );
}

/** Short enough to be read. */
function readable(lines: readonly DiffLine[]): DiffLine[] {
  const shown = lines.slice(0, MOST_LINES).map(({ kind, text }) => ({
    kind,
    text: text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`,
  }));
  return lines.length > MOST_LINES
    ? [...shown, { kind: "gap", text: `${lines.length - MOST_LINES} more lines` }]
    : shown;
}
