/** Every rule there is, by what it rests on. */
import type { Rule } from "./rule.ts";
import { archiveExpiring } from "./rules/archive-expiring.ts";
import { badHeader } from "./rules/bad-header.ts";
import { damagedTranscript } from "./rules/damaged-transcript.ts";
import { corruptDatabase } from "./rules/corrupt-database.ts";
import { damagedArchive } from "./rules/damaged-archive.ts";
import { duplicateKey } from "./rules/duplicate-key.ts";
import { emptyTranscript } from "./rules/empty-transcript.ts";
import { foreignSessionFile } from "./rules/foreign-session-file.ts";
import { halfDoneMigration } from "./rules/half-done-migration.ts";
import { heldLong } from "./rules/held-long.ts";
import { largeStore } from "./rules/large-store.ts";
import { missingStore } from "./rules/missing-store.ts";
import { missingTranscript } from "./rules/missing-transcript.ts";
import { onlyCopy } from "./rules/only-copy.ts";
import { orphanTranscript } from "./rules/orphan-transcript.ts";
import { shadowStore } from "./rules/shadow-store.ts";
import { sharedTranscript } from "./rules/shared-transcript.ts";
import { staleLock } from "./rules/stale-lock.ts";
import { stuckInDatabase } from "./rules/stuck-in-database.ts";
import { stuckRunning } from "./rules/stuck-running.ts";
import { temporaryLeft } from "./rules/temporary-left.ts";
import { tornTail } from "./rules/torn-tail.ts";
import { unfinishedTurn } from "./rules/unfinished-turn.ts";
import { unknownLock } from "./rules/unknown-lock.ts";
import { unknownSchema } from "./rules/unknown-schema.ts";
import { unlinkedArchive } from "./rules/unlinked-archive.ts";
import { unreadDatabase } from "./rules/unread-database.ts";
import { unreadableStore } from "./rules/unreadable-store.ts";
import { wipedTranscript } from "./rules/wiped-transcript.ts";

/** Rules that rest on what was read alone: they may speak while links are still being weighed. */
export const READING_RULES: readonly Rule[] = [
  staleLock,
  heldLong,
  unknownLock,
  stuckRunning,
  stuckInDatabase,
  unfinishedTurn,
  foreignSessionFile,
  sharedTranscript,
  unreadableStore,
  duplicateKey,
  unknownSchema,
  corruptDatabase,
  unreadDatabase,
  damagedArchive,
  missingStore,
  temporaryLeft,
  largeStore,
  archiveExpiring,
  tornTail,
  badHeader,
  damagedTranscript,
  emptyTranscript,
  wipedTranscript,
];

/** Rules that rest on links, or on how homes compare: before all of it is known they would say what is withdrawn later. */
const WHOLE_RULES: readonly Rule[] = [
  shadowStore,
  missingTranscript,
  orphanTranscript,
  unlinkedArchive,
  halfDoneMigration,
  onlyCopy,
];

export const RULES: readonly Rule[] = [...READING_RULES, ...WHOLE_RULES];
