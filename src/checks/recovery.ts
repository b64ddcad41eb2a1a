/** OpenClaw's own commands for sessions in databases, and what each does (its documentation; recover was tried with 2026.9.6). */

/** All of them want the gateway stopped; a backup comes first. */
export const BEFORE_RECOVERY =
  "Stop the gateway (`openclaw gateway stop`) and make a backup (`openclaw backup create --verify`) first.";

/** For files that a migration left, and for runs of it that failed. */
export const RECOVER_COMMAND = "openclaw doctor --session-sqlite recover --session-sqlite-all-agents";

export const RECOVER_MIGRATION =
  `${BEFORE_RECOVERY} Then \`${RECOVER_COMMAND}\` moves what a failed run put away back to its place, compares each ` +
  "transcript that is left with the database in its order, imports what is missing at its end, and puts away in " +
  "session-sqlite-import-archive what it found whole. What it can't verify stays where it is. It imports no reset archives, " +
  "deleted archives or checkpoints.";

export const RECOVER_CORRUPT =
  `${BEFORE_RECOVERY} \`${RECOVER_COMMAND}\` checks a copy first. If only an index is broken, it rebuilds it in place; ` +
  "otherwise it renames the database with its -wal, -shm and -journal to `.corrupt-<time>`, and OpenClaw starts with an empty " +
  "one: the sessions are then gone from view, though not from disk.";

export const MIGRATE_SCHEMA = `${BEFORE_RECOVERY} Then \`openclaw doctor --fix\` brings the database to the schema of the release that is installed.`;
