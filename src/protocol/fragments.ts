/** The fragments of one session. */
import type { Certainty, FileTarget, FragmentKind, Item, LockVerdict, WindowExtent } from "./items.ts";
import type { SessionRef } from "./sessions.ts";

export interface FragmentsParams {
  readonly revision: number;
  readonly session: SessionRef;
  /** chain: its fragments; checkpoints: copies made before compactions, which are not links of the chain. */
  readonly group: "chain" | "checkpoints";
  readonly offset: number;
  /** At most `MOST_AT_ONCE`. */
  readonly limit: number;
}

export interface Fragments {
  readonly revision: number;
  /** Fragments of the group. */
  readonly total: number;
  readonly offset: number;
  /** Newest first, as a person looks for them. */
  readonly fragments: readonly FragmentItem[];
}

export interface FragmentItem extends Item {
  readonly session: SessionRef;
  /** Unique inside its home. */
  readonly id: string;
  /** Home-relative, "/" separators. */
  readonly place: string;
  readonly window: WindowExtent | null;
  readonly file: FileTarget;
  readonly kind: FragmentKind;
  readonly headerId: string | null;
  readonly fileId: string | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** When it was put away. */
  readonly archivedAt: number | null;
  /** The next turn of the session would be written to it. */
  readonly now: boolean;
  readonly bytes: number;
  /** How its link to the previous fragment stands: first when it has surely none, open when none could be named. */
  readonly link: Certainty | "first" | "open";
  readonly alternatives: readonly FileTarget[];
  /** Verdict on its own lock; null without one. */
  readonly lock: LockVerdict | null;
  readonly hasCanonical: boolean;
  readonly findingIds: readonly string[];
}

export interface ResolveFragmentParams {
  readonly homeId: string;
  /** Home-relative place of a fragment, a lock or a store. */
  readonly place: string;
}

export type ResolvedFragment = FileTarget;
