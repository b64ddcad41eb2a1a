/** Background execs in transcripts: where one was started, and where its completion was reported. */
import type { ExecFacts, ExecTrace } from "../../model/exec-trace.ts";
import type { Fragment, WindowExtent } from "../../model/fragment.ts";
import type { HomeIdentity } from "../../model/home.ts";
import { asNumber, asObject, asText, asTime } from "../../formats/json-values.ts";
import { MatchingLines, type MatchingLine } from "../../formats/matching-lines.ts";
import { chunksOf, FileError, pathFrom, statThroughLinks, type FileStat } from "../../system/files.ts";
import type { ReadingContext } from "../program.ts";
import { execEvents, type ExecEvent } from "./database/exec-events.ts";
import { contentText, entryTime, messageText, roleOf, type Entry } from "./entries.ts";
import { keptOrRead } from "./memo.ts";

/** Beyond these a transcript is left alone, and its `execs` stay null: they are clues, not worth a minute of reading. */
const MOST_BYTES_PER_FILE = 256 << 20;
const MOST_BYTES = 1 << 30;

/** What the lines of interest hold; in text that somebody quotes, the quotes of the first are escaped. */
const NEEDLES = ['"status":"running"', "Exec completed (", "Exec failed (", "Exec finished ("];

/** The same fragments with `execs` filled. Files that vanished or can't be read keep null. */
export async function traceExecs(
  home: HomeIdentity,
  fragments: readonly Fragment[],
  context: ReadingContext,
): Promise<Fragment[]> {
  let left = MOST_BYTES;
  const traced: Fragment[] = [];
  for (const fragment of fragments) {
    await context.breathe();
    const within = fragment.bytes <= Math.min(left, MOST_BYTES_PER_FILE);
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
    // Archives of later releases are packed: nothing is linked by what they hold.
    if (file?.kind !== "file" || fragment.window !== undefined || path.endsWith(".zst")) return null;
    return await keptOrRead(context.memo, file, "openclaw/execs/1", () => readExecs(file, context));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return null;
  }
}

/** The execs of a window; its lines are counted as they are shown. */
function execsAmong(events: readonly ExecEvent[], { fromSeq }: WindowExtent): ExecFacts {
  const started: ExecTrace[] = [];
  const completed: ExecTrace[] = [];
  for (const { entry, prompt, seq } of events) {
    const line = seq - fromSeq + 1;
    const start = startOf(entry, line);
    if (start !== null) started.push(start);
    completed.push(...completionsOf(entry, line));
    const told = { at: entryTime(entry), line, entryId: asText(entry["id"]) };
    if (prompt !== null) completed.push(...slugsIn(prompt).map((slug) => ({ slug, ...told })));
  }
  return { started, completed };
}

async function readExecs(file: FileStat, context: ReadingContext): Promise<ExecFacts> {
  const lines = new MatchingLines(NEEDLES);
  const started: ExecTrace[] = [];
  const completed: ExecTrace[] = [];
  const collect = (line: MatchingLine): void => {
    const entry = parsed(line.bytes);
    if (entry === undefined) return;
    const start = startOf(entry, line.number);
    if (start !== null) started.push(start);
    completed.push(...completionsOf(entry, line.number));
  };
  for (const { bytes } of chunksOf(file.path)) {
    lines.take(bytes).forEach(collect);
    await context.breathe();
  }
  lines.end().forEach(collect);
  return { started, completed };
}

/** `toolResult` of an exec that goes on in the background: `details.sessionId` is the slug of the process. */
function startOf(entry: Entry, line: number): ExecTrace | null {
  if (roleOf(entry) !== "toolResult") return null;
  const message = asObject(entry["message"]);
  const details = asObject(message?.["details"]);
  const slug = asText(details?.["sessionId"]);
  // The process tool answers with the same status and slug, but without a start.
  if (slug === null || details?.["status"] !== "running" || message?.["toolName"] === "process") return null;
  return { slug, at: asNumber(details["startedAt"]) ?? entryTime(entry), line, entryId: asText(entry["id"]) };
}

/** `System: [2026-11-21 00:16:46 UTC] Exec completed (salty-gl, code 0) :: …` before a user text (2026.3). */
const SYSTEM_NOTICE = /^System: \[([^\]\n]+)\] (Exec (?:completed|failed|finished) \([^\n]*)$/gm;
/** The slug is cut to eight characters; approvals write `session=<slug>` among other things. */
const NOTICE =
  /Exec (?:completed|failed|finished) \((?:[^()\n]*\bsession=([^,()\s]+)[^()\n]*|([^,()=\s]+)(?:, [^()\n]*)?)\)/g;

function completionsOf(entry: Entry, line: number): ExecTrace[] {
  const entryId = asText(entry["id"]);
  const written = entryTime(entry);
  if (roleOf(entry) === "user") {
    const notices = [...systemLines(messageText(entry)).matchAll(SYSTEM_NOTICE)];
    return notices.flatMap(([, stamp = "", text = ""]) =>
      slugsIn(text).map((slug) => ({ slug, at: noticeTime(stamp) ?? written, line, entryId })),
    );
  }
  // Since 2026.5 a hidden entry beside the heartbeat turn carries the notice.
  if (entry["type"] !== "custom_message" || entry["customType"] !== "openclaw.runtime-context") return [];
  return slugsIn(contentText(entry["content"])).map((slug) => ({ slug, at: written, line, entryId }));
}

/** Only lines before the person's own text are OpenClaw's. */
function systemLines(text: string): string {
  return /^(?:System: [^\n]*\n?|[ \t]*\n)*/.exec(text)?.[0] ?? "";
}

function slugsIn(text: string): string[] {
  return [...text.matchAll(NOTICE)].map(([, session, slug]) => session ?? slug ?? "");
}

/** `2026-11-21 00:16:46 UTC`, `… GMT+1` or `… GMT-3:30`, to the second; null when the zone is not understood. */
function noticeTime(stamp: string): number | null {
  const parts = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (?:UTC|GMT)(?:([+-])(\d{1,2})(?::(\d\d))?)?$/.exec(stamp);
  if (parts === null) return null;
  const [, day, time, sign = "+", hours = "0", minutes = "00"] = parts;
  return asTime(`${day}T${time}${sign}${hours.padStart(2, "0")}:${minutes}`);
}

function parsed(bytes: Buffer): Entry | undefined {
  try {
    return asObject(JSON.parse(bytes.toString("utf8")));
  } catch {
    return undefined;
  }
}
