/** The port that every agent program's folder fills: find its homes, read one, re-read what changed. */
import type { TranscriptEntry } from "../model/entry.ts";
import type { LineMark } from "../formats/line-index.ts";
import type { Fragment, FragmentPlace } from "../model/fragment.ts";
import type { GatewayEvent } from "../model/gateway-event.ts";
import type { HomeIdentity, Program } from "../model/home.ts";
import type { HomeReading, Skipped } from "../model/reading.ts";
import type { FileStat } from "../system/files.ts";
import type { Processes } from "../system/processes.ts";

/** What the tool itself runs in; passed in so that tests own it. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Home folder of the user, absolute. */
  readonly userHome: string;
  readonly platform: NodeJS.Platform;
  readonly processes: Processes;
  /** Milliseconds, UTC. */
  readonly now: () => number;
}

/** Places that a person named: folders (a home, or a folder that holds homes) and glob patterns. */
export interface GivenPlaces {
  readonly paths: readonly string[];
  /** Look for the homes of this user as well. */
  readonly discover: boolean;
}

/** Gives back what `read` computed for the same file in the same state, across scans and restarts. */
export interface FactsMemo {
  /** `reader` names the kind and version of the facts. A read that throws is not kept. */
  get<T>(file: FileStat, reader: string, read: () => T): T;
}

/** What reading needs beside the file system. */
export interface ReadingContext {
  readonly world: World;
  readonly memo: FactsMemo;
  /** Yields to the event loop when the time slice is used up; rejects when the scan was cancelled. */
  readonly breathe: () => Promise<void>;
}

/** A re-read after changes: the new reading, and the fragments that changed in place (same path). */
export interface ReadingUpdate {
  readonly reading: HomeReading;
  readonly changed: readonly { readonly agent: string; readonly before: Fragment; readonly after: Fragment }[];
  /** Something else changed as well (names, rows, claims): agents whose reading is a new object must be linked again. */
  readonly structural: boolean;
}

/** Which part of a transcript to read. Both bounds hold; a page has at least one event. */
export interface TranscriptRequest {
  /** Number (`seq`) of the event to begin with; the fragment's first without it. */
  readonly from?: number;
  /**
   * Instead of `from`: the page ends before this event, and has the newest that fit. Infinity asks for the fragment's end. There
   * are older ones as long as the page's first event is not the fragment's.
   */
  readonly before?: number;
  readonly mostEvents?: number;
  /** Bytes of text, UTF-8. */
  readonly mostBytes?: number;
  /** Of a plain file: a line far enough before the page, from which on it is read instead of from the file's beginning. */
  readonly near?: LineMark;
}

/** One event of a transcript, as it stands there. */
export interface TranscriptEvent {
  /** Its number: in a database the program's own, in a file the line's, from 0. */
  readonly seq: number;
  /** One line of JSON, untouched but for line breaks between its tokens; empty when it can't be read. */
  readonly text: string;
  /** Why it can't be read; a plain sentence part. */
  readonly trouble?: string;
}

/** A stretch of a fragment's events, in order. */
export interface TranscriptPage {
  readonly events: readonly TranscriptEvent[];
  /** Number of the event to go on from; null at the end. */
  readonly next: number | null;
  /** Numbers of the fragment's first and last event as it is now; the last is null where only a whole read would tell. */
  readonly first: number;
  readonly last: number | null;
}

/** A variable of a process's environment; null unsets it. */
export interface VariableSetting {
  readonly name: string;
  readonly value: string | null;
}

/** How much may be read for exec traces; bytes. */
export interface TraceBounds {
  readonly mostBytesPerFragment: number;
  /** Of all fragments together. */
  readonly mostBytes: number;
}

export interface AgentProgram {
  readonly program: Program;
  /** Every home once, symlinks resolved, with role and reasons. Never throws for what lies on disk. */
  discover(context: ReadingContext, given: GivenPlaces): Promise<{ homes: HomeIdentity[]; skipped: Skipped[] }>;
  /** What can be told of a home at once: agents and the rows of their stores. Quick also where reading takes long. */
  glance(home: HomeIdentity, context: ReadingContext): Promise<HomeReading>;
  /** Reads the whole home. Agents that are unchanged since `previous` keep their object identity. */
  read(home: HomeIdentity, context: ReadingContext, previous?: HomeReading): Promise<HomeReading>;
  /** Re-reads only these absolute paths; null when the change needs a whole read. */
  update(
    home: HomeIdentity,
    previous: HomeReading,
    paths: readonly string[],
    context: ReadingContext,
  ): Promise<ReadingUpdate | null>;
  /** Folders (absolute) to watch without descending, so that no change of this home is missed. */
  watched(reading: HomeReading): string[];
  /** The home (absolute) inside which `userHome` lies, or which it is; or null. What runs there sees a second store. */
  isolatedIn(userHome: string): string | null;
  /** The home (absolute) that a path lies in, or null. Nothing needs to stand at the path yet. */
  homeAround(path: string): string | null;
  /** Variables with which the program's own commands work on this home and no other. */
  environmentFor(home: HomeIdentity, world: Pick<World, "userHome">): readonly VariableSetting[];
  /**
   * Reads these fragments whole for exec traces; the result is the same fragments with `execs` filled. Those beyond the bounds
   * keep null; without bounds no more is read than a scan may take for it.
   */
  traceExecs(
    home: HomeIdentity,
    fragments: readonly Fragment[],
    context: ReadingContext,
    bounds?: TraceBounds,
  ): Promise<Fragment[]>;
  /**
   * The events of a fragment, page by page, whatever it lies in: a file, a compressed archive, a database. `place` is looked
   * up again at each call; one that is gone, or can't be opened, rejects with FileError.
   */
  readTranscript(home: HomeIdentity, place: FragmentPlace, request: TranscriptRequest): Promise<TranscriptPage>;
  /**
   * What a compressed archive of transcript lines unpacks to; null for anything else, which `readTranscript` gives event by event.
   * Throws FileError.
   */
  unpacked(home: HomeIdentity, place: FragmentPlace): Buffer | null;
  /** What one line of a transcript says. Pure and total: a line that can't be read is an entry that says so. */
  readEntry(line: string): TranscriptEntry;
  /** What the program's own logs say of this home's sessions, oldest first; read only when it is asked for. */
  gatewayEvents(reading: HomeReading, context: ReadingContext): Promise<GatewayEvent[]>;
}
