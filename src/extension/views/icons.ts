/** The icons of the rows: the shape says what it is, the colour how it stands. */
import { ThemeColor, ThemeIcon } from "vscode";

import type { LockVerdict, Severity } from "../../protocol/items.ts";
import type { FragmentItem } from "../../protocol/fragments.ts";
import type { AgentItem, HomeItem } from "../../protocol/overview.ts";
import type { ReceiptItem } from "../../protocol/repairs.ts";
import type { SessionItem } from "../../protocol/sessions.ts";

const SEVERITY_COLOR: Readonly<Record<Severity, string>> = {
  error: "problemsErrorIcon.foreground",
  warning: "problemsWarningIcon.foreground",
  info: "problemsInfoIcon.foreground",
};
const WELL = "testing.iconPassed";
const PAST = "descriptionForeground";

const icon = (shape: string, color?: string): ThemeIcon =>
  color === undefined ? new ThemeIcon(shape) : new ThemeIcon(shape, new ThemeColor(color));

/** Something merely worth knowing does not colour a row. */
const troubleColor = (worst: Severity | null): string | undefined =>
  worst === null || worst === "info" ? undefined : SEVERITY_COLOR[worst];

export const severityIcon = (severity: Severity): ThemeIcon => icon(severity, SEVERITY_COLOR[severity]);

export const troubleIcon = (worst: Severity | null): ThemeIcon => icon("database", SEVERITY_COLOR[worst ?? "warning"]);

export const healthyIcon = (): ThemeIcon => icon("pass", WELL);
export const pendingIcon = (): ThemeIcon => icon("loading~spin");
export const checkedIcon = (): ThemeIcon => icon("check", PAST);
export const environmentIcon = (): ThemeIcon => icon("warning", SEVERITY_COLOR.warning);
export const moreIcon = (): ThemeIcon => icon("ellipsis");
export const noteIcon = (): ThemeIcon => icon("info", PAST);
export const unattributedIcon = (): ThemeIcon => icon("question");
export const checkpointsIcon = (): ThemeIcon => icon("save-all");
export const skippedIcon = (): ThemeIcon => icon("circle-slash");
export const fileIcon = (): ThemeIcon => icon("go-to-file");
export const copyIcon = (): ThemeIcon => icon("files");

function homeShape({ role, era, shadow }: HomeItem): string {
  if (role === "backup") return "archive";
  if (role === "canonical") return era === "sqlite" ? "database" : "home";
  return shadow?.state === "linked" ? "link" : "layers";
}

export function homeIcon(home: HomeItem): ThemeIcon {
  return icon(homeShape(home), troubleColor(home.worst) ?? (home.shadow?.state === "linked" ? WELL : undefined));
}

export const agentIcon = (agent: AgentItem): ThemeIcon => icon("hubot", troubleColor(agent.worst));

const LOCK_COLOR: Readonly<Record<LockVerdict, string | undefined>> = {
  held: WELL,
  stale: SEVERITY_COLOR.warning,
  unknown: undefined,
};

const SESSION_SHAPE: Readonly<Record<SessionItem["state"], string>> = {
  live: "comment-discussion",
  ended: "comment",
  deleted: "trash",
  orphan: "comment-unresolved",
  unknown: "question",
};

function sessionColor({ state, worst }: SessionItem): string | undefined {
  return troubleColor(worst) ?? (state === "live" ? WELL : PAST);
}

export function sessionIcon(session: SessionItem): ThemeIcon {
  if (session.lock !== null) return icon("lock", troubleColor(session.worst) ?? LOCK_COLOR[session.lock]);
  if (session.running) return icon("play-circle", sessionColor(session));
  if (session.archived) return icon("archive", troubleColor(session.worst) ?? PAST);
  return icon(session.pinned ? "pinned" : SESSION_SHAPE[session.state], sessionColor(session));
}

const FRAGMENT_SHAPE: Readonly<Record<FragmentItem["kind"], string>> = {
  live: "circle-filled",
  reset: "history",
  deleted: "trash",
  checkpoint: "save",
  imported: "cloud-download",
  cold: "archive",
  backup: "archive",
  window: "window",
};

export function fragmentIcon(fragment: FragmentItem): ThemeIcon {
  if (fragment.lock !== null) return icon("lock", troubleColor(fragment.worst) ?? LOCK_COLOR[fragment.lock]);
  if (fragment.now) return icon(FRAGMENT_SHAPE.live, troubleColor(fragment.worst) ?? WELL);
  const wasReset = fragment.kind === "window" && fragment.archivedAt !== null;
  return icon(FRAGMENT_SHAPE[wasReset ? "reset" : fragment.kind], troubleColor(fragment.worst) ?? PAST);
}

export function receiptIcon({ outcome, isUndone }: ReceiptItem): ThemeIcon {
  if (isUndone) return icon("discard", PAST);
  if (outcome === "done") return icon("pass", WELL);
  return icon("warning", outcome === "rolled-back" ? SEVERITY_COLOR.warning : SEVERITY_COLOR.error);
}

export const foundSessionIcon = (): ThemeIcon => icon(SESSION_SHAPE.live);
export const nameIcon = (): ThemeIcon => icon("symbol-key", PAST);

const SPEAKER_SHAPE: readonly (readonly [beginning: string, shape: string])[] = [
  ["user", "account"],
  ["assistant", "hubot"],
  ["tool", "tools"],
  ["error", "error"],
  ["summary", "fold"],
  ["unreadable", "warning"],
];

/** By what the server says of who speaks: "user", "assistant, thinking", "tool result". */
export const speakerIcon = (source: string): ThemeIcon =>
  icon(SPEAKER_SHAPE.find(([beginning]) => source.startsWith(beginning))?.[1] ?? "note", PAST);
