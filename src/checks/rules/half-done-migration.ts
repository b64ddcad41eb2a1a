/** migration/half-done: sessions still lie in files, or a run of the migration did not come to its end. */
import { count, listed } from "../../model/amounts.ts";
import type { Evidence } from "../../model/evidence.ts";
import { placeId } from "../../model/fragment.ts";
import {
  type Coverage,
  type CoverageRelation,
  isOnlyCopy,
  type MigrationRun,
  type MigrationTarget,
} from "../../model/migration.ts";
import { type AgentReading, usesDatabase } from "../../model/reading.ts";
import { liveTranscripts } from "../facts.ts";
import { momentText } from "../moments.ts";
import { RECOVER_MIGRATION } from "../recovery.ts";
import type { Draft, Rule } from "../rule.ts";

const MOST_NAMED = 20;

/** What the newest run of the migration did with one agent. */
interface LastRun {
  readonly run: MigrationRun;
  readonly target: MigrationTarget;
}

export const halfDoneMigration: Rule = ({ home: { reading } }) =>
  reading.agents.filter(usesDatabase).flatMap((agent) => {
    const left = leftTranscripts(agent);
    const former = agent.formerStores.find(({ path, state }) => isInPlace(path, agent) && state !== "empty");
    const last = lastRun(agent, reading.migrations);
    const isOpen = last !== undefined && (last.run.status !== "completed" || putOff(last).length > 0);
    return left.length > 0 || former !== undefined || isOpen ? [draftOf(agent, left, former?.path ?? null, last)] : [];
  });

/** Transcripts that an import would have put away: archives and checkpoints it leaves alone. */
function leftTranscripts(agent: AgentReading): Coverage[] {
  if (agent.coverage.length === 0) return [];
  const live = new Set(liveTranscripts(agent).map(placeId));
  return agent.coverage.filter(({ fragment }) => live.has(placeId(fragment)));
}

function isInPlace(path: string, { sessionsPath }: AgentReading): boolean {
  return path.startsWith(`${sessionsPath}/`) && path.endsWith(".json");
}

function lastRun({ databases, name, sessionsPath }: AgentReading, runs: readonly MigrationRun[]): LastRun | undefined {
  const paths = new Set(databases.map(({ path }) => path));
  return runs
    .flatMap((run) => run.targets.map((target) => ({ run, target })))
    .findLast(
      ({ target }) =>
        paths.has(target.databasePath) || (target.agent === name && target.storePath.startsWith(`${sessionsPath}/`)),
    );
}

/** Codes of OpenClaw with which it leaves a file where it is. */
const PUT_OFF: ReadonlySet<string> = new Set([
  "active_sqlite_transcript_jsonl",
  "active_sqlite_transcript_verification_failed",
  "historical_transcript_deferred",
  "plugin_migration_source_retained",
  "transcript_archive_deferred",
  "transcript_archive_failed",
  "transcript_malformed",
  "unreferenced_jsonl_archive_failed",
]);

function putOff({ target }: LastRun): MigrationTarget["issues"] {
  return target.issues.filter(({ code }) => PUT_OFF.has(code));
}

function draftOf(
  agent: AgentReading,
  left: readonly Coverage[],
  former: string | null,
  last: LastRun | undefined,
): Draft {
  const alone = left.filter(isOnlyCopy);
  const isHarmless = alone.length === 0 && last?.run.status !== "failed" && last?.run.status !== "running";
  const named = left.toSorted((a, b) => (b.onlyHere ?? 0) - (a.onlyHere ?? 0)).slice(0, MOST_NAMED);
  return {
    code: "migration/half-done",
    ...(isHarmless ? { severity: "info" } : {}),
    path: agent.sessionsPath,
    identity: `${agent.sessionsPath}#migration`,
    message: [
      `The move of agent ${agent.name}'s sessions into its database has not come to its end.`,
      ...filesText(left),
      ...(former === null ? [] : [`The store of the files, ${former}, is still there; OpenClaw uses it no more.`]),
      ...runText(last),
      ...(left.length > 0 ? [aloneText(left, alone)] : []),
      RECOVER_MIGRATION,
    ].join(" "),
    evidence: [
      ...(last?.run.evidence ?? []),
      ...named.flatMap(({ evidence }) => evidence.slice(0, 1)),
      ...(last === undefined ? [] : putOffEvidence(last)),
      ...(former === null ? [] : [{ kind: "file", text: "the store of the files", path: former } as const]),
      ...(left.length > named.length
        ? [{ kind: "file", text: `and ${count(left.length - named.length, "further file")}` } as const]
        : []),
    ],
    agent: agent.name,
    related: named.map(({ fragment, relation }) => ({ path: fragment.path, label: RELATION_NAMES[relation] })),
  };
}

const RELATION_NAMES: Readonly<Record<CoverageRelation, string>> = {
  covered: "wholly in the database",
  prefix: "in the database up to a point",
  diverged: "different in the database",
  missing: "not in the database",
};

function filesText(left: readonly Coverage[]): string[] {
  if (left.length === 0) return [];
  const numbers = Map.groupBy(left, ({ relation }) => relation);
  const parts = (["covered", "prefix", "diverged", "missing"] as const).flatMap((relation) => {
    const number = numbers.get(relation)?.length ?? 0;
    return number === 0 ? [] : [`${number} ${RELATION_NAMES[relation]}`];
  });
  const lie = left.length === 1 ? "still lies as a file" : "still lie as files";
  return [`${count(left.length, "transcript")} ${lie}: ${listed(parts)}.`];
}

function aloneText(left: readonly Coverage[], alone: readonly Coverage[]): string {
  if (alone.length === 0) return `Nothing in ${left.length === 1 ? "it" : "them"} stands there alone.`;
  const entries = alone.reduce((sum, { onlyHere }) => sum + (onlyHere ?? 0), 0);
  const messages = alone.reduce((sum, { messagesOnlyHere }) => sum + (messagesOnlyHere ?? 0), 0);
  const where = left.length === 1 ? "it" : alone.length === 1 ? "one of them" : `${alone.length} of them`;
  return `In ${where}, ${count(entries, "entry")} (${count(messages, "message")}) ${entries === 1 ? "stands" : "stand"} nowhere else.`;
}

function runText(last: LastRun | undefined): string[] {
  if (last === undefined) return [];
  const { endedAt, startedAt, status } = last.run;
  const texts =
    status === "running"
      ? [`Its last run, of ${momentText(startedAt)}, was cut off.`]
      : status === "failed"
        ? [`Its last run, of ${momentText(endedAt ?? startedAt)}, failed.`]
        : [];
  const off = putOff(last);
  if (off.length === 0) return texts;
  const codes = [...Map.groupBy(off, ({ code }) => code)].map(([code, issues]) => `${issues.length} × ${code}`);
  return [...texts, `It put off: ${listed(codes)}.`];
}

function putOffEvidence(last: LastRun): Evidence[] {
  const { run } = last;
  return putOff(last)
    .slice(0, MOST_NAMED)
    .map(({ code, paths, sessionKey }) => {
      const about = paths[0] ?? sessionKey;
      return { kind: "file", text: about === undefined || about === null ? code : `${code}: ${about}`, path: run.path };
    });
}
