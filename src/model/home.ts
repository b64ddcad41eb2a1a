/** Homes and agents: where one agent program keeps its state. */

export type Program = "openclaw" | "opencode" | "codex" | "claude";

/** How the sessions are stored: JSON Lines files, a SQLite database, both, or JSON documents. */
export type Era = "files" | "mixed" | "sqlite" | "json";

/** canonical: the agent program itself uses it; shadow: reached only through an agent's isolated HOME; nested: a home inside a home; backup: a copy. */
export type Role = "canonical" | "shadow" | "nested" | "backup";

/** Why this folder is looked at at all, and why it has its role. Shown to the user, linked to docs/where-state-lives.md. */
export interface HomeReason {
  /** Anchor in docs/where-state-lives.md, such as "openclaw-state-dir". */
  readonly rule: string;
  /** A plain sentence, such as "OPENCLAW_STATE_DIR names it". */
  readonly text: string;
}

/** One state directory, named before anything in it was read. */
export interface HomeIdentity {
  /** Stable across scans: derived from program and real path. */
  readonly id: string;
  readonly program: Program;
  readonly era: Era;
  /** Absolute path, symlinks resolved. */
  readonly path: string;
  readonly role: Role;
  /** For a shadow or nested home: the absolute path of the home that should be used instead. */
  readonly canonicalPath?: string;
  readonly reasons: readonly HomeReason[];
  /** Release named by the home itself (config `meta.lastTouchedVersion` or the like), when it names one. */
  readonly release?: string;
}
