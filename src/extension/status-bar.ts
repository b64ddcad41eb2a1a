/** The status bar item: homes, locks and problems at a glance; a click shows the sessions. */
import * as vscode from "vscode";

import type { Counts } from "../protocol/overview.ts";
import type { Catalogue } from "./catalogue.ts";
import { Command } from "./contributions.ts";
import { counted } from "./counting.ts";

interface Look {
  readonly text: string;
  readonly lines: readonly string[];
  readonly command: string;
  readonly background?: string;
}

const NAME = "Session Forensics";
const WARNING = "statusBarItem.warningBackground";
const ERROR = "statusBarItem.errorBackground";

function lockLine({ held, stale, unknown }: Counts["locks"]): string {
  const parts = [
    stale === 0 ? "" : `${stale} stale`,
    held === 0 ? "" : `${held} held`,
    unknown === 0 ? "" : `${unknown} unknown`,
  ].filter((part) => part !== "");
  return `${counted(held + stale + unknown, "lock")}${parts.length === 0 ? "" : `: ${parts.join(", ")}`}`;
}

function findingsLine({ error, warning, info }: Counts["findings"]): string {
  if (error + warning + info === 0) return "Nothing is wrong";
  return [counted(error, "error"), counted(warning, "warning"), counted(info, "note")].join(", ");
}

function readyLook({ homes, agents, sessions, locks, findings }: Counts): Look {
  const problems = findings.error + findings.warning;
  const lockCount = locks.held + locks.stale + locks.unknown;
  const parts = [
    `$(home) ${counted(homes, "home")}`,
    lockCount === 0 ? "" : `$(lock) ${lockCount}`,
    problems === 0 ? "$(pass)" : `$(warning) ${problems}`,
  ];
  return {
    text: parts.filter((part) => part !== "").join("  "),
    lines: [
      `${counted(homes, "home")}, ${counted(agents, "agent")}, ${counted(sessions, "session")}`,
      lockLine(locks),
      findingsLine(findings),
    ],
    command: Command.showSessions,
    ...(findings.error === 0 ? {} : { background: WARNING }),
  };
}

/** Undefined when there is nothing to say: no home on this machine. */
function lookOf({ phase, overview, progress }: Catalogue): Look | undefined {
  const command = Command.showSessions;
  switch (phase) {
    case "stopped":
      return {
        text: "$(error) Session Forensics stopped",
        lines: ["The server is not running. Click to start it again."],
        command: Command.restartServer,
        background: ERROR,
      };
    case "restarting":
      return {
        text: "$(sync~spin) Session Forensics restarts",
        lines: ["The server ended unexpectedly and is being started again."],
        command: Command.showLog,
      };
    case "starting":
    case "scanning":
      return { text: "$(sync~spin) Sessions", lines: [progress === "" ? "Looking for homes…" : progress], command };
    case "ready":
      return overview === undefined || overview.counts.homes === 0 ? undefined : readyLook(overview.counts);
  }
}

/** Only the icons of the text are lost on a screen reader. */
const spoken = (look: Look): string => `${NAME}: ${look.lines.join(", ")}`;

export function createStatusBar(catalogue: Catalogue): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("sessionForensics.status", vscode.StatusBarAlignment.Left, 10);
  item.name = NAME;
  const show = (): void => {
    const look = lookOf(catalogue);
    if (look === undefined) return item.hide();
    item.text = look.text;
    item.tooltip = [NAME, ...look.lines].join("\n");
    item.command = look.command;
    item.backgroundColor = look.background === undefined ? undefined : new vscode.ThemeColor(look.background);
    item.accessibilityInformation = { label: spoken(look), role: "button" };
    item.show();
  };
  show();
  return vscode.Disposable.from(item, catalogue.onDidChangeContent(show), catalogue.onDidChangeStatus(show));
}
