/** Every rule there is. */
import type { Rule } from "./rule.ts";
import { archiveExpiring } from "./rules/archive-expiring.ts";
import { badHeader } from "./rules/bad-header.ts";
import { emptyTranscript } from "./rules/empty-transcript.ts";
import { eraNotRead } from "./rules/era-not-read.ts";
import { foreignSessionFile } from "./rules/foreign-session-file.ts";
import { heldLong } from "./rules/held-long.ts";
import { largeStore } from "./rules/large-store.ts";
import { missingStore } from "./rules/missing-store.ts";
import { missingTranscript } from "./rules/missing-transcript.ts";
import { orphanTranscript } from "./rules/orphan-transcript.ts";
import { shadowStore } from "./rules/shadow-store.ts";
import { sharedTranscript } from "./rules/shared-transcript.ts";
import { staleLock } from "./rules/stale-lock.ts";
import { stuckRunning } from "./rules/stuck-running.ts";
import { temporaryLeft } from "./rules/temporary-left.ts";
import { tornTail } from "./rules/torn-tail.ts";
import { unknownLock } from "./rules/unknown-lock.ts";
import { unlinkedArchive } from "./rules/unlinked-archive.ts";
import { unreadableStore } from "./rules/unreadable-store.ts";
import { wipedTranscript } from "./rules/wiped-transcript.ts";

export const RULES: readonly Rule[] = [
  staleLock,
  heldLong,
  unknownLock,
  shadowStore,
  missingTranscript,
  orphanTranscript,
  stuckRunning,
  foreignSessionFile,
  sharedTranscript,
  unreadableStore,
  missingStore,
  temporaryLeft,
  largeStore,
  unlinkedArchive,
  archiveExpiring,
  tornTail,
  badHeader,
  emptyTranscript,
  wipedTranscript,
  eraNotRead,
];
