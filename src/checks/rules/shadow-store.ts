/** store/shadow and store/shadow-diverged: a second store, and how it stands to the canonical one. */
import { count, duration, listed } from "../../model/amounts.ts";
import type { Evidence } from "../../model/evidence.ts";
import type { ShadowComparison, ShadowPair } from "../../model/shadow.ts";
import { isBelow } from "../facts.ts";
import type { CheckInput, Draft, Rule } from "../rule.ts";

const MOST_PAIRS = 20;
/** Keys named in the message itself. */
const MOST_NAMED = 3;

/** A shadow that is linked to the canonical sessions, or holds none of its own, is healthy. */
export const shadowStore: Rule = (input) => {
  const { reading, comparison } = input.home;
  const { role } = reading.home;
  if (role !== "shadow" && role !== "nested") return [];
  if (comparison === undefined) return holdsSessions(input) ? [aloneDraft(input)] : [];
  if (comparison.linked || !comparison.pairs.some((pair) => pair.relation !== "only-canonical")) return [];
  return [comparedDraft(input, comparison)];
};

function holdsSessions({ home }: CheckInput): boolean {
  return home.reading.agents.some(({ store, fragments }) => store.rows.length > 0 || fragments.length > 0);
}

/** The home that it is a shadow of could not be read. */
function aloneDraft({ home, environment }: CheckInput): Draft {
  const { canonicalPath } = home.reading.home;
  return {
    code: "store/shadow",
    path: ".",
    message: `${introduction(home.reading.home.role)} It could not be compared with the canonical home. ${ADVICE}`,
    evidence: [...whyHere({ home, environment })],
    related: canonicalPath === undefined ? [] : [{ path: canonicalPath, label: "the canonical home" }],
  };
}

const ADVICE =
  "Set OPENCLAW_STATE_DIR to the canonical home wherever agents call OpenClaw, " +
  "and delete nothing before it was compared.";

function introduction(role: string): string {
  return role === "nested"
    ? "This is a second store, inside the canonical home."
    : "This is a second store, written by programs whose HOME points into an agent's folder; the gateway does not see it.";
}

function comparedDraft(input: CheckInput, comparison: ShadowComparison): Draft {
  const { pairs } = comparison;
  const diverged = pairs.filter((pair) => pair.relation === "diverged");
  const telling = pairs.filter(
    (pair) => (pair.relation !== "only-canonical" && pair.relation !== "identical") || hasOtherStatus(pair),
  );
  const shown = telling.toSorted((a, b) => Number(b.relation === "diverged") - Number(a.relation === "diverged"));
  return {
    code: diverged.length > 0 ? "store/shadow-diverged" : "store/shadow",
    path: ".",
    message: `${introduction(input.home.reading.home.role)} ${summary(comparison)}${lastWrite(comparison)}${statuses(pairs)} ${ADVICE}`,
    evidence: [...whyHere(input), ...shown.slice(0, MOST_PAIRS).map((pair) => pairEvidence(pair))],
    related: [
      { path: comparison.canonical, label: "the canonical home" },
      ...shown
        .filter((pair) => pair.what === "transcript" && pair.canonicalPath !== null)
        .slice(0, MOST_PAIRS)
        .map((pair) => ({
          path: `${comparison.canonical}/${pair.canonicalPath}`,
          label: `canonical side of ${pair.name}`,
        })),
    ],
  };
}

interface RelationWords {
  readonly relation: ShadowPair["relation"];
  readonly one: string;
  readonly several: string;
}

const RELATIONS: readonly RelationWords[] = [
  {
    relation: "diverged",
    one: "has different content on the two sides",
    several: "have different content on the two sides",
  },
  { relation: "only-shadow", one: "is only here", several: "are only here" },
  { relation: "canonical-is-prefix", one: "goes on further here", several: "go on further here" },
  {
    relation: "shadow-is-prefix",
    one: "goes on further in the canonical one",
    several: "go on further in the canonical one",
  },
  { relation: "identical", one: "is the same on both sides", several: "are the same on both sides" },
];

/** "1 session key has different content on the two sides; 2 transcripts are only here." */
function summary({ pairs }: ShadowComparison): string {
  const parts = RELATIONS.flatMap(({ relation, one, several }) => {
    const alike = pairs.filter((pair) => pair.relation === relation);
    const keys = alike.filter((pair) => pair.what === "key").length;
    const transcripts = alike.length - keys;
    const subjects = [
      ...(keys === 0 ? [] : [count(keys, "session key")]),
      ...(transcripts === 0 ? [] : [count(transcripts, "transcript")]),
    ];
    return alike.length === 0 ? [] : [`${listed(subjects)} ${alike.length === 1 ? one : several}`];
  });
  return `${parts.join("; ")}.`;
}

function lastWrite({ lastWritten, apartMs }: ShadowComparison): string {
  if (lastWritten === "unknown") return "";
  if (lastWritten === "same") return " Both were last written at the same moment.";
  const side = lastWritten === "shadow" ? "This one" : "The canonical one";
  return ` ${side} was written last${apartMs === null ? "" : `, ${duration(apartMs)} after the other`}.`;
}

function statuses(pairs: readonly ShadowPair[]): string {
  const differing = pairs.filter(hasOtherStatus);
  if (differing.length === 0) return "";
  const named = differing.slice(0, MOST_NAMED).map((pair) => pair.name);
  const others = differing.length - named.length;
  return ` The status differs for ${listed(others === 0 ? named : [...named, count(others, "other session key")])}.`;
}

function hasOtherStatus(pair: ShadowPair): boolean {
  return (
    pair.what === "key" &&
    pair.relation !== "only-shadow" &&
    pair.relation !== "only-canonical" &&
    pair.shadowStatus !== pair.canonicalStatus
  );
}

function pairEvidence(pair: ShadowPair): Evidence {
  const text = RELATIONS.find(({ relation }) => relation === pair.relation)?.one ?? pair.relation;
  const what = pair.what === "key" ? pair.name : `transcript ${pair.name}`;
  const status = hasOtherStatus(pair)
    ? ` (status ${pair.shadowStatus ?? "none"} here, ${pair.canonicalStatus ?? "none"} there)`
    : "";
  return {
    kind: "file",
    text: `${what} ${text}${status}`,
    ...(pair.shadowPath === null ? {} : { path: pair.shadowPath }),
  };
}

/** Why the home counts as a shadow; first of all that this very program would use it. */
function whyHere({ home, environment }: Pick<CheckInput, "home" | "environment">): Evidence[] {
  const { home: identity } = home.reading;
  const own = environment.filter((warning) => isBelow(warning.home, identity.path)).map(({ message }) => message);
  return [...own, ...identity.reasons.map(({ text }) => text)].map((text) => ({ kind: "file", text }));
}
