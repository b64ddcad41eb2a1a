// An engine that shows snapshots made by hand, and notes what it was asked for.
import type { GivenPlaces, TranscriptPage, TranscriptRequest } from "../../src/agents/program.ts";
import type { Engine, EngineSettings } from "../../src/engine/engine.ts";
import { OpenTranscripts } from "../../src/engine/transcripts/open-transcripts.ts";
import type { ExecProvenance } from "../../src/model/exec.ts";
import type { FragmentPlace } from "../../src/model/fragment.ts";
import type { GatewayEvent } from "../../src/model/gateway-event.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";

/** What a deep check read that read nothing. */
export const NOTHING_READ = { transcripts: 0, bytes: 0, lines: 0, entries: 0, known: 0, failed: [], notFollowed: [] };

export interface FakeEngine extends Engine {
  /** From the next scan or change on, this one. */
  next: Snapshot;
  readonly scans: number;
  /** Paths of each call of `changed`. */
  readonly changes: readonly (readonly string[])[];
  readonly configured: readonly { given?: GivenPlaces; settings?: EngineSettings }[];
  folders: readonly string[];
  /** Answers `readTranscript`. */
  transcript: (place: FragmentPlace, request: TranscriptRequest) => TranscriptPage | Promise<TranscriptPage>;
  /** Answers `execs`. */
  provenance: ExecProvenance;
  /** Answers `gatewayEvents`. */
  logged: readonly GatewayEvent[];
  readonly closed: boolean;
}

export function fakeEngine(first: Snapshot): FakeEngine {
  const listeners = new Set<(snapshot: Snapshot) => void>();
  const changes: string[][] = [];
  const configured: { given?: GivenPlaces; settings?: EngineSettings }[] = [];
  let current: Snapshot | null = null;
  let scans = 0;
  let closed = false;
  const show = (snapshot: Snapshot): Snapshot => {
    if (snapshot !== current) {
      current = snapshot;
      for (const listener of listeners) listener(snapshot);
    }
    return snapshot;
  };
  const engine: FakeEngine = {
    next: first,
    folders: [],
    logged: [],
    transcripts: new OpenTranscripts(),
    transcript: () => {
      throw new Error("this engine has no transcripts");
    },
    provenance: { execs: [], notices: [], unread: [] },
    changes,
    configured,
    get scans() {
      return scans;
    },
    get closed() {
      return closed;
    },
    get snapshot() {
      return current;
    },
    scan: (signal) => {
      scans += 1;
      return signal?.aborted === true ? Promise.reject(new Error("stopped")) : Promise.resolve(show(engine.next));
    },
    changed: (paths) => {
      changes.push([...paths]);
      return Promise.resolve(show(engine.next));
    },
    readTranscript: async (_home, place, request) => engine.transcript(place, request),
    execs: () => Promise.resolve(engine.provenance),
    gatewayEvents: () => Promise.resolve(engine.logged),
    deepCheck: () => Promise.resolve({ snapshot: show(engine.next), read: NOTHING_READ }),
    onDidChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    watchedFolders: () => engine.folders,
    configure: (change) => void configured.push(change),
    close: () => {
      closed = true;
      return Promise.resolve();
    },
  };
  return engine;
}
