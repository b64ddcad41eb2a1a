/** Command lines to be typed, with arguments from foreign files made harmless. */

const PLAIN = /^[\w@%+=:,./-]+$/;

/** The argument as a POSIX shell takes it literally. */
export const quoted = (argument: string): string =>
  PLAIN.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;

/** `session-forensics history agent:main:incident --home /srv/.openclaw` */
export function ownCommand(...args: readonly string[]): string {
  return ["session-forensics", ...args].map(quoted).join(" ");
}
