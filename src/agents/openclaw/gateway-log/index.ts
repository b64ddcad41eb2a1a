/** The gateway's log as evidence: what it says of the sessions of a home. Read only when somebody asks. */
import type { GatewayEvent } from "../../../model/gateway-event.ts";
import type { HomeReading } from "../../../model/reading.ts";
import { MatchingLines } from "../../../formats/matching-lines.ts";
import { chunksOf, FileError, isInside, type FileStat } from "../../../system/files.ts";
import type { ReadingContext } from "../../program.ts";
import { keptOrRead } from "../memo.ts";
import { eventIn, NEEDLES, withoutEchoes, type LoggedEvent } from "./events.ts";
import { gatewayLogs } from "./places.ts";

/** OpenClaw keeps six files of 100 MB at most. Older ones than fit are left alone. */
const MOST_BYTES = 256 << 20;
const MOST_EVENTS_PER_LOG = 20_000;

/** What the logs that can be found say, oldest first. A log that can't be read tells nothing. */
export async function gatewayEvents(reading: HomeReading, context: ReadingContext): Promise<GatewayEvent[]> {
  const { path } = reading.home;
  const ids = idsIn(reading);
  const found: GatewayEvent[] = [];
  let left = MOST_BYTES;
  for (const file of gatewayLogs(path, context.world)) {
    if (file.size > left) continue;
    left -= file.size;
    for (const event of await eventsOf(file, context)) {
      // A path elsewhere is another home's.
      if (event.path !== null && !isInside(path, event.path)) continue;
      const isSure = event.path !== null || (event.sessionId !== null && ids.has(event.sessionId));
      found.push({ ...event, isSure });
    }
  }
  return withoutEchoes(found);
}

function idsIn({ agents }: HomeReading): Set<string> {
  const ids = agents.flatMap(({ fragments, store }) => [
    ...fragments.flatMap(({ fileId, sessionId }) => [fileId, sessionId]),
    ...store.rows.map(({ sessionId }) => sessionId),
  ]);
  return new Set(ids.filter((id) => id !== null));
}

async function eventsOf(file: FileStat, context: ReadingContext): Promise<readonly LoggedEvent[]> {
  try {
    return await keptOrRead(context.memo, file, "openclaw/gateway-log/1", () => readLog(file.path, context));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return [];
  }
}

/** The newest events of the log, in the order of its lines. */
async function readLog(path: string, context: ReadingContext): Promise<LoggedEvent[]> {
  const lines = new MatchingLines(NEEDLES);
  const events: LoggedEvent[] = [];
  const collect = ({ bytes, number }: { readonly bytes: Buffer; readonly number: number }): void => {
    const event = eventIn(bytes.toString("utf8"), path, number);
    if (event !== null) events.push(event);
    if (events.length > 2 * MOST_EVENTS_PER_LOG) events.splice(0, MOST_EVENTS_PER_LOG);
  };
  for (const { bytes } of chunksOf(path)) {
    lines.take(bytes).forEach(collect);
    await context.breathe();
  }
  lines.end().forEach(collect);
  return events.slice(-MOST_EVENTS_PER_LOG);
}
