/** Sessions: logical conversations, as chains of linked fragments. */
import type { Evidence } from "./evidence.ts";
import type { Fragment, FragmentPlace } from "./fragment.ts";
import type { StoreRow } from "./store.ts";

/** recorded: the agent wrote it down; derived: follows from ids or exact times; inferred: best match; assigned: a person said so. */
export type Certainty = "recorded" | "derived" | "inferred" | "assigned";

/** Fragment -> previous fragment. */
export interface Link {
  readonly previous: FragmentPlace;
  readonly certainty: Certainty;
  readonly evidence: readonly Evidence[];
}

/** A fragment in its place in a chain. */
export interface LinkedFragment {
  readonly fragment: Fragment;
  readonly link: Link | null;
  /** Other predecessors that the evidence allows, best first; empty when sure. */
  readonly alternatives: readonly FragmentPlace[];
  /** Why no predecessor could be named though one must or may exist; null when there is a link or surely none. */
  readonly open: string | null;
}

export type SessionState = "live" | "ended" | "deleted" | "orphan" | "unknown";

/** A logical conversation. Fragments stand oldest first; checkpoints stand beside the chain. */
export interface Session {
  /** Unique inside its agent and stable while its newest fragment stays: key, or the newest fragment's place. */
  readonly id: string;
  readonly key: string | null;
  /** How sure the key is; null without a key. */
  readonly keyCertainty: Certainty | null;
  readonly keyEvidence: readonly Evidence[];
  readonly title: string;
  readonly state: SessionState;
  readonly row: StoreRow | null;
  /** Other keys whose rows name the same transcript (cron rows come in pairs). */
  readonly otherKeys: readonly string[];
  readonly updatedAt: number | null;
  readonly fragments: readonly LinkedFragment[];
  readonly checkpoints: readonly Fragment[];
  /** For a session without a key: why it could not be attributed. */
  readonly unattributed: string | null;
}
