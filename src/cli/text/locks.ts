/** Locks as text: the verdict, the owner, and why. */
import { count } from "../../model/amounts.ts";
import { homePath } from "../../engine/present/homes.ts";
import { EMPTY, fileSpan, indented, line, span } from "../../engine/present/lines.ts";
import type { Line, Tone } from "../../engine/present/lines.ts";
import { byUrgency, lockSummary, reasonText } from "../../engine/present/locks.ts";
import { momentAgo } from "../../engine/present/times.ts";
import type { Lock, LockVerdict } from "../../model/lock.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { pathFrom } from "../../system/files.ts";

const TONES: Readonly<Record<LockVerdict, Tone>> = { held: "good", stale: "bad", unknown: "warning" };

interface Options {
  readonly userHome: string;
  readonly now: number;
}

function* lockLines(home: string, lock: Lock, { userHome, now }: Options): Generator<Line> {
  const path = pathFrom(home, lock.path);
  yield [
    span(lock.verdict.padEnd(7), TONES[lock.verdict]),
    span("  "),
    fileSpan(homePath(path, userHome), { path }, "strong"),
    span(`  ${lockSummary(lock)}`, "dim"),
  ];
  yield indented(line(lock.explanation));
  if (lock.createdAt !== null) yield indented(line(`Made ${momentAgo(lock.createdAt, now)}.`, "dim"));
  const { holder } = lock;
  if (holder !== undefined) {
    const since = holder.startedAt === null ? "" : `, started ${momentAgo(holder.startedAt, now)}`;
    yield indented(line(`Process ${lock.pid ?? "?"}: ${holder.command}${since}`, "dim"));
  }
  for (const reason of lock.reasons) yield indented(line(`${reason}: ${reasonText(reason)}`, "dim"));
}

/** All locks, the worst first; a sentence when there is none. */
export function* locksText(snapshot: Snapshot, options: Options): Generator<Line> {
  const locks = snapshot.homes
    .flatMap(({ home, locks: own }) => own.map((lock) => ({ home: home.path, lock })))
    .toSorted((a, b) => byUrgency(a.lock, b.lock));
  if (locks.length === 0) {
    yield line(`No lock lies in ${count(snapshot.homes.length, "home")}.`, "good");
    return;
  }
  for (const { home, lock } of locks) {
    yield* lockLines(home, lock, options);
    yield EMPTY;
  }
  const byVerdict = Map.groupBy(locks, (one) => one.lock.verdict);
  const counts = (["stale", "unknown", "held"] as const).map((one) => `${byVerdict.get(one)?.length ?? 0} ${one}`);
  yield line(`${count(locks.length, "lock")}: ${counts.join(", ")}`);
}
