/** The machine that the tool runs on, as far as a judgement needs it: itself, other processes, the volume of a home. */

/** This tool's own process and the system it runs in. */
export interface Machine {
  readonly pid: number;
  readonly host: string;
  /** Milliseconds, UTC; null where the system does not say. */
  readonly bootedAt: number | null;
  /** Such as "pid:[4026531836]"; null where there is no such thing. */
  readonly pidNamespace: string | null;
}

/** A live process. */
export interface ProcessFacts {
  readonly pid: number;
  /** Arguments joined by blanks, or the title that the process gave itself. */
  readonly command: string;
  readonly argv: readonly string[];
  /** Start time in clock ticks since boot; field 22 of /proc/<pid>/stat. */
  readonly startTicks: number | null;
  /** Milliseconds, UTC. */
  readonly startedAt: number | null;
  readonly pidNamespace: string | null;
}

/** What a look at one pid said: the process, that none lives here under that number, or that it can't be told. */
export type OwnerLook = ProcessFacts | "dead" | "unknown";

/** The file system that a home lies on. */
export interface Volume {
  /** Other machines can write to it too (NFS, SMB, sshfs, a shared folder of a virtual machine). */
  readonly network: boolean;
  /** It is the same file system as the root folder's. */
  readonly ofRoot: boolean;
}
