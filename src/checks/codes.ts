/** Every kind of finding: what it is called, how bad it is, what it means, why it happens and what to do. */
import type { Severity } from "../model/finding.ts";
import { DAMAGE_KINDS } from "./transcript/kinds.ts";

/** Explained in docs/findings.md, which is generated from this table. */
export interface FindingKind {
  /** Severity unless the rule says otherwise for a milder or graver case. */
  readonly severity: Severity;
  /** A short name, without a final stop. */
  readonly title: string;
  /** Plain sentences each. */
  readonly means: string;
  readonly why: string;
  readonly advice: string;
  /** Public threads in which users met it: owner/repository#number. */
  readonly threads: readonly string[];
}

export const FINDING_KINDS = {
  "lock/stale": {
    severity: "warning",
    title: "A lock that nobody holds",
    means:
      "A lock file stands beside a transcript, a store or a home, and the process that made it is gone. OpenClaw may wait for " +
      "it, and then give up with `session file locked`.",
    why:
      "The gateway or a command was killed while it wrote (kill -9, out of memory, power loss, a stopped container), or the " +
      "number of its process was used again for another one.",
    advice:
      "Restart the gateway: it removes the locks of dead processes, and since 2026.5 it also resumes or settles the turn that " +
      "was interrupted. Removing the lock by hand first takes away what it recognises that turn by. OpenClaw's doctor does not " +
      "look at `sessions.json.lock`.",
    threads: [
      "openclaw/openclaw#10170",
      "openclaw/openclaw#18140",
      "openclaw/openclaw#26579",
      "openclaw/openclaw#45726",
      "openclaw/openclaw#86530",
      "openclaw/openclaw#13203",
    ],
  },
  "lock/held-long": {
    severity: "warning",
    title: "A lock held for long",
    means:
      "A live process holds the lock longer than it said it would, or longer than the setting " +
      "`sessionForensics.locks.warnAfterSeconds` allows. Other turns of this session wait meanwhile.",
    why: "A long tool call or model request, which is normal; or a turn that hangs, for instance after an abort.",
    advice:
      "Do not delete the lock: its holder would go on writing beside a second writer. Look at what the process does; if the " +
      "turn hangs, stop the gateway in an orderly way (SIGTERM), which removes the lock.",
    threads: ["openclaw/openclaw#86801", "openclaw/openclaw#85762", "openclaw/openclaw#87217"],
  },
  "lock/unknown": {
    severity: "info",
    title: "A lock that can't be judged from here",
    means:
      "Whether somebody holds this lock can't be known on this machine. A process number means nothing in a restored or copied " +
      "home, on another host, or in another container.",
    why:
      "The home was copied, restored or mounted from elsewhere, lies on a network volume, or the owner can't be seen. The lock " +
      "itself does not say where it was made.",
    advice:
      "Look at it where the home is used: run this tool on that host or in that container. In a copy that nothing uses, the " +
      "lock has no effect. Do not remove it while anything may use the home.",
    threads: ["openclaw/openclaw#4015"],
  },
  "store/shadow": {
    severity: "warning",
    title: "A second store that OpenClaw uses by mistake",
    means:
      "Beside the canonical home a second one exists, reached only by programs whose HOME points into an agent's folder. " +
      "Sessions in it are not seen by the gateway, and OpenClaw's own commands do not mention it.",
    why:
      "An agent ran `openclaw` inside its isolated HOME without OPENCLAW_STATE_DIR. The state directory is then " +
      "`$HOME/.openclaw`, whatever the config path says.",
    advice:
      "Set OPENCLAW_STATE_DIR to the canonical home wherever agents call OpenClaw. Do not delete the second store before its " +
      "sessions were compared: some may exist only there.",
    threads: ["openclaw/openclaw#82318", "openclaw/openclaw#45765", "builderz-labs/mission-control#671"],
  },
  "store/shadow-diverged": {
    severity: "error",
    title: "A second store that has gone its own way",
    means:
      "The shadow store and the canonical one hold different content for the same session key or the same session id. What was " +
      "said on one side is unknown on the other.",
    why: "The same as for `store/shadow`; meanwhile both sides were written.",
    advice:
      "Compare the sides before anything is reset or repaired: a recovery command run with the wrong HOME acts on the wrong " +
      "copy. Never merge them by hand and never delete one. Set OPENCLAW_STATE_DIR so that it does not go on.",
    threads: ["openclaw/openclaw#82318"],
  },
  "store/missing-transcript": {
    severity: "error",
    title: "A session whose transcript is missing",
    means: "The store lists a session, but its transcript is not there. The next turn starts without any memory of it.",
    why:
      "The file was archived, renamed as an orphan, moved or deleted while its row stayed; or the home was restored without " +
      "its transcripts.",
    advice:
      "Look at the copies named in the finding before anything else. Do not run `openclaw sessions cleanup --fix-missing`: it " +
      "drops the row, the last trace of which transcript belonged to which session.",
    threads: ["openclaw/openclaw#56131", "openclaw/openclaw#66522"],
  },
  "store/orphan-transcript": {
    severity: "warning",
    title: "A transcript that the store does not list",
    means:
      "A conversation lies on disk, but no session names it, so OpenClaw neither shows nor continues it. The text is complete " +
      "and can be read. Where no person took part (heartbeats, cron jobs, subagents) this is only a note.",
    why:
      "A session was deleted without its transcript, the store was rebuilt or lost rows, or two writers overwrote each other's " +
      "rows.",
    advice:
      "Read it before you decide. OpenClaw's doctor offers to rename such files to `.deleted`, after which retention may remove " +
      "them.",
    threads: [
      "openclaw/openclaw#89170",
      "openclaw/openclaw#73471",
      "openclaw/openclaw#26468",
      "openclaw/openclaw#29706",
      "openclaw/openclaw#45255",
    ],
  },
  "store/stuck-running": {
    severity: "warning",
    title: "A session said to be running that nothing runs",
    means:
      "The row says `running`, but no live process holds the transcript (or, since 2026.8, the home) and nothing was written for " +
      "minutes. Clients show it as busy or typing.",
    why:
      "The run died with its process. OpenClaw 2026.3.24 removes the lock at its next start but leaves the row as it is, for " +
      "ever.",
    advice:
      "Restart the gateway; since 2026.5 it settles such rows if the lock is still there. Do not edit `sessions.json` while a " +
      "gateway runs.",
    threads: ["openclaw/openclaw#67902", "openclaw/openclaw#98920", "openclaw/openclaw#117096"],
  },
  "store/foreign-session-file": {
    severity: "warning",
    title: "A session that points into another place",
    means:
      "The row names a transcript outside this store: in another home, in another agent's folder or under a path that does not " +
      "belong to it. OpenClaw refuses such paths (`Session file path must be within sessions directory`) or writes elsewhere.",
    why: "Rows were copied between homes or edited, or a program with another HOME wrote them.",
    advice: "Find out which transcript is the right one before a turn is sent to this session.",
    threads: ["openclaw/openclaw#15696", "openclaw/openclaw#15967", "openclaw/openclaw#16972"],
  },
  "store/shared-transcript": {
    severity: "warning",
    title: "Two sessions that write into one transcript",
    means: "Two session keys name the same transcript, so two conversations are mixed in one file.",
    why: "A run was started with `--session-id` of another session, or rows were copied by hand.",
    advice: "Do not go on in both. Reset the key that should not have it, after reading what was written.",
    threads: [],
  },
  "store/unreadable": {
    severity: "error",
    title: "A store that can't be read, or not wholly",
    means:
      "`sessions.json` is empty, cut or damaged. OpenClaw treats what it can't parse as no sessions at all and writes a new " +
      "store over it at the next turn.",
    why: "The disk was full, the machine or the process died while writing, or the file was edited by hand.",
    advice:
      "Stop the gateway before it writes again and keep a copy of the file. The rows that can still be read, and the backups " +
      "beside the store, are named in the finding. The transcripts themselves are not affected.",
    threads: ["openclaw/openclaw#77783", "openclaw/openclaw#85967"],
  },
  "store/duplicate-key": {
    severity: "warning",
    title: "A session key that occurs twice in a store",
    means:
      "`sessions.json` has two rows or more with one key. OpenClaw uses the last one. The others can't be reached, and are gone " +
      "once it writes the store again.",
    why: "The file was edited or merged by hand, or by a script that does not parse it.",
    advice:
      "Copy the store before the next turn. The finding names the lines; where the row that is passed over is the right one, " +
      "stop the gateway and remove the other. A transcript that only such a row names shows up as an orphan.",
    threads: [],
  },
  "store/missing": {
    severity: "error",
    title: "Transcripts without a store",
    means:
      "Transcripts are there, but there is no `sessions.json` that lists them: OpenClaw starts every session anew.",
    why: "The store was removed or not restored, or the transcripts were copied alone.",
    advice:
      "Look for the store in backups before a turn is sent: the next turn writes a new store without the old sessions.",
    threads: ["openclaw/openclaw#66522", "openclaw/openclaw#107712"],
  },
  "store/temporary-left": {
    severity: "info",
    title: "Temporary files left behind",
    means: "Files that should exist for an instant while a store or transcript is replaced have stayed.",
    why: "The process died, or the disk was full, in the middle of writing.",
    advice:
      "They are harmless but may be large. Keep them as long as the store itself is damaged: they may hold newer rows.",
    threads: ["openclaw/openclaw#85967"],
  },
  "store/large": {
    severity: "info",
    title: "A very large store",
    means: "`sessions.json` is so large that listing sessions takes seconds, for every client and every write.",
    why: "Each row keeps a copy of the skills and of the system prompt's report, and rows of old cron runs stay.",
    advice:
      "Nothing is lost. Old rows can be removed with OpenClaw's own session maintenance; keep a copy of the store first.",
    threads: ["openclaw/openclaw#77932", "openclaw/openclaw#120521", "openclaw/openclaw#55334"],
  },
  "chain/unlinked-archive": {
    severity: "warning",
    title: "An archive that belongs to no known session",
    means:
      "A reset put a conversation away, and nothing on disk says which session it came from, so nobody who looks at a session " +
      "will find it.",
    why: "OpenClaw does not write the session key into a transcript or an archive's name; the evidence around it is gone.",
    advice: "Read it and decide where it belongs. It stays subject to retention until it is copied elsewhere.",
    threads: [
      "openclaw/openclaw#37225",
      "openclaw/openclaw#57139",
      "openclaw/openclaw#122469",
      "openclaw/openclaw#98156",
    ],
  },
  "chain/archive-expiring": {
    severity: "warning",
    title: "Archives that OpenClaw is about to remove",
    means:
      "The retention of reset archives is about to run out for some of them; they are then deleted without a word.",
    why: "Session maintenance in mode `enforce` removes reset archives after `resetArchiveRetention` (30 days when not set).",
    advice:
      "Copy the archives elsewhere, or set `session.maintenance.resetArchiveRetention` to `false` in openclaw.json.",
    threads: [],
  },
  "transcript/torn-tail": {
    severity: "warning",
    title: "A transcript that breaks off inside a line",
    means:
      "The last line is not whole. Everything before it can be read; the entry that was being written is lost or partial.",
    why: "The process or the machine died while appending, or the disk was full.",
    advice:
      "Do not edit the file while a gateway runs. A turn appended after the cut would put two entries on one line, so look at " +
      "it before the session is used again.",
    threads: ["openclaw/openclaw#100644", "anthropics/claude-code#52387"],
  },
  "transcript/bad-header": {
    severity: "error",
    title: "A transcript without a readable header",
    means:
      "Line 1, which names the session, is damaged. If the session is resumed, OpenClaw may replace the whole file by one fresh " +
      "header: the conversation is then gone.",
    why: "The beginning of the file was overwritten or cut, or the file was edited.",
    advice:
      "Do not resume the session, and start no gateway that would, before the header is rebuilt: the repair puts it together from " +
      "what else is known of the session.",
    threads: ["openclaw/openclaw#89037"],
  },
  "transcript/empty": {
    severity: "warning",
    title: "A transcript of 0 bytes",
    means: "The file is there but holds nothing, not even a header.",
    why: "The disk was full or the machine died before the first write reached the disk; or something emptied the file.",
    advice: "Look for an archive or a backup of the same session before it is used again.",
    threads: ["openclaw/openclaw#89037"],
  },
  "transcript/wiped": {
    severity: "error",
    title: "A transcript that lost everything but its header",
    means: "The store says that turns of this session were done, but its transcript holds nothing but a header.",
    why: "OpenClaw wrote a fresh header over a transcript whose own header it could not read, or something replaced the file.",
    advice:
      "Don't send a turn to this session. Look for a backup; the trajectory beside the transcript still records the turns that " +
      "ran.",
    threads: ["openclaw/openclaw#89037"],
  },
  ...DAMAGE_KINDS,
  "migration/half-done": {
    severity: "warning",
    title: "A move into the database that did not come to its end",
    means:
      "OpenClaw keeps the sessions of this agent in a database, but transcripts or the store of before still lie as files, or a " +
      "run of the migration failed or put something off. Where all of it stands in the database as well, nothing is lost.",
    why:
      "OpenClaw was updated while a gateway ran, an older release was started again and wrote files, a file could not be " +
      "verified, or a plugin has still to take over its own part. Then doctor goes on naming the files, also when the database " +
      "holds every word of them.",
    advice:
      "Look at the numbers: what is wholly in the database needs no rescue. For the rest, stop the gateway, make a backup, and " +
      "run `openclaw doctor --session-sqlite recover --session-sqlite-all-agents`. Don't edit or delete what lies in " +
      "session-sqlite-migration-runs and session-sqlite-import-archive.",
    threads: [
      "openclaw/openclaw#153524",
      "openclaw/openclaw#154277",
      "openclaw/openclaw#155021",
      "openclaw/openclaw#156382",
      "openclaw/openclaw#155340",
      "openclaw/openclaw#154054",
      "openclaw/openclaw#135133",
    ],
  },
  "migration/only-copy": {
    severity: "warning",
    title: "A file that alone holds a part of the history",
    means:
      "A transcript, an archive or a checkpoint of before the migration holds entries that stand nowhere else in this home: not " +
      "in the database, not in an archive of it, not in another file. Compared by the content of each entry.",
    why:
      "The migration takes over the current transcripts only. Reset archives, deleted archives and checkpoints stay as files, " +
      "and of a transcript with a broken branch only the branch in use is taken over.",
    advice:
      "Copy it to a safe place before anything is cleaned up; the repair `save-only-copy` puts a copy where no cleanup of " +
      "OpenClaw looks. The finding names the cleanup that could remove it: " +
      "`openclaw sessions cleanup`, the disk budget of session maintenance, or `openclaw update cleanup`.",
    threads: ["openclaw/openclaw#153502", "openclaw/openclaw#73471", "openclaw/openclaw#37225"],
  },
  "store/schema-unknown": {
    severity: "warning",
    title: "A database of another schema than is known here",
    means:
      "The database was written by a newer release than this tool knows, or by an older one that OpenClaw has still to migrate. " +
      "A newer one is read as far as it is known.",
    why: "OpenClaw was updated, or its doctor has not been run since the update.",
    advice:
      "For a newer schema look for an update of this tool. For an older one run OpenClaw's own doctor with --fix.",
    threads: [],
  },
  "store/database-corrupt": {
    severity: "error",
    title: "A damaged database",
    means:
      "SQLite can't make sense of the database or of a part of it, its newest commits are missing, or something else stands in " +
      "its place. What can still be read is shown.",
    why: "The disk failed or was full, the machine died, or the database was copied without its -wal and -shm while it was written.",
    advice:
      "Stop the gateway, and copy the database together with its -wal and -shm before anything else. OpenClaw's recovery renames " +
      "all of them to `.corrupt-<time>` unless only an index is broken, and starts with an empty database.",
    threads: [],
  },
  "store/database-unread": {
    severity: "warning",
    title: "A database that could not be read from here",
    means: "Nothing is known to be wrong with it, but its sessions are not shown.",
    why: "The running Node has no SQLite, the file can't be opened without leaving a trace, or rights forbid it.",
    advice: "The finding says which version of the editor, or what else, would do.",
    threads: [],
  },
  "store/archive-damaged": {
    severity: "error",
    title: "An archive of the database that is gone or changed",
    means:
      "The database records an archived or cold transcript with the hash of its file, and the file is not there or holds " +
      "something else.",
    why: "The file was removed by hand or by a cleanup, or not restored with the database.",
    advice: "Put the very same file back from a backup. A cold transcript has no other copy.",
    threads: [],
  },
  "store/unfinished-turn": {
    severity: "warning",
    title: "A turn that was never finished",
    means: "The last message of a session was never answered, or a tool that it called never gave its result.",
    why: "The gateway was stopped or killed in the middle of the turn, and what it recovered did not include this one.",
    advice: "Read the end of the transcript, and send the message again if it still matters.",
    threads: ["openclaw/openclaw#8264", "openclaw/openclaw#98920"],
  },
} as const satisfies Readonly<Record<string, FindingKind>>;

export type FindingCode = keyof typeof FINDING_KINDS;

const KINDS: Readonly<Record<string, FindingKind>> = FINDING_KINDS;

/** What the table says of a code; undefined for one that it does not know. */
export function findingKind(code: string): FindingKind | undefined {
  return Object.hasOwn(KINDS, code) ? KINDS[code] : undefined;
}

/** Where docs/findings.md explains the code. */
export function findingAnchor(code: string): string {
  return code.replace("/", "-");
}
