/** A transcript file as a fragment: what its name says together with what its head and tail say. */
import type { Fragment, FragmentKind } from "../../model/fragment.ts";
import type { SessionFileName } from "../../formats/session-file-names.ts";
import { useHeadAndTail, type FileStat } from "../../system/files.ts";
import type { FactsMemo } from "../program.ts";
import { HEAD_BYTES, TAIL_BYTES, transcriptFacts, type TranscriptFacts } from "./transcript-facts.ts";

/** Names of files that hold a transcript. */
export type TranscriptFileName = Extract<SessionFileName, { what: "live" | "archive" | "checkpoint" | "imported" }>;

/** A last line longer than the usual tail is looked for in this much. */
const LONG_TAIL_BYTES = 1 << 20;

export function isTranscript(name: SessionFileName): name is TranscriptFileName {
  return name.what === "live" || name.what === "archive" || name.what === "checkpoint" || name.what === "imported";
}

/** Reads head and tail of the file, unless the memo has its facts. Throws FileError. */
export function fragmentOf(path: string, name: TranscriptFileName, file: FileStat, memo: FactsMemo): Fragment {
  const facts = memo.get(file, "openclaw/transcript/1", () => readTranscript(file.path));
  return {
    path,
    kind: kindOf(name),
    sessionId: facts.sessionId === name.fileId ? name.fileId : facts.sessionId,
    fileId: name.fileId,
    topic: name.topic,
    startedAt: facts.startedAt,
    endedAt: facts.endedAt,
    archivedAt: archivedAt(name),
    bytes: file.size,
    modifiedAt: file.mtimeMs,
    cwd: facts.cwd,
    parentSession: facts.parentSession,
    start: facts.start,
    firstUserText: facts.firstUserText,
    peer: facts.peer,
    header: facts.header,
    tail: facts.tail,
    execs: null,
  };
}

function readTranscript(path: string): TranscriptFacts {
  const facts = useHeadAndTail(path, HEAD_BYTES, TAIL_BYTES, transcriptFacts);
  if (facts.tail.state !== "unread") return facts;
  return useHeadAndTail(path, HEAD_BYTES, LONG_TAIL_BYTES, transcriptFacts);
}

function kindOf(name: TranscriptFileName): FragmentKind {
  if (name.what !== "archive") return name.what;
  return name.reason === "bak" ? "backup" : name.reason;
}

function archivedAt(name: TranscriptFileName): number | null {
  if (name.what === "archive") return name.archivedAt;
  return name.what === "imported" ? name.importedAt : null;
}
