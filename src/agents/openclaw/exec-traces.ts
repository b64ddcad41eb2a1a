/** Collects what the entries of one fragment tell of background execs, entry by entry, in their order. */
import type {
  ExecEndTrace,
  ExecFacts,
  ExecNoticeTrace,
  ExecOutcome,
  ExecRequestTrace,
  ExecStartTrace,
  UnnamedNoticeTrace,
} from "../../model/exec-trace.ts";
import { asNumber, asObject, asText } from "../../formats/json-values.ts";
import { entryTime, messageText, roleOf, type Entry } from "./entries.ts";
import { noticesIn, noticesInPrompt } from "./exec-notices.ts";
import { boundedCommand, boundedName, boundedOutput } from "./exec-output.ts";

/** The arguments of a call of the exec tool, by the id of the call. */
export type CallLookup = (toolCallId: string) => Entry | undefined;

/** Takes the entries of one fragment, in order, and gives what they told. */
export class ExecTraces {
  private readonly started: ExecStartTrace[] = [];
  private readonly completed: ExecNoticeTrace[] = [];
  private readonly quoted: ExecNoticeTrace[] = [];
  private readonly unnamed: UnnamedNoticeTrace[] = [];
  private readonly ended: ExecEndTrace[] = [];
  private readonly requested: ExecRequestTrace[] = [];
  /** Execs of which an end was seen since they were last started: an agent that polls in a loop sees it many times. */
  private readonly over = new Set<string>();

  /**
   * Takes the entry at this line. `call` gives what a result answers; `prompt` is that of the run which answered the entry, where
   * the trajectory has it.
   */
  take(entry: Entry, line: number, call: CallLookup, prompt: string | null = null): void {
    const entryId = boundedName(asText(entry["id"]));
    if (roleOf(entry) === "toolResult") {
      this.takeResult(entry, line, entryId, call);
      return;
    }
    const notices = noticesIn(entry, line, entryId);
    const prompted = prompt === null ? [] : noticesInPrompt(prompt, entry, line, entryId);
    for (const one of [...notices.completed, ...prompted]) this.completed.push(one);
    for (const one of notices.quoted) this.quoted.push(one);
    for (const one of prompted.length === 0 ? notices.unnamed : []) this.unnamed.push(one);
  }

  /** All that was taken; lists that most fragments have none of are absent when empty. */
  facts(): ExecFacts {
    const { completed, ended, quoted, requested, started, unnamed } = this;
    return {
      started,
      completed,
      ...(quoted.length === 0 ? {} : { quoted }),
      ...(unnamed.length === 0 ? {} : { unnamed }),
      ...(requested.length === 0 ? {} : { requested }),
      ...(ended.length === 0 ? {} : { ended }),
    };
  }

  private takeResult(entry: Entry, line: number, entryId: string | null, call: CallLookup): void {
    const message = asObject(entry["message"]) ?? {};
    const details = asObject(message["details"]) ?? {};
    const at = entryTime(entry);
    if (message["toolName"] === "process") {
      for (const { outcome, slug } of endsIn(details, messageText(entry))) {
        if (this.over.has(slug)) continue;
        this.over.add(slug);
        this.ended.push({ slug, at, line, entryId, outcome });
      }
      return;
    }
    const approvalId = boundedName(asText(details["approvalId"]));
    if (approvalId !== null && details["status"] === "approval-pending") {
      this.requested.push({ approvalId, at, line, entryId, ...commandFacts(message, details) });
      return;
    }
    const slug = boundedName(asText(details["sessionId"]));
    if (slug === null || details["status"] !== "running") return;
    this.over.delete(slug);
    this.started.push({
      slug,
      at: asNumber(details["startedAt"]) ?? at,
      line,
      entryId,
      ...(at === null ? {} : { writtenAt: at }),
      ...processFacts(message, details, call),
    });
  }
}

function processFacts(
  message: Entry,
  details: Entry,
  call: CallLookup,
): Pick<ExecStartTrace, "pid" | "toolCallId" | "command"> {
  const pid = asNumber(details["pid"]);
  const toolCallId = boundedName(asText(message["toolCallId"]));
  const command = toolCallId === null ? null : asText(call(toolCallId)?.["command"]);
  return {
    ...(pid === null ? {} : { pid }),
    ...(toolCallId === null ? {} : { toolCallId }),
    ...(command === null ? {} : { command: boundedCommand(command) }),
  };
}

/** A result that asks for an approval repeats the command. */
function commandFacts(message: Entry, details: Entry): Pick<ExecRequestTrace, "toolCallId" | "command"> {
  const toolCallId = boundedName(asText(message["toolCallId"]));
  const command = asText(details["command"]);
  return {
    ...(toolCallId === null ? {} : { toolCallId }),
    ...(command === null ? {} : { command: boundedCommand(command) }),
  };
}

type End = Pick<ExecEndTrace, "slug" | "outcome">;

const ENDED: Readonly<Record<string, ExecOutcome["outcome"]>> = {
  completed: "completed",
  failed: "failed",
  killed: "killed",
};

/** Results of the actions poll and log name one process, those of list name all of them; kill and remove say it in words. */
function endsIn(details: Entry, text: string): End[] {
  const listed = details["sessions"];
  if (Array.isArray(listed)) return listed.flatMap((one) => endOf(asObject(one) ?? {}, null));
  const named = endOf(details, text);
  if (named.length > 0) return named;
  const killed = boundedName(/^(?:Killed|Termination requested for) session ([^\s.]+)\.?$/.exec(text)?.[1] ?? null);
  if (killed === null) return [];
  return [{ slug: killed, outcome: { outcome: "killed", exitCode: null, signal: null, output: null } }];
}

/** `text` is what the tool printed; null where the result is a list. */
function endOf(process: Entry, text: string | null): End[] {
  const slug = boundedName(asText(process["sessionId"]));
  const outcome = ENDED[asText(process["status"]) ?? ""] ?? null;
  if (slug === null || outcome === null) return [];
  const printed = asText(process["aggregated"]) ?? asText(process["tail"]) ?? text ?? "";
  const signal = process["exitSignal"];
  return [
    {
      slug,
      outcome: {
        outcome,
        exitCode: asNumber(process["exitCode"]),
        signal: typeof signal === "string" || typeof signal === "number" ? String(signal) : null,
        output: boundedOutput(printed),
      },
    },
  ];
}

/** The arguments of a call in a message of the assistant. */
export function argumentsOf(entry: Entry, toolCallId: string): Entry | undefined {
  const content = asObject(entry["message"])?.["content"];
  if (!Array.isArray(content)) return undefined;
  const block = content.map(asObject).find((one) => one?.["type"] === "toolCall" && one["id"] === toolCallId);
  return asObject(block?.["arguments"]);
}
