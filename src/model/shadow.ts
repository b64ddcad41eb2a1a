/** A shadow store compared with the canonical one. */

export type ShadowRelation =
  | "identical"
  | "shadow-is-prefix"
  | "canonical-is-prefix"
  | "diverged"
  | "only-shadow"
  | "only-canonical";

/** One session key or one transcript, on both sides. Paths are relative to their own home. */
export interface ShadowPair {
  readonly what: "key" | "transcript";
  /** Session key, or header id of the transcript. */
  readonly name: string;
  readonly agent: string;
  readonly relation: ShadowRelation;
  readonly shadowPath: string | null;
  readonly canonicalPath: string | null;
  readonly shadowUpdatedAt: number | null;
  readonly canonicalUpdatedAt: number | null;
  readonly shadowStatus: string | null;
  readonly canonicalStatus: string | null;
}

export interface ShadowComparison {
  /** Absolute paths. */
  readonly shadow: string;
  readonly canonical: string;
  /** The sessions folders are the same by symlink: healthy. */
  readonly linked: boolean;
  readonly pairs: readonly ShadowPair[];
  readonly lastWritten: "shadow" | "canonical" | "same" | "unknown";
  /** Milliseconds between the newest write on either side. */
  readonly apartMs: number | null;
}
