/** What a tool for language models is: a name, words for the model, a schema of its input, and a bounded answer. */
import type { JsonSchema } from "@valibot/to-json-schema";
import { toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";

import type { Snapshot } from "../../model/snapshot.ts";
import type { HistorySource } from "../history/document.ts";
import { bytesOf, MOST_BYTES } from "./bounded.ts";

/** What tools work on: the homes as they are now, and their transcripts. */
export interface ToolHost extends HistorySource {
  /** The newest snapshot, of homes that are known as a whole. */
  snapshot(): Promise<Snapshot>;
  /** Milliseconds, UTC. */
  readonly now: () => number;
  /** Absolute path of a ripgrep to search with; null where there is none. */
  readonly ripgrep: () => Promise<string | null>;
}

/** A JSON object that every face gives to the model as it is. */
export type ToolAnswer = Readonly<Record<string, unknown>>;

/** A tool as every face offers it. */
export interface Tool {
  /** Lower case with underscores, a verb last or a noun that says what comes. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** For the model: what it gives, when to use it, what to call next. */
  readonly description: string;
  readonly inputSchema: JsonSchema;
  /** Rejects with ToolRefusal for what the model can put right. */
  run(host: ToolHost, input: unknown, signal?: AbortSignal): Promise<ToolAnswer>;
}

/** Something the model asked for can't be given; the message says what to do instead. */
export class ToolRefusal extends Error {
  override readonly name = "ToolRefusal";
}

interface Definition<Schema extends v.GenericSchema<unknown, unknown>> extends Pick<
  Tool,
  "name" | "title" | "description"
> {
  readonly input: Schema;
  readonly answer: (host: ToolHost, input: v.InferOutput<Schema>, signal?: AbortSignal) => Promise<ToolAnswer>;
}

function issuesText(issues: readonly v.BaseIssue<unknown>[]): string {
  return issues.map((issue) => `${v.getDotPath(issue) ?? "input"}: ${issue.message}`).join("; ");
}

/** Ids and names in transcripts may have any length: what no limit of a tool has foreseen is not given at all. */
function bounded(answer: ToolAnswer): ToolAnswer {
  const bytes = bytesOf(answer);
  if (bytes <= 2 * MOST_BYTES) return answer;
  throw new ToolRefusal(
    `The answer would have ${bytes} bytes, which is more than a tool gives: something in the transcript is of unusual length. Ask for less with a smaller limit; session_history with brief: true cuts all that is long.`,
  );
}

/** A tool whose input is checked by its schema, and whose answer is bounded. */
export function defineTool<Schema extends v.GenericSchema<unknown, unknown>>(definition: Definition<Schema>): Tool {
  const { answer, description, input: schema, name, title } = definition;
  return {
    name,
    title,
    description,
    inputSchema: toJsonSchema(schema, { typeMode: "input", errorMode: "ignore" }),
    async run(host, input, signal) {
      const { issues, output, success } = v.safeParse(schema, input ?? {});
      if (!success) throw new ToolRefusal(`The input of ${name} is not as its schema has it. ${issuesText(issues)}`);
      return bounded(await answer(host, output, signal));
    },
  };
}
