/** Asks a question on a terminal; only a plain yes counts. */
import { createInterface } from "node:readline/promises";

/** Resolves with false for anything but "y" or "yes", and when the terminal is closed. */
export const confirmOn =
  (input: NodeJS.ReadableStream, output: NodeJS.WritableStream) =>
  async (question: string): Promise<boolean> => {
    const terminal = createInterface({ input, output });
    const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
    try {
      const answer = await Promise.race([terminal.question(`${question} [y/N] `), closed]);
      return /^y(?:es)?$/i.test(answer.trim());
    } finally {
      terminal.close();
    }
  };
