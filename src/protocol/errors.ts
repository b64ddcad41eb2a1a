/** Typed refusals: the `code` of a rejected request. */

/** Outside the ranges that JSON-RPC and LSP keep for themselves. */
export const Refusal = {
  /** The revision asked for is not the newest one: take `data.revision` and ask again. */
  staleRevision: 4001,
  /** No home, agent, session, fragment or finding of that id (any more). */
  notFound: 4002,
  /** The path leads out of its home, or there is nothing to compare with. */
  refused: 4003,
  /** The client did not allow writing: its workspace is not trusted. */
  readOnly: 4004,
} as const;

/** The `data` of a refusal. */
export interface RefusalData {
  /** The newest revision. */
  readonly revision: number;
}
