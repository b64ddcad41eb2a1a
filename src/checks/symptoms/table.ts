/** The wordings that users met, by what they are about. Each is quoted in the threads that the findings name. */
import type { Symptom } from "./symptom.ts";

const LOCKS: readonly Symptom[] = [
  {
    id: "session-file-locked",
    program: "openclaw",
    saidBy: "OpenClaw's gateway",
    pattern:
      /session file locked \(timeout \d+ ?ms\)|SessionWriteLockTimeoutError|OPENCLAW_SESSION_WRITE_LOCK_TIMEOUT/i,
    means:
      "A turn wanted to write to a transcript, and somebody else held its lock for longer than the turn would wait. The message " +
      "names the process that the lock names: it may be alive and busy, or long gone.",
    codes: ["lock/stale", "lock/held-long", "lock/unknown"],
    otherwise:
      "No lock is in the way now: it was released, or removed when the gateway started. Send the message again. If it comes " +
      "back while the gateway lives, a turn holds the lock for longer than others wait (a long tool call).",
  },
  {
    id: "store-locked",
    program: "openclaw",
    saidBy: "OpenClaw",
    pattern: /timeout acquiring session store lock|sessions\.json\.lock/i,
    means:
      "The lock on the list of sessions (sessions.json.lock) was not released. OpenClaw's doctor does not look at this lock, so " +
      "neither doctor nor a restart removes it.",
    codes: ["lock/stale", "lock/held-long", "lock/unknown"],
    otherwise: "No lock stands on a store now. Send the message again.",
  },
  {
    id: "takeover",
    program: "openclaw",
    saidBy: "OpenClaw's gateway",
    pattern: /EmbeddedAttemptSessionTakeoverError|session file changed while/i,
    means:
      "A transcript was changed by somebody else while a turn ran: a second gateway, an editor, a tool that writes into live " +
      "sessions, or a sync program. The turn was given up so that the two would not overwrite each other.",
    codes: ["store/shadow", "store/shadow-diverged", "store/shared-transcript", "transcript/broken-parent"],
    otherwise:
      "Nothing that writes beside the gateway can be seen now. Look for a second gateway on the same home, and for programs " +
      "that sync or edit the sessions folder.",
  },
];

const MISSING: readonly Symptom[] = [
  {
    id: "main-transcript-missing",
    program: "openclaw",
    saidBy: "OpenClaw's doctor",
    pattern: /session transcript(?:s)? missing|history will appear to reset|missing transcripts?\b/i,
    means:
      "The list of sessions has a row whose transcript is not where the row says. The conversation is often still on disk: in a " +
      "reset archive, in a shadow store, or in a backup. `--fix-missing` would remove the row, which is what still names it.",
    codes: ["store/missing-transcript", "store/foreign-session-file", "chain/unlinked-archive", "store/shadow"],
    otherwise: "Every row of the homes that were looked at has its transcript now.",
  },
  {
    id: "lost-memory",
    program: null,
    saidBy: "the agent, or the person who met it",
    pattern:
      /no memory of (?:our |the )?previous|forgot(?:ten)? everything|can'?t (?:determine|tell) what to continue|all (?:my )?(?:old )?sessions (?:are )?(?:gone|vanished)|all memory is lost/i,
    means:
      "The agent began a fresh transcript: a reset, a daily rollover, or a second store. What was said before normally lies in " +
      "the archives of the same session; `session-forensics history` reads across them.",
    codes: [
      "chain/unlinked-archive",
      "store/missing-transcript",
      "store/shadow",
      "store/shadow-diverged",
      "store/missing",
      "store/unreadable",
      "transcript/wiped",
      "migration/half-done",
      "migration/only-copy",
      "chain/archive-expiring",
    ],
    otherwise:
      "No sessions are lost in the homes that were looked at: every archive belongs to a chain. Read the session's history " +
      "across its archives, and copy the continuation context into the fresh session.",
  },
  {
    id: "no-conversation",
    program: "claude",
    saidBy: "Claude Code",
    pattern: /no conversations? found (?:with session id|to resume)|session not found on disk/i,
    means:
      "No transcript of that id lies in the project folder that the command looked in. Its folder may have been moved or " +
      "renamed, or the transcript was removed by age.",
    codes: ["store/missing-transcript", "store/orphan-transcript"],
    otherwise: "No home that was looked at has a transcript of this id.",
  },
  {
    id: "orphan-transcripts",
    program: "openclaw",
    saidBy: "OpenClaw's doctor",
    pattern: /orphan transcript|unreferenced artifacts?/i,
    means:
      "Transcripts lie in a sessions folder without a row in the list. They are conversations that the list lost, or work of " +
      "subagents and scheduled jobs; calling them junk and archiving them hides them further.",
    codes: ["store/orphan-transcript", "chain/unlinked-archive", "store/unreadable", "store/missing"],
    otherwise: "Every transcript of the homes that were looked at belongs to a session now.",
  },
  {
    id: "outside-sessions-folder",
    program: "openclaw",
    saidBy: "OpenClaw",
    pattern: /session file path must be within|must be within (?:the )?sessions directory/i,
    means:
      "A row names its transcript by a path outside of its own sessions folder: the home was moved, renamed or restored from " +
      "another machine.",
    codes: ["store/foreign-session-file"],
    otherwise: "Every row of the homes that were looked at names a transcript in its own folder.",
  },
];

const TRANSCRIPTS: readonly Symptom[] = [
  {
    id: "unpaired-tools",
    program: null,
    saidBy: "the model's provider",
    pattern:
      /tool_use`? ids? (?:were )?found without `?tool_result|unexpected `?tool_use_id`? found in `?tool_result|tool_calls?.{0,40}must be followed by tool messages|no tool (?:output|call) found for/i,
    means:
      "The transcript holds a tool call without its result, or a result without its call, so the provider refuses every turn " +
      "of the session. It comes from a turn that was cut off, or from a compaction that kept one of the two.",
    codes: ["transcript/call-without-result", "transcript/result-without-call", "store/unfinished-turn"],
    otherwise:
      "Only a deep check tells unpaired calls; name the session, or run `session-forensics check --deep`. Where it finds none, " +
      "the pair was lost on the way to the provider, not on disk.",
  },
  {
    id: "bad-control-character",
    program: null,
    saidBy: "the JSON parser of the agent",
    pattern: /bad control character in string literal/i,
    means: "A line of a transcript or a store has a control character in a text that should have been escaped.",
    codes: ["transcript/control-character", "transcript/partial-json", "transcript/nul-run", "store/unreadable"],
    otherwise: "Only a deep check reads every line: run `session-forensics check --deep`.",
  },
  {
    id: "json-parse-error",
    program: null,
    saidBy: "the JSON parser of the agent",
    pattern:
      /JSON Parse error|Unexpected (?:end of JSON input|non-whitespace character after JSON|token .{1,12}(?:in JSON| is not valid JSON))|Expected .{1,30} in JSON at position|Unterminated string in JSON/i,
    means:
      "A line of a transcript, or a store, is no JSON: its end was cut off, two records stand on one line, or bytes were lost " +
      "when the machine stopped. Many readers give up the whole file there.",
    codes: [
      "transcript/torn-tail",
      "transcript/joined-records",
      "transcript/nul-run",
      "transcript/bad-line",
      "transcript/control-character",
      "transcript/bad-header",
      "store/unreadable",
    ],
    otherwise: "Only a deep check reads every line: run `session-forensics check --deep`.",
  },
  {
    id: "nul-in-name",
    program: "codex",
    saidBy: "the model's provider",
    pattern: /input\[\d+\]\.name'?.{0,80}(?:does not match|invalid)|string does not match pattern/i,
    means:
      "A tool call's name in the transcript holds bytes that no name may have, such as NULs after a power failure.",
    codes: ["transcript/nul-run", "transcript/control-character"],
    otherwise: "Only a deep check reads every line: run `session-forensics check --deep`.",
  },
  {
    id: "prompt-too-old",
    program: null,
    saidBy: "the person who met it",
    pattern: /resume shows only (?:the )?last message|continues? from much earlier|parentUuid|duplicate turns?/i,
    means:
      "The entries of a transcript form a tree, and the agent follows it back from the newest one. A broken parent hides all " +
      "that stood before it, although it is still in the file.",
    codes: [
      "transcript/broken-parent",
      "transcript/orphan-branch",
      "transcript/duplicate-prompt",
      "transcript/nul-run",
    ],
    otherwise: "Only a deep check follows the tree: run `session-forensics check --deep`.",
  },
  {
    id: "aborted-prompt",
    program: "openclaw",
    saidBy: "OpenClaw",
    pattern: /openclaw:prompt-error|Request was aborted|\bterminated\b.{0,200}prompt/i,
    means:
      "A prompt ended before the model had answered: it was stopped, or the connection broke. The user's words are kept.",
    codes: [
      "transcript/prompt-error",
      "transcript/aborted-turn",
      "transcript/unfinished-turn",
      "store/unfinished-turn",
    ],
    otherwise: "The last turn of every session that was looked at is done.",
  },
];

const STORES: readonly Symptom[] = [
  {
    id: "list-times-out",
    program: "openclaw",
    saidBy: "OpenClaw",
    pattern: /sessions\.list (?:may )?(?:timed? ?out|timeout)|sessions\.list.{0,60}return empty/i,
    means:
      "The list of sessions is so large that reading it takes longer than callers wait, or it can't be read at all.",
    codes: ["store/large", "store/unreadable", "store/temporary-left"],
    otherwise: "The stores that were looked at are of ordinary size and can be read.",
  },
  {
    id: "stuck-running",
    program: "openclaw",
    saidBy: "OpenClaw",
    pattern:
      /reply session initialization conflicted|stuck (?:in|on) typing|status ?[=:] ?"?running|running\s*[•·]\s*\d+m|remain(?:s|ed)? stuck/i,
    means:
      "A session's row says that a turn runs. Either one does, or the process was killed and nobody corrected the row; a " +
      "recovery command may also have corrected the row of a shadow store instead.",
    codes: ["store/stuck-running", "lock/stale", "store/shadow", "store/shadow-diverged", "store/unfinished-turn"],
    otherwise: "No row of the homes that were looked at says running without a live turn.",
  },
  {
    id: "migration",
    program: "openclaw",
    saidBy: "OpenClaw's doctor",
    pattern:
      /active_sqlite_transcript_jsonl|historical_transcript_deferred|plugin_migration_source_retained|session-sqlite/i,
    means:
      "The move from transcript files to a database left files behind. Whether they are the only copy of what they hold is " +
      "told by comparing them entry by entry.",
    codes: ["migration/half-done", "migration/only-copy", "store/schema-unknown"],
    otherwise: "Nothing that a migration left behind is an only copy.",
  },
  {
    id: "database-malformed",
    program: null,
    saidBy: "SQLite",
    pattern: /database disk image is malformed|SQLITE_CORRUPT|file is not a database|SQLITE_NOTADB/i,
    means: "A database of sessions is damaged, or was copied without the log (-wal) that belongs to it.",
    codes: ["store/database-corrupt", "store/database-unread", "store/archive-damaged"],
    otherwise: "Every database of the homes that were looked at can be read now.",
  },
  {
    id: "codex-inventory",
    program: "codex",
    saidBy: "Codex CLI",
    pattern: /rollout files and state DB thread inventory differ/i,
    means: "Codex's list of threads and the rollout files on disk do not name the same sessions.",
    codes: [],
    otherwise:
      "Homes of Codex are not read by this release; the rollout files under `sessions/` are the conversations.",
  },
  {
    id: "no-space",
    program: null,
    saidBy: "the system",
    pattern: /ENOSPC|no space left on device/i,
    means: "The disk was full. What was being written then may be cut off, and temporary files may be left.",
    codes: ["transcript/torn-tail", "store/unreadable", "store/temporary-left", "store/large", "transcript/empty"],
    otherwise: "Nothing in the homes that were looked at was cut off.",
  },
];

const LOG_LINES: readonly Symptom[] = [
  {
    id: "removed-stale-lock",
    program: "openclaw",
    saidBy: "OpenClaw's gateway, at its start",
    pattern: /removed stale session lock/i,
    means:
      "The gateway was killed while it wrote to this transcript, and removed the lock at its next start. The turn of that " +
      "moment may be unfinished.",
    codes: [
      "store/stuck-running",
      "store/unfinished-turn",
      "transcript/unfinished-turn",
      "transcript/call-without-result",
    ],
    otherwise: "The session it names is in order now.",
  },
  {
    id: "interrupted-session",
    program: "openclaw",
    saidBy: "OpenClaw's gateway, at its start",
    pattern:
      /marked \d+ (?:interrupted|startup-orphaned) main session|(?:resumed|started) interrupted main session|transcript tail is not resumable|marked interrupted main session failed/i,
    means:
      "A turn was cut off when the gateway was killed. The gateway took it up again, or gave it up where the transcript ended " +
      "in the middle of a tool call.",
    codes: [
      "store/stuck-running",
      "store/unfinished-turn",
      "transcript/unfinished-turn",
      "transcript/call-without-result",
      "lock/stale",
    ],
    otherwise: "The session it names is in order now.",
  },
  {
    id: "exec-completed",
    program: "openclaw",
    saidBy: "OpenClaw, in the name of a background command",
    pattern: /Exec (?:completed|failed|finished) \(|\[OpenClaw exec completion\]/i,
    means:
      "A command that went on in the background has ended. The notice goes to the session key, so after a reset it stands in " +
      "the fresh transcript while what it was about lies in the archive before.",
    codes: ["chain/unlinked-archive"],
    otherwise: "`session-forensics history` shows the command that was started, and where, beside the notice.",
  },
];

/** All of them. The first that match are shown first, so what is most exact stands before what is general. */
export const SYMPTOMS: readonly Symptom[] = [...LOCKS, ...LOG_LINES, ...MISSING, ...TRANSCRIPTS, ...STORES];

/** The symptoms whose wording the text has. */
export function symptomsIn(text: string): Symptom[] {
  return SYMPTOMS.filter(({ pattern }) => pattern.test(text));
}
