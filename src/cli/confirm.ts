/** Asks a question on a terminal; only a plain yes counts. */
import { createInterface } from "node:readline/promises";

/** Resolves with false for anything but "y" or "yes", and when the terminal is closed. */
export const confirmOn =
  (input: NodeJS.ReadableStream, output: NodeJS.WritableStream) =>
  async (question: string): Promise<boolean> => {
    const terminal = createInterface({ input, output });
    const closed = new Promise<string | null>((resolve) => terminal.once("close", () => resolve(null)));
    try {
      const answer = await Promise.race([terminal.question(`${question} [y/N] `), closed]);
      // Ctrl-C and Ctrl-D leave the cursor behind the question.
      if (answer === null) output.write("\n");
      return answer !== null && /^y(?:es)?$/i.test(answer.trim());
    } finally {
      terminal.close();
    }
  };
