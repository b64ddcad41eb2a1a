/** What is known of the background commands that a line started, or tells the end of. */
import { execIndex } from "../../engine/exec-index.ts";
import type { ExecEntry } from "../../engine/exec-index.ts";
import type { ExecNotice, ExecPlace, ExecRecord } from "../../model/exec.ts";
import { placeOf } from "../../model/fragment.ts";
import type { LineEntry } from "./line-entry.ts";
import type { Reading, ReadingContext } from "./reading.ts";

export interface LineExecs {
  /** The command that the line, a result, started. */
  readonly started: ExecRecord | null;
  /** Notices of completions that the line holds. */
  readonly notices: readonly ExecNotice[];
  /** Commands of which the line, a result of a poll, shows that they have ended. */
  readonly polled: readonly ExecRecord[];
}

export const NO_EXECS: LineExecs = { started: null, notices: [], polled: [] };

type Telling = Pick<LineEntry, "author" | "id" | "kind" | "line" | "notices" | "role" | "toolResult">;

/** Whether the line can have to do with a background command: for any other nothing has to be looked for. */
function mayTell({ author, kind, notices, role, toolResult }: Telling): boolean {
  const isPrompt = role === "user" && author === "program";
  const isPoll = toolResult?.name === "process";
  return kind === "context" || notices.length > 0 || isPrompt || isPoll || (toolResult?.background ?? null) !== null;
}

/** In a document of a part lines are counted otherwise than in the fragment: there an entry is known by its id. */
function entryAt({ address, located }: Reading, line: Telling): ExecEntry | null {
  if (located === null) return null;
  const fragment = placeOf(located.entry.fragment);
  return address === null ? { fragment, line: line.line + 1 } : { fragment, entryId: line.id };
}

/** Reads the session's transcripts where that was not done yet. */
export async function execsOfLine({ host }: ReadingContext, reading: Reading, line: Telling): Promise<LineExecs> {
  const { home, located } = reading;
  const entry = entryAt(reading, line);
  if (home === null || located === null || entry === null || !mayTell(line)) return NO_EXECS;
  const execs = execIndex(await host.execs(home.home.path, located.agent.reading.name, located.entry.session.id));
  return { started: execs.startedAt(entry)[0] ?? null, notices: execs.toldAt(entry), polled: execs.endedAt(entry) };
}

/** Where the commands were started that the line tells the end of. */
export const startsOf = ({ notices, polled }: LineExecs): ExecPlace[] => [
  ...notices.flatMap(({ origin }) => (origin === null ? [] : [origin.start])),
  ...polled.map(({ start }) => start),
];

/** Where the end of the command that the line started was told. */
export const endsOf = ({ started }: LineExecs): ExecPlace[] => [
  ...(started?.delivery ? [started.delivery.place] : []),
  ...(started?.ended ? [started.ended.place] : []),
];
