/** The gateway's log as evidence: what it says of the sessions of a home. Read only when somebody asks. */
import type { GatewayEvent } from "../../../model/gateway-event.ts";
import type { HomeReading } from "../../../model/reading.ts";
import { FileError, isInside, type FileStat } from "../../../system/files.ts";
import type { ReadingContext } from "../../program.ts";
import { withoutEchoes, type LoggedEvent } from "./events.ts";
import { followedLog } from "./followed-log.ts";
import { gatewayLogs } from "./places.ts";

/** OpenClaw keeps six files of 100 MB at most. Older ones than fit are left alone. */
const MOST_BYTES = 256 << 20;

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
    return await followedLog(file, context);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return [];
  }
}
