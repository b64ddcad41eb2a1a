/** Text that is piped into the command line, or pasted at its terminal. */
import type { ReadStream } from "node:tty";

/** Its beginning, of `most` UTF-16 units, up to its end (Ctrl-D at a terminal). */
export async function textOfInput(input: ReadStream, most: number): Promise<string> {
  if (input.isTTY) process.stderr.write("Paste the message, then press Ctrl-D:\n");
  let text = "";
  for await (const part of input.setEncoding("utf8")) {
    text += String(part);
    if (text.length >= most) break;
  }
  return text.slice(0, most);
}
