/** Background execs in transcripts: where one was started, and where its completion was reported. */
import type { ExecFacts } from "../../model/exec-trace.ts";
import type { Fragment, WindowExtent } from "../../model/fragment.ts";
import type { HomeIdentity } from "../../model/home.ts";
import { asObject } from "../../formats/json-values.ts";
import { MatchingLines, type MatchingLine } from "../../formats/matching-lines.ts";
import { chunksOf, FileError, pathFrom, statThroughLinks, type FileStat } from "../../system/files.ts";
import type { ReadingContext, TraceBounds } from "../program.ts";
import { execEvents, type ExecEvent } from "./database/exec-events.ts";
import type { Entry } from "./entries.ts";
import { argumentsOf, type CallLookup, ExecTraces } from "./exec-traces.ts";
import { keptOrRead } from "./memo.ts";
import { readTranscript } from "./transcript-pages.ts";

/** Beyond these a transcript is left alone, and its `execs` stay null: they are clues, not worth a minute of reading. */
const USUAL_BOUNDS: TraceBounds = { mostBytesPerFragment: 256 << 20, mostBytes: 1 << 30 };

/**
 * What the lines of interest hold; in text that somebody quotes, the quotes of the first three are escaped. Values alone: what was
 * rewritten by another program may have blanks behind its colons.
 */
const TELLING = [
  '"running"',
  '"process"',
  '"approval-pending"',
  "Exec completed (",
  "Exec failed (",
  "Exec finished (",
  "An async command ",
  "[OpenClaw exec completion]",
];
/** A call stands in the assistant's message right before its result. */
const CALL = '"toolCall"';

/** Names the facts that are kept of a file, and their version. */
const READER = "openclaw/execs/4";

/** The same fragments with `execs` filled. Files that vanished or can't be read keep null. */
export async function traceExecs(
  home: HomeIdentity,
  fragments: readonly Fragment[],
  context: ReadingContext,
  { mostBytes, mostBytesPerFragment }: TraceBounds = USUAL_BOUNDS,
): Promise<Fragment[]> {
  let left = mostBytes;
  const traced: Fragment[] = [];
  for (const fragment of fragments) {
    await context.breathe();
    const within = fragment.bytes <= Math.min(left, mostBytesPerFragment);
    const execs = within ? await execsIn(home, fragment, context) : null;
    if (execs !== null) left -= fragment.bytes;
    traced.push(execs === null ? fragment : { ...fragment, execs });
  }
  return traced;
}

async function execsIn(home: HomeIdentity, fragment: Fragment, context: ReadingContext): Promise<ExecFacts | null> {
  const path = pathFrom(home.path, fragment.path);
  try {
    if (fragment.kind === "window" && fragment.window !== undefined) {
      return execsAmong(await execEvents(home.path, path, fragment.window), fragment.window);
    }
    const file = statThroughLinks(path);
    if (file?.kind !== "file") return null;
    if (fragment.archive !== undefined) return await execsInArchive(home, fragment);
    const reader = fragment.window === undefined ? READER : `${READER}/${fragment.window.fromSeq}`;
    const isPlain = fragment.window === undefined && !path.endsWith(".zst");
    return await keptOrRead(context.memo, file, reader, () =>
      isPlain ? readExecs(file, context) : execsInArchive(home, fragment),
    );
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return null;
  }
}

/** The execs of a window; its lines are counted as they are shown. */
function execsAmong(events: readonly ExecEvent[], { fromSeq }: WindowExtent): ExecFacts {
  const traces = new ExecTraces();
  for (const { call, entry, prompt, seq } of events) traces.take(entry, seq - fromSeq + 1, () => call, prompt);
  return traces.facts();
}

/** Archives of later releases are packed, each as a whole. */
async function execsInArchive(home: HomeIdentity, fragment: Fragment): Promise<ExecFacts> {
  const { events } = await readTranscript(home, fragment, { mostEvents: Infinity, mostBytes: Infinity });
  const traces = new ExecTraces();
  const fromSeq = fragment.window?.fromSeq ?? 0;
  let lastCall: string | null = null;
  const call: CallLookup = (toolCallId) => argumentsIn(lastCall, toolCallId);
  for (const { seq, text } of events) {
    const entry = TELLING.some((one) => text.includes(one)) ? parsed(text) : undefined;
    if (entry !== undefined) traces.take(entry, seq - fromSeq + 1, call);
    if (text.includes(CALL)) lastCall = text;
  }
  return traces.facts();
}

async function readExecs(file: FileStat, context: ReadingContext): Promise<ExecFacts> {
  const lines = new MatchingLines(TELLING, CALL);
  const traces = new ExecTraces();
  const collect = ({ bytes, companion, number }: MatchingLine): void => {
    const entry = parsed(bytes.toString("utf8"));
    const call: CallLookup = (toolCallId) => argumentsIn(companion()?.toString("utf8") ?? null, toolCallId);
    if (entry !== undefined) traces.take(entry, number, call);
  };
  for (const { bytes } of chunksOf(file.path)) {
    lines.take(bytes).forEach(collect);
    await context.breathe();
  }
  lines.end().forEach(collect);
  return traces.facts();
}

/** The arguments of a call in the message of the assistant that stands right before its result. */
function argumentsIn(message: string | null, toolCallId: string): Entry | undefined {
  const entry = message === null ? undefined : parsed(message);
  return entry === undefined ? undefined : argumentsOf(entry, toolCallId);
}

function parsed(text: string): Entry | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}
