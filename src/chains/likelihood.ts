/**
 * How likely a pair of archive and successor is, from times and from how the successor begins. Used only where nothing
 * surer decides. The figures were fitted to some 120 resets of known cause on 2026.3.24 and 2026.5.12.
 */
import type { FragmentStart } from "../model/fragment.ts";
import type { StoreRow } from "../model/store.ts";

/** A way in which a successor comes about after an archive: share of cases, typical delay in ms, spread of its logarithm. */
interface Mode {
  readonly share: number;
  readonly medianMs: number;
  readonly spread: number;
}

interface StartModel {
  /** Probability that a fragment which begins so has no predecessor at all. */
  readonly first: number;
  readonly modes: readonly Mode[];
}

/** A reset whose new file is written by the same request. */
const PROMPT: Mode = { share: 0.9, medianMs: 230, spread: 0.8 };
const NOTICE: Mode = { share: 0.97, medianMs: 150, spread: 1.4 };
const EXACT: Mode = { share: 0.9, medianMs: 1, spread: 0.7 };
/** `/new <text>`: the header is written when the turn starts. */
const NEW_WITH_TEXT: Mode = { share: 0.3, medianMs: 400, spread: 1.4 };

const MODELS: Readonly<Record<FragmentStart, StartModel>> = {
  "reset-prompt": { first: 0.02, modes: [PROMPT] },
  "new-notice": { first: 0.02, modes: [NOTICE] },
  "reset-notice": { first: 0.02, modes: [NOTICE] },
  "reset-event": { first: 0.02, modes: [EXACT] },
  "header-only": { first: 0.1, modes: [EXACT] },
  "agent-turn": { first: 0.5, modes: [NEW_WITH_TEXT] },
  turn: { first: 0.4, modes: [NEW_WITH_TEXT] },
  unknown: { first: 0.4, modes: [NEW_WITH_TEXT] },
};

/** An ordinary first turn whose row the chat pipeline began: the key's first turn, or `/new <text>`. */
const CHAT_BEGAN: StartModel = { first: 0.5, modes: [{ ...NEW_WITH_TEXT, share: 0.75 }] };
/** An ordinary first turn whose row the reset RPC began: the turn came when it came. */
const RPC_BEGAN: StartModel = { first: 0.1, modes: [] };
/** Subagent and cron runs begin a key of their own. */
const ONE_SHOT: StartModel = { first: 0.98, modes: [NEW_WITH_TEXT] };

/** Delays without a typical length (a turn may come weeks after a reset): even over the logarithm up to 60 days. */
const LOG_SPAN = Math.log(60 * 24 * 3600 * 1000);

/** What of a fragment matters for its likelihood. */
export interface Successor {
  readonly start: FragmentStart;
  readonly startedAt: number;
  readonly row: StoreRow | null;
}

/** Cost (negative log density per ms) of `successor` following an archive of the time `resetAt`. */
export function linkCost(successor: Successor, resetAt: number): number {
  const model = modelOf(successor);
  const density =
    rowStart(successor) === null
      ? delayDensity(model, successor.startedAt - resetAt)
      : rowDensity(successor, resetAt, model);
  return -Math.log((1 - model.first) * density + Number.MIN_VALUE);
}

/** Cost of `successor` having no predecessor, when the agent was active for `spanMs`. */
export function aloneCost(successor: Successor, spanMs: number): number {
  return -Math.log(modelOf(successor).first / Math.max(spanMs, 60_000));
}

/**
 * What it adds to a link's cost when both fragments name the person or chat that wrote: one session mostly serves one, but
 * the main session may serve several. 0 when either names none.
 */
export function peerCost(from: string | null, to: string | null): number {
  if (from === null || to === null) return 0;
  return from === to ? -1.5 : 3;
}

/** Cost of an archive that nothing follows: its key was deleted, or waits for its next turn. */
export const NOTHING_FOLLOWS_COST = 5;

/** Cost of an archive being the newest of a row that has no transcript yet. */
export function pendingCost(row: StoreRow, resetAt: number): number {
  const begun = row.sessionStartedAt ?? row.updatedAt;
  if (begun === null) return -Math.log(1 / 3_600_000);
  const apart = Math.abs(resetAt - begun);
  return -Math.log(0.8 * logNormal(apart + 1, 40, 1.4) + 0.2 / ((apart + 1) * LOG_SPAN));
}

function modelOf({ row, start }: Successor): StartModel {
  if (row !== null && isOneShotKey(row.key)) return ONE_SHOT;
  if (row === null || start !== "turn" || row.sessionStartedAt !== null) return MODELS[start];
  // 2026.3.24: the chat pipeline writes a `compactionCount` of 0 into the rows that it begins, the reset RPC leaves it out.
  if (row.compactionCount === null) return RPC_BEGAN;
  return row.compactionCount === 0 ? CHAT_BEGAN : MODELS.turn;
}

function isOneShotKey(key: string): boolean {
  return /:(subagent|cron|acp):/.test(key);
}

function rowStart(successor: Successor): number | null {
  return successor.row?.sessionStartedAt ?? null;
}

/** 2026.5.12 rows say when their session began: the moment of the reset, up to some seconds before the archive's stamp. */
function rowDensity(successor: Successor, resetAt: number, model: StartModel): number {
  const after = resetAt - rowStart(successor)! + 2;
  const near = after <= 0 ? 0 : logNormal(after, 60, 1.8);
  return 0.95 * near + 0.05 * delayDensity(model, successor.startedAt - resetAt);
}

function delayDensity(model: StartModel, delayMs: number): number {
  const delay = Math.max(delayMs, 0) + 1;
  let density = 0;
  let rest = 1;
  for (const mode of model.modes) {
    density += mode.share * logNormal(delay, mode.medianMs, mode.spread);
    rest -= mode.share;
  }
  return density + rest / (delay * LOG_SPAN);
}

function logNormal(value: number, median: number, spread: number): number {
  const z = Math.log(value / median) / spread;
  return Math.exp(-0.5 * z * z) / (value * spread * Math.sqrt(2 * Math.PI));
}
