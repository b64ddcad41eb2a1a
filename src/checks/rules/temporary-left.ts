/** store/temporary-left: files that should have existed for an instant. */
import { count, size } from "../../model/amounts.ts";
import type { AgentReading, Companion } from "../../model/reading.ts";
import { isWithin, mayBeWritten } from "../facts.ts";
import { momentText } from "../moments.ts";
import { keptWhile } from "../kept.ts";
import type { CheckInput, Draft, Rule } from "../rule.ts";

/** A store is written to its temporary file and renamed within this time. */
const WRITING_MS = 2_000;
const MOST_NAMED = 20;

export const temporaryLeft: Rule = (input) =>
  input.home.agents.flatMap(({ reading }) => {
    const left = temporaryFiles(reading.companions).filter((one) => isLeft(one, reading, input));
    return left.length === 0 ? [] : [draftOf(reading, left)];
  });

const temporaryFiles = keptWhile((companions: readonly Companion[]) =>
  companions.filter(({ what }) => what === "store-temporary" || what === "temporary"),
);

/** Beside a damaged store a temporary copy is evidence, and named in the finding about the store. */
function isLeft(file: Companion, agent: AgentReading, { home, now }: CheckInput): boolean {
  if (file.what === "store-temporary") {
    if (agent.store.state !== "ok" || mayBeWritten(home, agent.store.path)) return false;
  }
  return !isWithin(WRITING_MS, file.modifiedAt, now);
}

function draftOf(agent: AgentReading, left: readonly Companion[]): Draft {
  const [first] = left;
  const bytes = left.reduce((sum, file) => sum + file.bytes, 0);
  const one = left.length === 1;
  const files = `${count(left.length, "temporary file")} of a write that never finished ${one ? "has" : "have"} stayed`;
  return {
    code: "store/temporary-left",
    path: left.length === 1 && first !== undefined ? first.path : agent.sessionsPath,
    identity: agent.sessionsPath,
    message: `${files} (${size(bytes)}) beside the sessions of agent ${agent.name}, and nothing uses ${one ? "it" : "them"}.`,
    evidence: left.slice(0, MOST_NAMED).map(({ path, modifiedAt, bytes: length }) => ({
      kind: "file",
      text: `${size(length)}, last changed ${momentText(modifiedAt)}`,
      path,
    })),
    agent: agent.name,
  };
}
