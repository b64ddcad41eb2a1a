/** Hover on a lock file: who holds it, whether that process lives and since when, the verdict and why. */
import { duration } from "../../model/amounts.ts";
import { findingsAt, locateFragment } from "../../engine/lookup.ts";
import { line, span } from "../../engine/present/lines.ts";
import type { Line } from "../../engine/present/lines.ts";
import { reasonText } from "../../engine/present/locks.ts";
import { momentAgo } from "../../engine/present/times.ts";
import type { Lock } from "../../model/lock.ts";
import type { HomeSnapshot } from "../../model/snapshot.ts";
import { fileName, findingLines, homeLine, paragraphs } from "./parts.ts";
import type { HoverView } from "./parts.ts";

function ownerLines(lock: Lock, now: number): Line[] {
  const { holder, pid } = lock;
  const owner =
    pid === null ? "It names no process." : `It names process ${pid}${lock.host === null ? "" : ` on ${lock.host}`}.`;
  const started = holder?.startedAt ?? null;
  const since = started === null ? "" : `, started ${momentAgo(started, now)}`;
  return [
    line(owner),
    ...(holder === undefined ? [] : [line(`That process is ${holder.command}${since}.`)]),
    ...(lock.createdAt === null ? [] : [line(`Made ${momentAgo(lock.createdAt, now)}.`)]),
    ...(lock.maxHoldMs === null ? [] : [line(`It was to be held for ${duration(lock.maxHoldMs)} at most.`)]),
  ];
}

function targetLine(home: HomeSnapshot, lock: Lock): Line {
  if (lock.of === "gateway") return line("It is the gateway's own lock: it holds the whole home.");
  const what = lock.of === "store" ? "the store" : "the transcript";
  const session = locateFragment(home, lock.target)?.entry.session;
  const whose = session === undefined ? "" : ` of ${session.key ?? "an unattributed chain"}`;
  return [span(`It locks ${what} `), fileName(home, lock.target), span(whose)];
}

export function lockHover(home: HomeSnapshot, lock: Lock, view: HoverView): Line[] {
  return paragraphs(
    [line(`Lock ${lock.verdict}`, "strong"), line(lock.explanation)],
    ownerLines(lock, view.now),
    lock.reasons.map((reason) => [span(`– ${reason}: `), span(reasonText(reason))]),
    [targetLine(home, lock), homeLine(home, view)],
    findingLines(findingsAt(home, lock.path), view),
  );
}
