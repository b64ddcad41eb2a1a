// Compares the chains of a scan with what truly happened.
import type { Certainty, Session } from "../../src/model/session.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { fragmentName, type TrueChain, type TrueDeletion } from "./truth.ts";

export interface LinkCount {
  readonly right: number;
  readonly wrong: number;
}

export interface Accuracy {
  /** Links that truly exist between two fragments. */
  readonly links: number;
  readonly byCertainty: Readonly<Record<Certainty, LinkCount>>;
  /** True links where none was named. */
  readonly open: number;
  /** True links that were missed, wrong or open, but stand among the alternatives. */
  readonly amongAlternatives: number;
  /** Links named where truly a conversation begins; also counted as wrong. */
  readonly invented: number;
  readonly chains: number;
  /** Chains with exactly their true fragments in their true order. */
  readonly wholeChains: number;
  /** Fragments whose key rests on written or derived evidence only, all the way. */
  readonly sureKeys: LinkCount;
  /** Deleted sessions by their key: right when all fragments in the archive have it. */
  readonly deletions: LinkCount;
  /** Sure statements that are wrong, for the report. */
  readonly breaches: readonly string[];
}

interface Found {
  readonly previous: string | null;
  readonly certainty: Certainty | null;
  readonly alternatives: readonly string[];
  readonly session: Session;
  /** The key, where nothing inferred stands between the fragment and the evidence of its key. */
  readonly sureKey: string | null;
}

export function measure(
  snapshot: Snapshot,
  truth: readonly TrueChain[],
  deletions: readonly TrueDeletion[] = [],
): Accuracy {
  const found = foundFragments(snapshot);
  const byCertainty = { recorded: [0, 0], derived: [0, 0], inferred: [0, 0], assigned: [0, 0] } satisfies Record<
    Certainty,
    [number, number]
  >;
  const breaches: string[] = [];
  const keys: [number, number] = [0, 0];
  let open = 0;
  let amongAlternatives = 0;
  let invented = 0;
  for (const { key, fragments } of truth) {
    fragments.forEach((fragment, index) => {
      const before = fragments[index - 1] ?? null;
      const { previous, certainty, alternatives, sureKey } = found.get(fragment) ?? MISSING;
      const right = previous === before;
      if (certainty !== null) byCertainty[certainty][right ? 0 : 1] += 1;
      if (certainty !== null && certainty !== "inferred" && !right)
        breaches.push(`${certainty} link of ${fragment}: ${previous}, truly ${before}`);
      if (before === null && previous !== null) invented += 1;
      if (before !== null && previous === null) open += 1;
      if (before !== null && !right && alternatives.includes(before)) amongAlternatives += 1;
      if (sureKey !== null) keys[sureKey === key ? 0 : 1] += 1;
      if (sureKey !== null && sureKey !== key) breaches.push(`key of ${fragment}: ${sureKey}, truly ${key}`);
    });
  }
  const shown = new Set([...found.values()].map(({ session }) => namesOf(session).join("\n")));
  const rightlyDeleted = deletions.filter((deletion) => hasKey(found, deletion)).length;
  return {
    links: truth.reduce((sum, { fragments }) => sum + fragments.length - 1, 0),
    byCertainty: {
      recorded: counted(byCertainty.recorded),
      derived: counted(byCertainty.derived),
      inferred: counted(byCertainty.inferred),
      assigned: counted(byCertainty.assigned),
    },
    open,
    amongAlternatives,
    invented,
    chains: truth.length,
    wholeChains: truth.filter(({ fragments }) => shown.has(fragments.join("\n"))).length,
    sureKeys: counted(keys),
    deletions: { right: rightlyDeleted, wrong: deletions.length - rightlyDeleted },
    breaches,
  };
}

const MISSING: Omit<Found, "session"> = { previous: null, certainty: null, alternatives: [], sureKey: null };

function counted([right, wrong]: readonly [number, number]): LinkCount {
  return { right, wrong };
}

/** Whether the file is shown as a deleted session of the key. */
function hasKey(found: ReadonlyMap<string, Found>, { file, key }: TrueDeletion): boolean {
  const fragments = [...found].filter(([name]) => name === file || name.startsWith(`${file}#`));
  return (
    fragments.length > 0 && fragments.every(([, { session }]) => session.key === key && session.state === "deleted")
  );
}

/** Fragments of the homes that are not shadows, by name. */
function foundFragments(snapshot: Snapshot): Map<string, Found> {
  const found = new Map<string, Found>();
  const sessions = snapshot.homes
    .filter(({ home }) => home.role === "canonical")
    .flatMap(({ agents }) => agents.flatMap((agent) => agent.sessions));
  for (const session of sessions) {
    let sureKey = session.keyCertainty === "inferred" ? null : session.key;
    for (const { fragment, link, alternatives } of session.fragments.toReversed()) {
      const certainty = link?.certainty ?? null;
      const previous = link === null ? null : fragmentName(link.previous);
      found.set(fragmentName(fragment), {
        previous,
        certainty,
        alternatives: alternatives.map(fragmentName),
        session,
        sureKey,
      });
      if (certainty === "inferred") sureKey = null;
    }
  }
  return found;
}

function namesOf(session: Session): string[] {
  return session.fragments.map(({ fragment }) => fragmentName(fragment));
}
