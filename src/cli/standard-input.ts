/** Text that is piped into the command line, or pasted at its terminal. */
import { text } from "node:stream/consumers";
import type { ReadStream } from "node:tty";

/** All of it, up to its end (Ctrl-D at a terminal). */
export function textOfInput(input: ReadStream): Promise<string> {
  if (input.isTTY) process.stderr.write("Paste the message, then press Ctrl-D:\n");
  return text(input);
}
