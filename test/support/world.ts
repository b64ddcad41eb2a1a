/** A world that tests own: no environment, no processes, a fixed time; and a memo that lives in memory. */
import type { FactsMemo, GivenPlaces, ReadingContext, World } from "../../src/agents/program.ts";
import type { FileStat } from "../../src/system/files.ts";
import type { Processes, ProcessInfo } from "../../src/system/processes.ts";

/** The moment at which the tests take place: ten minutes after the newest entry of the fixture homes. */
export const NOW = Date.parse("2026-11-21T01:10:00.000Z");

/** Processes of a made-up machine: only those given live there. */
export function processes(live: readonly Partial<ProcessInfo>[] = []): Processes {
  const infos = live.map(processInfo);
  return {
    self: { pid: 77, host: "workbench", bootedAt: null, pidNamespace: null },
    look: (pid) => infos.find((info) => info.pid === pid) ?? "dead",
    list: () => infos,
  };
}

function processInfo(given: Partial<ProcessInfo>): ProcessInfo {
  return {
    pid: 4242,
    command: "openclaw",
    argv: ["openclaw"],
    startTicks: null,
    startedAt: null,
    pidNamespace: null,
    environment: null,
    ...given,
  };
}

/** A world without homes; TMPDIR leads nowhere, so that no gateway lock of the real machine is met. */
export function world(given: Partial<World> = {}): World {
  return {
    env: { TMPDIR: "/nowhere/tmp" },
    userHome: "/nowhere/home",
    platform: "linux",
    processes: processes(),
    now: () => NOW,
    ...given,
  };
}

/** A memo in memory that counts how often it had to read. */
export interface CountingMemo extends FactsMemo {
  readonly reads: string[];
}

export function memo(): CountingMemo {
  const kept = new Map<string, { readonly state: string; readonly facts: unknown }>();
  const reads: string[] = [];
  return {
    reads,
    get<T>(file: FileStat, reader: string, read: () => T): T {
      const key = `${reader} ${file.path}`;
      const state = `${file.size} ${file.mtimeMs} ${file.ino} ${file.dev}`;
      const known = kept.get(key);
      if (known?.state === state) return known.facts as T;
      const facts = read();
      reads.push(key);
      kept.set(key, { state, facts });
      return facts;
    },
  };
}

export function readingContext(given: Partial<World> = {}, facts: FactsMemo = memo()): ReadingContext {
  return { world: world(given), memo: facts, breathe: () => Promise.resolve() };
}

/** Only these paths, nothing discovered. */
export function only(...paths: string[]): GivenPlaces {
  return { paths, discover: false };
}
