/** How the command line ends: its exit codes, and the errors that carry one. */

export const EXIT = {
  done: 0,
  /** Findings at or above `--fail-on`; a repair that was refused. */
  findings: 1,
  usage: 2,
  /** Something could not be read or written. */
  unreadable: 3,
  /** Stopped by Ctrl-C: 128 + SIGINT, as shells have it. */
  interrupted: 130,
} as const;

/** Ends the program with a message for the person and an exit code. */
export class ExitError extends Error {
  override readonly name = "ExitError";
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export const usageError = (message: string): ExitError => new ExitError(EXIT.usage, message);
