/** The environment of a terminal in which recovery commands work on the canonical home. */

export interface RecoveryEnvironmentParams {
  /** A home, or a shadow of it. */
  readonly homeId: string;
}

/** One variable as it must be, and as the server's own environment has it; null where it is not set. */
export interface RecoveryVariable {
  readonly name: string;
  readonly value: string | null;
  readonly was: string | null;
}

export interface RecoveryEnvironment {
  /** Absolute path of the home that the commands will work on. */
  readonly home: string;
  readonly label: string;
  readonly variables: readonly RecoveryVariable[];
  /** What to tell the person who types there, one sentence a line. */
  readonly note: readonly string[];
}
