/** Links that a person set: which fragment is meant, what comes before it, and who said so when. */
import type { Fragment, FragmentPlace, WindowExtent } from "./fragment.ts";

/** A fragment as a link names it: by the id in its header, and by where it lay when the link was set. */
export interface NamedFragment {
  readonly sessionId: string | null;
  /** Home-relative. A reset moves a transcript: then its id finds it. */
  readonly path: string;
  /** First event of a window of a database, which shares its session id with other windows. */
  readonly window?: Pick<WindowExtent, "sessionId" | "fromSeq">;
}

export interface AssignedLink {
  /** Home-relative path of the file that says it. */
  readonly path: string;
  readonly agent: string;
  readonly fragment: NamedFragment;
  /** Null: surely none, the chain begins with the fragment. */
  readonly previous: NamedFragment | null;
  /** Session key that the person gave the fragment. */
  readonly key: string | null;
  /** Why the predecessor was put away, as the person knows it, such as "reset". */
  readonly archiveReason: string | null;
  readonly by: string | null;
  /** Milliseconds, UTC. */
  readonly at: number | null;
}

/** Which of these fragments is meant; undefined when none is, or when several could be. */
export function meantFragment<T extends Pick<Fragment, "sessionId" | "kind"> & FragmentPlace>(
  named: NamedFragment,
  fragments: readonly T[],
): T | undefined {
  const { sessionId, path, window } = named;
  const there = fragments.find((one) => one.path === path && isSameWindow(one, window));
  if (there !== undefined && (sessionId === null || there.sessionId === sessionId)) return there;
  if (sessionId === null) return undefined;
  const own = fragments.filter(
    (one) => one.sessionId === sessionId && one.kind !== "checkpoint" && isSameWindow(one, window),
  );
  return own.length === 1 ? own[0] : undefined;
}

function isSameWindow({ window: extent }: FragmentPlace, window: NamedFragment["window"]): boolean {
  return extent?.sessionId === window?.sessionId && extent?.fromSeq === window?.fromSeq;
}
