/** Judges what was read and linked: locks by the processes of this machine, shadows beside their canonical home, findings. */
import { compareStores } from "../agents/compare-stores.ts";
import type { ReadingContext, World } from "../agents/program.ts";
import { keptWhile } from "../checks/kept.ts";
import { judgeLocks } from "../checks/locks/judge.ts";
import type { DamageByPlace } from "../checks/rule.ts";
import { type CheckedHome, runChecks } from "../checks/run.ts";
import type { Finding } from "../model/finding.ts";
import type { Lock } from "../model/lock.ts";
import type { OwnerLook } from "../model/machine.ts";
import type { AgentReading, HomeReading } from "../model/reading.ts";
import { type AgentSnapshot, type EnvironmentWarning, type HomeSnapshot, isPending } from "../model/snapshot.ts";
import { withRepairs } from "../repairs/kinds.ts";
import { volumeOf } from "../system/volumes.ts";
import { maskSecrets } from "./present/secrets.ts";

/** A home as read and linked. */
export interface LinkedHome {
  readonly reading: HomeReading;
  readonly agents: readonly AgentSnapshot[];
}

export interface JudgingInput {
  readonly homes: readonly LinkedHome[];
  readonly environment: readonly EnvironmentWarning[];
  readonly locksWarnAfterSeconds: number;
  /** What whole reads found in a home (absolute path), as far as it still holds. */
  readonly damageIn: (home: string, agents: readonly AgentReading[]) => DamageByPlace | undefined;
  readonly context: ReadingContext;
}

/** Snapshots of all homes, in their order. */
export async function judgeHomes(input: JudgingInput): Promise<HomeSnapshot[]> {
  const { context } = input;
  const now = context.world.now();
  const checked: CheckedHome[] = [];
  for (const home of input.homes) checked.push(await checkedHome(home, input, now));
  return checked.map((home) => {
    const { reading, agents, locks, comparison } = home;
    const others = checked.filter((other) => other !== home);
    const found = runChecks({
      home,
      others,
      now,
      locksWarnAfterSeconds: input.locksWarnAfterSeconds,
      environment: input.environment,
    });
    const findings = found.map((finding) => withoutSecrets(finding));
    const bare = { home: reading.home, agents, locks, findings, skipped: reading.skipped };
    const snapshot: HomeSnapshot = comparison === undefined ? bare : { ...bare, comparison };
    return { ...snapshot, findings: findings.map((finding) => withRepairs(finding, snapshot)) };
  });
}

/**
 * Findings quote titles, errors and lines of transcripts, and go wherever a report of them does. Looked through once each: what a
 * change did not concern stays the same object.
 */
const withoutSecrets = keptWhile((finding: Finding): Finding => {
  const evidence = finding.evidence.map((one) => ({ ...one, text: maskSecrets(one.text) }));
  return { ...finding, message: maskSecrets(finding.message), evidence };
});

async function checkedHome(home: LinkedHome, input: JudgingInput, now: number): Promise<CheckedHome> {
  const { context, damageIn, homes } = input;
  const { reading, agents } = home;
  const locks = verdicts(reading, context.world, now);
  const damage = damageIn(reading.home.path, reading.agents);
  const checked = { reading, agents, locks, ...(damage === undefined ? {} : { damage }) };
  const canonical = homes.find((other) => other.reading.home.path === reading.home.canonicalPath);
  // Comparing reads transcripts whole: a first look does not wait for it.
  if (canonical === undefined || canonical === home || isPending(home)) return checked;
  return { ...checked, comparison: await compareStores(reading, canonical.reading, context) };
}

function verdicts(reading: HomeReading, { processes, platform }: World, now: number): Lock[] {
  if (reading.locks.length === 0) return [];
  const looks = new Map<number, OwnerLook>();
  for (const { pid } of reading.locks) if (pid !== null && !looks.has(pid)) looks.set(pid, processes.look(pid));
  return judgeLocks({
    reading,
    machine: processes.self,
    looks,
    processes: processes.list(),
    volume: volumeOf(reading.home.path, platform),
    now,
  });
}
