/** Every kind of finding that only a whole read of a transcript tells. */
import type { DamageCode } from "../../model/damage.ts";
import type { FindingKind } from "../codes.ts";

/** Damage that a look at the beginning and the end of a file shows as well has its kind among the others. */
type DeepCode = Exclude<DamageCode, "transcript/bad-header" | "transcript/torn-tail">;

export const DAMAGE_KINDS = {
  "transcript/joined-records": {
    severity: "warning",
    title: "Two entries on one line",
    means:
      "Between two entries the line break is missing. Each of them can be read, but OpenClaw reads line by line and passes over " +
      "both.",
    why: "A process died between writing an entry and its line break, or two processes wrote to the file at once.",
    advice: "Split the line; nothing is lost. Do it while no gateway runs.",
    threads: ["anthropics/claude-code#52387"],
  },
  "transcript/nul-run": {
    severity: "warning",
    title: "NUL bytes inside a transcript",
    means:
      "A stretch of zeros stands where text should be. The line can't be read with them; what stands around them often can.",
    why: "The machine lost power, or a container or a virtual disk was cut off, before the file system had written the data.",
    advice: "Take out the zeros. What lay under them is gone, unless a backup has it.",
    threads: ["anthropics/claude-code#49876", "openai/codex#24369"],
  },
  "transcript/control-character": {
    severity: "warning",
    title: "A raw control character inside a text",
    means:
      "JSON wants control characters, such as a line break or a tab, written as an escape. This one stands there as a raw byte, " +
      "so the whole line can't be read (`Bad control character in string literal in JSON`).",
    why: "The output of a tool was written without escaping it, or a line was edited by hand.",
    advice: "Escape the character inside its string; the rest of the line stays as it is.",
    threads: ["openclaw/openclaw#69846"],
  },
  "transcript/partial-json": {
    severity: "warning",
    title: "A half-received tool call that was kept",
    means:
      "A tool call still holds `partialJson`, the scratch text from which its arguments were put together. It should be gone once " +
      "the call is complete; some providers refuse it, and it has broken whole lines.",
    why: "The model's answer broke off while it was received.",
    advice: "Drop the field; the arguments beside it stay.",
    threads: ["openclaw/openclaw#69846"],
  },
  "transcript/bad-line": {
    severity: "warning",
    title: "A line that is no entry",
    means:
      "A line in the middle of the transcript can't be read. OpenClaw passes over it; the other lines are not affected.",
    why: "A write was cut and another one went on behind it, the disk failed, or the file was edited by hand.",
    advice:
      "Look at the line. It can be moved into a file beside the transcript, so that the rest reads without trouble.",
    threads: ["openclaw/openclaw#100644"],
  },
  "transcript/oversized-line": {
    severity: "info",
    title: "A very long line",
    means:
      "One entry takes more than 4 MB. OpenClaw's database takes no larger event, so a migration may refuse it; editors are slow " +
      "with it, and each turn that still has it in its context pays for it.",
    why: "A tool gave back a picture or the content of a large file.",
    advice: "Nothing needs to be done for the session to work.",
    threads: ["openclaw/openclaw#57534", "openclaw/openclaw#15145"],
  },
  "transcript/duplicate-id": {
    severity: "warning",
    title: "Two entries with one id",
    means:
      "Entries name the one before them by its id, and of two with the same id OpenClaw takes the last one: the first, and what " +
      "hangs on it, may be out of reach. Where the last one comes after the first in the same conversation, the way back goes " +
      "round in circles, and OpenClaw never gets done with it.",
    why: "An entry was written twice, two processes wrote at once, or lines were copied by hand.",
    advice:
      "Where the entries are copies of each other nothing is lost. Otherwise look at both before the session goes on: in a copy " +
      "each can have an id of its own.",
    threads: ["anthropics/claude-code#36583"],
  },
  "transcript/broken-parent": {
    severity: "error",
    title: "An entry that follows one that is not there",
    means:
      "The conversation is a chain of entries, and this one names a predecessor that the transcript does not have. OpenClaw gives " +
      "the model only what can be reached from the end: everything before this place is forgotten, though it still stands there.",
    why: "Lines were lost or removed, two processes wrote at once, or ids were changed.",
    advice:
      "Don't go on in this session before you have read what stands before the break; it can be joined again in a copy.",
    threads: ["anthropics/claude-code#24304", "anthropics/claude-code#22526", "anthropics/claude-code#58554"],
  },
  "transcript/orphan-branch": {
    severity: "info",
    title: "A branch that the conversation has left",
    means:
      "Some entries can't be reached from the end of the transcript, so the model does not see them. They can be read here.",
    why: "A message was edited or a conversation rewound; or two processes went on from the same entry.",
    advice: "Nothing, if it was meant. If it was not, the branch can be continued in a copy.",
    threads: ["anthropics/claude-code#46603", "anthropics/claude-code#36583"],
  },
  "transcript/duplicate-prompt": {
    severity: "warning",
    title: "The same prompt twice behind the same entry",
    means:
      "Two branches begin at the same place with the same words. Only one of them is in use; the turn shows up twice.",
    why: "OpenClaw 2026.4.24 wrote a prompt anew after it had added context to it, and kept both; or a message was sent again.",
    advice: "Nothing is lost. OpenClaw's own `doctor --fix` rewrites such transcripts to the branch in use.",
    threads: [],
  },
  "transcript/call-without-result": {
    severity: "warning",
    title: "A tool call without a result",
    means:
      "The model called a tool, and the conversation went on without its answer. Some providers refuse every further turn then " +
      "(`tool_use ids were found without tool_result blocks immediately after`).",
    why: "The gateway died while the tool ran, or the entry with the result was lost.",
    advice: "Go on in a copy in which the call is closed or dropped; the original stays as it is.",
    threads: [
      "openclaw/openclaw#8264",
      "openclaw/openclaw#21985",
      "openclaw/openclaw#109443",
      "anthropics/claude-code#6836",
    ],
  },
  "transcript/result-without-call": {
    severity: "warning",
    title: "A tool result without its call",
    means:
      "A tool's answer stands there, but the model's last answer with tool calls does not name it. Some providers refuse every " +
      "further turn then (`unexpected tool_use_id found in tool_result blocks`).",
    why: "The entry with the call was lost, the result was written twice, or a compaction cut between the two.",
    advice: "Go on in a copy without the result; the original stays as it is.",
    threads: ["openclaw/openclaw#9769", "openclaw/openclaw#10310", "openclaw/openclaw#109443"],
  },
  "transcript/prompt-error": {
    severity: "info",
    title: "A turn that ended in an error",
    means: "The model gave no answer to this turn; the error is what OpenClaw or the provider said.",
    why: "The provider refused or broke off the request, or the prompt failed before it was sent.",
    advice: "Read the error; send the message again if it still matters.",
    threads: [],
  },
  "transcript/aborted-turn": {
    severity: "info",
    title: "A turn that was stopped",
    means: "The answer was broken off on request. What had arrived until then is kept.",
    why: "Somebody stopped it, or a newer message took its place.",
    advice: "Nothing.",
    threads: [],
  },
  "transcript/unfinished-turn": {
    severity: "warning",
    title: "A last turn that was never finished",
    means: "The transcript ends with a message that was never answered, or with a tool call whose result never came.",
    why: "The gateway was stopped or killed in the middle of the turn.",
    advice: "Read the end of the transcript, and send the message again if it still matters.",
    threads: ["openclaw/openclaw#98920"],
  },
  "transcript/out-of-order": {
    severity: "info",
    title: "An entry that is out of time",
    means:
      "Its time lies before that of the entry above it, or behind that of the entry below it. Nothing is lost by it alone.",
    why: "Two processes wrote to the file, the clock was set, or lines were moved by hand.",
    advice: "Look whether two programs write to this session.",
    threads: [],
  },
} as const satisfies Readonly<Record<DeepCode, FindingKind>>;
